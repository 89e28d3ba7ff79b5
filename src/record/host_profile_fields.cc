// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/host_profile_fields.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "record/applications.h"

namespace weir {
namespace {

std::string_view name_of(uint16_t application) {
  return application == kOtherApplications ? "other" : application_name(application);
}
std::string_view category_of(uint16_t application) {
  return application == kOtherApplications ? "other" : application_category(application);
}

uint64_t bytes_of(const ApplicationPart& part) {
  return part.sent.bytes + part.received.bytes;
}

// Most bytes first; of equals the one whose name comes first, so that shards do not matter.
template <typename Name>
void sort_parts(std::vector<ApplicationPart>& parts, Name&& name) {
  std::sort(parts.begin(), parts.end(), [&](const ApplicationPart& a, const ApplicationPart& b) {
    if (bytes_of(a) != bytes_of(b)) return bytes_of(a) > bytes_of(b);
    return name(a.application) < name(b.application);
  });
}

void add_counters(Value& row, const ApplicationPart& part) {
  row.set("flows", part.flows);
  row.set("packets_sent", part.sent.packets);
  row.set("packets_received", part.received.packets);
  row.set("bytes_sent", part.sent.bytes);
  row.set("bytes_received", part.received.bytes);
}

FieldValue applications_of(const HostProfile& profile) {
  if (profile.applications.empty()) return {};
  std::vector<ApplicationPart> parts = profile.applications;
  sort_parts(parts, name_of);
  Value::Array rows;
  for (const ApplicationPart& part : parts) {
    Value row;
    row.set("name", name_of(part.application));
    row.set("category", category_of(part.application));
    add_counters(row, part);
    rows.push_back(std::move(row));
  }
  return Value(std::move(rows));
}

// Each category stands for the first application of it that was met.
FieldValue categories_of(const HostProfile& profile) {
  if (profile.applications.empty()) return {};
  std::vector<ApplicationPart> sums;
  for (const ApplicationPart& part : profile.applications) {
    const auto sum = std::find_if(sums.begin(), sums.end(), [&](const ApplicationPart& each) {
      return category_of(each.application) == category_of(part.application);
    });
    if (sum == sums.end()) {
      sums.push_back(part);
      continue;
    }
    sum->flows += part.flows;
    sum->sent += part.sent;
    sum->received += part.received;
  }
  sort_parts(sums, category_of);
  Value::Array rows;
  for (const ApplicationPart& sum : sums) {
    Value row;
    row.set("name", category_of(sum.application));
    add_counters(row, sum);
    rows.push_back(std::move(row));
  }
  return Value(std::move(rows));
}

FieldValue top_application(const HostProfile& profile) {
  if (profile.applications.empty()) return {};
  std::vector<ApplicationPart> parts = profile.applications;
  sort_parts(parts, name_of);
  return name_of(parts.front().application);
}

FieldValue tcp_of(const TcpQuality& quality) {
  return quality == TcpQuality{} ? FieldValue() : FieldValue(tcp_answer(quality));
}

PlainValue round_trip(const HostProfile& profile, HostRole role) {
  const RoundTripSum& sum = profile.round_trips[static_cast<size_t>(role)];
  if (sum.count == 0) return {};
  return static_cast<double>(sum.nanoseconds) / static_cast<double>(sum.count) * 1e-6;
}

PlainValue count_of(const HostProfile& profile, HostSet set) {
  return profile.set(set).empty() ? PlainValue() : PlainValue(profile.set(set).count());
}

// Of what stands for itself when it is alone.
FieldValue one_or_many(std::vector<std::string> texts) {
  if (texts.empty()) return {};
  if (texts.size() == 1) return std::move(texts.front());
  return texts;
}

FieldValue name_of_host(const HostProfile& profile) {
  if (profile.facts.empty() || !is_host_name(profile.facts.front().kind)) return {};
  return profile.facts.front().text;
}

// A name may have several sources.
FieldValue names_of(const HostProfile& profile) {
  std::vector<std::string> names;
  for (const HostFact& fact : profile.facts) {
    if (is_host_name(fact.kind) && std::find(names.begin(), names.end(), fact.text) == names.end())
      names.push_back(fact.text);
  }
  return one_or_many(std::move(names));
}

FieldValue sources_of(const HostProfile& profile) {
  Value::Array rows;
  for (const HostFact& fact : profile.facts) {
    if (!is_host_name(fact.kind)) continue;
    Value row;
    row.set("name", std::string_view(fact.text));
    row.set("source", host_fact_name(fact.kind));
    rows.push_back(std::move(row));
  }
  return rows.empty() ? FieldValue() : FieldValue(Value(std::move(rows)));
}

FieldValue system_of(const HostProfile& profile) {
  const std::string_view name = guess_system(profile.facts).name;
  return name.empty() ? FieldValue() : FieldValue(name);
}

// What told it first.
FieldValue evidence_of(const HostProfile& profile) {
  const auto text = [](const HostFact& fact) {
    return std::string(host_fact_name(fact.kind)) + ": " + fact.text;
  };
  const HostFact* strongest = guess_system(profile.facts).evidence;
  std::vector<std::string> texts;
  if (strongest != nullptr) texts.push_back(text(*strongest));
  for (const HostFact& fact : profile.facts) {
    if (!is_host_name(fact.kind) && &fact != strongest) texts.push_back(text(fact));
  }
  return one_or_many(std::move(texts));
}

// Where flows were forgotten, none left is not none at all.
PlainValue flows_ever(const HostRecord& host, uint64_t flows) {
  return flows == 0 && host.is_partial ? PlainValue() : PlainValue(flows);
}

}  // namespace

Value tcp_answer(const TcpQuality& quality) {
  Value answer;
  answer.set("retransmissions", quality.retransmissions);
  answer.set("out_of_order", quality.out_of_order);
  answer.set("lost_segments", quality.lost_segments);
  answer.set("duplicate_acks", quality.duplicate_acks);
  answer.set("zero_windows", quality.zero_windows);
  answer.set("keep_alives", quality.keep_alives);
  answer.set("resets", quality.resets);
  return answer;
}

std::optional<PlainValue> plain_profile_field(const HostRecord& host, HostField field) {
  const auto ever = [&](HostRole role) { return host.flows_ever[static_cast<size_t>(role)]; };
  const HostProfile& profile = host.profile;
  switch (field) {
    case HostField::kFlowsAsClient:
      return uint64_t{host.active_client_flows};
    case HostField::kFlowsAsServer:
      return uint64_t{host.active_flows - std::min(host.active_flows, host.active_client_flows)};
    case HostField::kFlowsTotal:
      return flows_ever(host, ever(HostRole::kClient) + ever(HostRole::kServer));
    case HostField::kFlowsTotalAsClient:
      return flows_ever(host, ever(HostRole::kClient));
    case HostField::kFlowsTotalAsServer:
      return flows_ever(host, ever(HostRole::kServer));
    case HostField::kPeersAsClient:
      return count_of(profile, HostSet::kServers);
    case HostField::kPeersAsServer:
      return count_of(profile, HostSet::kClients);
    case HostField::kPortsContacted:
      return count_of(profile, HostSet::kPortsContacted);
    case HostField::kPortsServed:
      return count_of(profile, HostSet::kPortsServed);
    case HostField::kClientRttMs:
      return round_trip(profile, HostRole::kClient);
    case HostField::kServerRttMs:
      return round_trip(profile, HostRole::kServer);
    case HostField::kIsPartial:
      return host.is_partial ? PlainValue(true) : PlainValue();
    default:
      return std::nullopt;
  }
}

FieldValue profile_field(const HostRecord& host, HostField field) {
  const HostProfile& profile = host.profile;
  switch (field) {
    case HostField::kName:
      return name_of_host(profile);
    case HostField::kNames:
      return names_of(profile);
    case HostField::kNameSources:
      return sources_of(profile);
    case HostField::kOs:
      return system_of(profile);
    case HostField::kOsEvidence:
      return evidence_of(profile);
    case HostField::kApplication:
      return top_application(profile);
    case HostField::kApplications:
      return applications_of(profile);
    case HostField::kCategories:
      return categories_of(profile);
    case HostField::kTcpSent:
      return tcp_of(profile.tcp_sent);
    case HostField::kTcpReceived:
      return tcp_of(profile.tcp_received);
    default:
      return {};
  }
}

bool is_of_whole_profile(HostField field) {
  return field >= HostField::kApplication && field <= HostField::kTcpReceived;
}

bool is_of_profile(HostField field) {
  return is_of_whole_profile(field) ||
         (field >= HostField::kName && field <= HostField::kOsEvidence) ||
         (field >= HostField::kPeersAsClient && field <= HostField::kPortsServed);
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/host_json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "record/applications.h"
#include "record/host_profile_fields.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, kProtocolClasses> kClassNames{"TCP", "UDP", "ICMP", "other"};
constexpr std::array<std::string_view, kHostRoles> kRoleNames{"client", "server"};
constexpr std::array<std::string_view, kHostSets> kSetNames{"peers_as_client", "peers_as_server",
                                                            "ports_contacted", "ports_served"};
constexpr std::array<std::pair<std::string_view, uint64_t TcpQuality::*>, 7> kTcpCounts{{
    {"retransmissions", &TcpQuality::retransmissions},
    {"out_of_order", &TcpQuality::out_of_order},
    {"lost_segments", &TcpQuality::lost_segments},
    {"duplicate_acks", &TcpQuality::duplicate_acks},
    {"zero_windows", &TcpQuality::zero_windows},
    {"keep_alives", &TcpQuality::keep_alives},
    {"resets", &TcpQuality::resets},
}};
// More than a host keeps apart is not taken from a file either.
constexpr size_t kMostParts = 256;

void set_traffic(Value& row, const Traffic& sent, const Traffic& received) {
  row.set("packets_sent", sent.packets);
  row.set("packets_received", received.packets);
  row.set("bytes_sent", sent.bytes);
  row.set("bytes_received", received.bytes);
}

Value vlan_value(const VlanTags& vlan) {
  Value::Array ids;
  for (size_t i = 0; i < vlan.count; ++i) ids.emplace_back(uint32_t{vlan.ids[i]});
  return ids;
}

Value protocols_value(const HostRecord& host) {
  Value::Array rows;
  for (size_t i = 0; i < kProtocolClasses; ++i) {
    if (host.sent[i] == Traffic{} && host.received[i] == Traffic{}) continue;
    Value row;
    row.set("name", kClassNames[i]);
    set_traffic(row, host.sent[i], host.received[i]);
    rows.push_back(std::move(row));
  }
  return rows;
}

Value applications_value(const HostProfile& profile) {
  Value::Array rows;
  for (const ApplicationPart& part : profile.applications) {
    const bool is_other = part.application == kOtherApplications;
    Value row;
    // "other" may be an application's name as well: the one without a category is none.
    row.set("name", is_other ? "other" : application_name(part.application));
    if (!is_other) row.set("category", application_category(part.application));
    row.set("flows", part.flows);
    set_traffic(row, part.sent, part.received);
    rows.push_back(std::move(row));
  }
  return rows;
}

Value round_trips_value(const HostProfile& profile) {
  Value::Array rows;
  for (size_t role = 0; role < kHostRoles; ++role) {
    const RoundTripSum& sum = profile.round_trips[role];
    if (sum.count == 0) continue;
    Value row;
    row.set("role", kRoleNames[role]);
    row.set("count", sum.count);
    row.set("nanoseconds", sum.nanoseconds);
    rows.push_back(std::move(row));
  }
  return rows;
}

Value names_value(const HostProfile& profile) {
  Value::Array rows;
  for (const HostFact& fact : profile.facts) {
    Value row;
    row.set(is_host_name(fact.kind) ? "name" : "text", std::string_view(fact.text));
    row.set("source", host_fact_name(fact.kind));
    rows.push_back(std::move(row));
  }
  return rows;
}

// Hashes as numbers; ranks, each two hexadecimal digits.
Value set_value(const DistinctSet& set) {
  if (!set.is_exact()) {
    std::string digits;
    for (const uint8_t rank : set.registers()) digits += fmt::format("{:02x}", rank);
    return digits;
  }
  Value::Array hashes;
  for (const uint32_t hash : set.few()) hashes.emplace_back(hash);
  return hashes;
}

Value sets_value(const HostProfile& profile, std::string_view estimator) {
  Value sets;
  for (size_t i = 0; i < kHostSets; ++i) {
    if (!profile.sets[i].empty()) sets.set(kSetNames[i], set_value(profile.sets[i]));
  }
  if (!sets.is_null()) sets.set("estimator", estimator);
  return sets;
}

void set_if_any(Value& object, std::string_view name, Value list) {
  const auto* const array = list.as<Value::Array>();
  if (!list.is_null() && (array == nullptr || !array->empty())) object.set(name, std::move(list));
}

void set_if_not_zero(Value& object, std::string_view name, uint64_t count) {
  if (count != 0) object.set(name, count);
}

// Reads members of a JSON object and keeps the first thing that is wrong.
class Reader {
 public:
  [[nodiscard]] bool ok() const { return error_.empty(); }
  [[nodiscard]] Error error() const { return Error{error_}; }
  void fail(std::string_view member, std::string_view why) {
    if (ok()) error_ = fmt::format("{}: {}", member, why);
  }

  // A whole number of 64 bits, so that sums of them are such numbers, too. Scripts write large ones
  // as what they have: doubles.
  [[nodiscard]] uint64_t count(const Value& object, std::string_view name) {
    const Value& value = object[name];
    if (value.is_null()) return 0;
    if (const auto* number = value.as<uint64_t>(); number != nullptr) return *number;
    if (const auto* number = value.as<int64_t>(); number != nullptr && *number >= 0)
      return static_cast<uint64_t>(*number);
    if (const auto* number = value.as<double>();
        number != nullptr && *number >= 0 && *number < 0x1p64 && *number == std::floor(*number))
      return static_cast<uint64_t>(*number);
    fail(name, "is no count");
    return 0;
  }
  [[nodiscard]] std::string_view text(const Value& object, std::string_view name) {
    const Value& value = object[name];
    if (const auto* text = value.as<std::string>(); text != nullptr) return *text;
    if (!value.is_null()) fail(name, "is no text");
    return {};
  }
  // Of at most kMostParts elements.
  [[nodiscard]] const Value::Array& list(const Value& object, std::string_view name) {
    static const Value::Array kEmpty;
    const Value& value = object[name];
    if (value.is_null()) return kEmpty;
    const auto* const list = value.as<Value::Array>();
    if (list != nullptr && list->size() <= kMostParts) return *list;
    fail(name, list == nullptr ? "is no list" : "is too long");
    return kEmpty;
  }
  [[nodiscard]] Timestamp time(const Value& object, std::string_view name);
  [[nodiscard]] Traffic sent(const Value& object) {
    return {count(object, "packets_sent"), count(object, "bytes_sent")};
  }
  [[nodiscard]] Traffic received(const Value& object) {
    return {count(object, "packets_received"), count(object, "bytes_received")};
  }
  // Where `text` is among `names`; nothing, and it is wrong, when it is not.
  template <typename Names>
  [[nodiscard]] std::optional<size_t> index_of(const Names& names, std::string_view text,
                                               std::string_view member) {
    const auto found = std::find(names.begin(), names.end(), text);
    if (found != names.end()) return static_cast<size_t>(found - names.begin());
    fail(member, "has a name that is not known");
    return std::nullopt;
  }

 private:
  std::string error_;
};

Timestamp Reader::time(const Value& object, std::string_view name) {
  const Value& value = object[name];
  const auto* const seconds = value.as<double>();
  if (seconds == nullptr) {
    const uint64_t whole = count(object, name);
    return {static_cast<uint32_t>(std::min<uint64_t>(whole, UINT32_MAX)), 0};
  }
  if (!(*seconds >= 0 && *seconds <= UINT32_MAX)) {
    fail(name, "is no time");
    return {};
  }
  constexpr int64_t kSecond = 1'000'000'000;
  const double whole = std::floor(*seconds);
  return Timestamp::from_nanoseconds(static_cast<int64_t>(whole) * kSecond +
                                     std::llround((*seconds - whole) * kSecond));
}

void read_key(Reader& reader, const Value& object, HostRecord& host) {
  const auto address = IpAddress::parse(reader.text(object, "address"));
  if (!address) return reader.fail("address", "is no address");
  host.key.address = *address;
  const Value::Array& ids = reader.list(object, "vlan");
  if (ids.size() > VlanTags::kMaxTags) return reader.fail("vlan", "is too long");
  for (const Value& id : ids) {
    constexpr uint64_t kMaxId = 4095;
    const uint64_t number = reader.count(Value::Object{{"vlan", id}}, "vlan");
    if (number > kMaxId) return reader.fail("vlan", "is no VLAN");
    host.key.vlan.push(static_cast<uint16_t>(number));
  }
  const std::string_view mac = reader.text(object, "mac");
  if (mac.empty()) return;
  const auto parsed = MacAddress::parse(mac);
  if (!parsed) return reader.fail("mac", "is no MAC address");
  host.mac = *parsed;
}

void read_protocols(Reader& reader, const Value& object, HostRecord& host) {
  for (const Value& row : reader.list(object, "protocols")) {
    const auto index = reader.index_of(kClassNames, reader.text(row, "name"), "protocols");
    if (!index) return;
    host.sent[*index] += reader.sent(row);
    host.received[*index] += reader.received(row);
  }
}

void read_applications(Reader& reader, const Value& object, HostProfile& profile) {
  for (const Value& row : reader.list(object, "applications")) {
    const std::string_view name = reader.text(row, "name");
    const std::string_view category = reader.text(row, "category");
    const bool is_other = name == "other" && category.empty();
    if (name.size() > kMaxApplicationNameBytes)
      return reader.fail("applications", "has a name that is too long");
    profile.add_application({is_other ? kOtherApplications : application_number(name, category),
                             reader.count(row, "flows"), reader.sent(row), reader.received(row)});
  }
}

void read_tcp(Reader& reader, const Value& object, std::string_view name, TcpQuality& quality) {
  for (const auto& [count, member] : kTcpCounts)
    quality.*member = reader.count(object[name], count);
}

void read_round_trips(Reader& reader, const Value& object, HostProfile& profile) {
  for (const Value& row : reader.list(object, "round_trips")) {
    const auto role = reader.index_of(kRoleNames, reader.text(row, "role"), "round_trips");
    if (!role) return;
    profile.round_trips[*role].count += reader.count(row, "count");
    profile.round_trips[*role].nanoseconds += reader.count(row, "nanoseconds");
  }
}

void read_facts(Reader& reader, const Value& object, HostProfile& profile) {
  std::array<std::string_view, static_cast<size_t>(HostFactKind::kCount)> sources;
  for (size_t i = 0; i < sources.size(); ++i)
    sources[i] = host_fact_name(static_cast<HostFactKind>(i));
  for (const Value& row : reader.list(object, "names")) {
    const auto kind = reader.index_of(sources, reader.text(row, "source"), "names");
    if (!kind) return;
    const auto source = static_cast<HostFactKind>(*kind);
    const std::string_view text = reader.text(row, is_host_name(source) ? "name" : "text");
    // What is no UTF-8 was three bytes for one when it was written.
    if (!text.empty() && text.size() <= 3 * kMaxFactBytes)
      add_fact(profile.facts, {source, std::string(text)});
  }
}

void read_ranks(Reader& reader, std::string_view digits, DistinctSet& set) {
  constexpr size_t kDigits = 2;
  if (digits.size() != DistinctSet::kRegisters * kDigits)
    return reader.fail("sets", "has registers of another size");
  for (size_t i = 0; i < DistinctSet::kRegisters; ++i) {
    uint8_t rank = 0;
    const char* const first = digits.data() + i * kDigits;
    const auto [end, error] = std::from_chars(first, first + kDigits, rank, 16);
    if (error != std::errc() || end != first + kDigits || rank > DistinctSet::kMaxRank)
      return reader.fail("sets", "has a register that is none");
    set.raise({i, rank});
  }
}

void read_set(Reader& reader, const Value& sets, std::string_view name, DistinctSet& set) {
  if (const auto* digits = sets[name].as<std::string>(); digits != nullptr)
    return read_ranks(reader, *digits, set);
  const Value::Array& hashes = reader.list(sets, name);
  for (const Value& hash : hashes) {
    const uint64_t number = reader.count(Value::Object{{"sets", hash}}, "sets");
    if (number == 0 || number > UINT32_MAX) return reader.fail("sets", "has a hash that is none");
    set.add(static_cast<uint32_t>(number));
  }
}

void read_sets(Reader& reader, const Value& object, std::string_view estimator, HostRecord& host) {
  const Value& sets = object["sets"];
  if (sets.is_null()) return;
  if (reader.text(sets, "estimator") != estimator) {
    host.is_partial = true;
    return;
  }
  for (size_t i = 0; i < kHostSets; ++i) read_set(reader, sets, kSetNames[i], host.profile.sets[i]);
}

}  // namespace

Value host_to_value(const HostRecord& host, std::string_view estimator) {
  Value object;
  object.set("address", host.key.address.to_string());
  if (host.key.vlan.count > 0) object.set("vlan", vlan_value(host.key.vlan));
  if (host.mac.is_known()) object.set("mac", host.mac.to_string());
  object.set("first_seen", host.first_seen.as_seconds());
  object.set("last_seen", host.last_seen.as_seconds());
  set_if_any(object, "protocols", protocols_value(host));
  set_if_not_zero(object, "bytes_error", host.bytes_error);
  set_if_not_zero(object, "flows_total_as_client", host.flows_ever[0]);
  set_if_not_zero(object, "flows_total_as_server", host.flows_ever[1]);
  if (host.is_partial) object.set("is_partial", true);
  set_if_any(object, "applications", applications_value(host.profile));
  if (host.profile.tcp_sent != TcpQuality{})
    object.set("tcp_sent", tcp_answer(host.profile.tcp_sent));
  if (host.profile.tcp_received != TcpQuality{})
    object.set("tcp_received", tcp_answer(host.profile.tcp_received));
  set_if_any(object, "round_trips", round_trips_value(host.profile));
  set_if_any(object, "names", names_value(host.profile));
  set_if_any(object, "sets", sets_value(host.profile, estimator));
  return object;
}

Result<HostRecord> host_from_value(const Value& value, std::string_view estimator) {
  if (value.as<Value::Object>() == nullptr) return Error{"a host is a JSON object"};
  Reader reader;
  HostRecord host;
  read_key(reader, value, host);
  host.first_seen = reader.time(value, "first_seen");
  host.last_seen = reader.time(value, "last_seen");
  read_protocols(reader, value, host);
  host.bytes_error = reader.count(value, "bytes_error");
  host.flows_ever = {reader.count(value, "flows_total_as_client"),
                     reader.count(value, "flows_total_as_server")};
  const auto* const is_partial = value["is_partial"].as<bool>();
  host.is_partial = is_partial != nullptr && *is_partial;
  read_applications(reader, value, host.profile);
  read_tcp(reader, value, "tcp_sent", host.profile.tcp_sent);
  read_tcp(reader, value, "tcp_received", host.profile.tcp_received);
  read_round_trips(reader, value, host.profile);
  read_facts(reader, value, host.profile);
  read_sets(reader, value, estimator, host);
  if (!reader.ok()) return reader.error();
  return host;
}

void merge_past(HostRecord& into, const HostRecord& other) {
  for (size_t i = 0; i < kProtocolClasses; ++i) {
    into.sent[i] += other.sent[i];
    into.received[i] += other.received[i];
  }
  // As between shards: of who saw it first.
  if (other.first_seen < into.first_seen && other.mac.is_known()) into.mac = other.mac;
  into.first_seen = std::min(into.first_seen, other.first_seen);
  into.last_seen = std::max(into.last_seen, other.last_seen);
  for (size_t role = 0; role < kHostRoles; ++role) into.flows_ever[role] += other.flows_ever[role];
  into.is_partial = into.is_partial || other.is_partial;
  into.bytes_error += other.bytes_error;
  into.profile.merge(other.profile);
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
// Questions about interfaces as a whole.
#include "query/live_questions.h"

#include <sys/resource.h>

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "query/interface_series.h"
#include "query/interface_sums.h"
#include "query/list_query.h"
#include "query/shard_answers.h"
#include "record/host_profile_fields.h"

namespace weir {
namespace {

double seconds_of(uint64_t nanoseconds) {
  return Timestamp::from_nanoseconds(static_cast<int64_t>(nanoseconds)).as_seconds();
}

std::string_view state_name(InterfaceState state) {
  switch (state) {
    case InterfaceState::kRunning:
      return "running";
    case InterfaceState::kEnded:
      return "ended";
    case InterfaceState::kFailed:
      return "failed";
  }
  return {};
}

Traffic rate_of(const Interface& interface, uint32_t clock_second) {
  Traffic rate;
  if (const auto point = point_at(interface, clock_second - 1)) {
    for (const Traffic& traffic : point->classes) rate += traffic;
  }
  return rate;
}

void set_state(Value& row, const Interface& interface) {
  row.set("state", state_name(interface.state()));
  if (const std::string error = interface.error(); !error.empty()) row.set("error", error);
}

Value interface_answer(const Interface& interface) {
  const InterfaceSums sums = sum_interface(interface);
  const Traffic rate = rate_of(interface, sums.clock_second);
  Value row;
  row.set("id", interface.id());
  row.set("name", interface.name());
  set_state(row, interface);
  if (sums.first_seen != 0) {
    row.set("first_seen", seconds_of(sums.first_seen));
    row.set("last_seen", seconds_of(sums.last_seen));
  }
  row.set("packets", sums.total.packets);
  row.set("bytes", sums.total.bytes);
  row.set("captured_bytes", sums.captured_bytes);
  row.set("bits_per_second", rate.bytes * 8);
  row.set("packets_per_second", rate.packets);
  row.set("flows", sums.flows);
  row.set("hosts", sums.hosts);
  row.set("flows_total", sums.flows_total);
  row.set("hosts_total", sums.hosts_total);
  row.set("kernel_drops", sums.kernel_drops);
  row.set("interface_drops", sums.interface_drops);
  row.set("completeness", completeness(sums));
  row.set("drops", drops_answer(sums.drops));
  row.set("protocols", protocols_answer(sums));
  row.set("ethertypes", ethertypes_answer(sums));
  row.set("not_decoded", not_decoded_answer(sums));
  row.set("other", traffic_answer(sums.other_flows));
  row.set("tcp", tcp_answer(sums.tcp));
  row.set("forgotten", forgotten_answer(interface));
  return row;
}

Value interface_health(const Interface& interface) {
  const InterfaceSums sums = sum_interface(interface);
  Value row;
  row.set("id", interface.id());
  set_state(row, interface);
  row.set("packets", sums.total.packets);
  row.set("kernel_drops", sums.kernel_drops);
  row.set("interface_drops", sums.interface_drops);
  row.set("ring_freezes", sums.ring_freezes);
  row.set("fill_ring_empty", sums.fill_ring_empty);
  row.set("completeness", completeness(sums));
  row.set("drops", drops_answer(sums.drops));
  const Interface::Capture capture = interface.capture();
  if (!capture.method.empty()) row.set("capture", capture.method);
  if (!capture.balance.empty()) row.set("balance", capture.balance);
  row.set("not_decoded", not_decoded_answer(sums));
  row.set("malformed", malformed_answer(sums));
  row.set("time_jumps", sums.time_jumps);
  row.set("unresolved_fragments", sums.unresolved_fragments);
  row.set("shards", uint64_t{interface.shards().size()});
  row.set("shard_list", shards_answer(interface));
  row.set("memory_bytes", sums.memory_used);
  row.set("memory_limit_bytes", sums.memory_limit);
  Value flows;
  flows.set("active", sums.flows);
  flows.set("total", sums.flows_total);
  flows.set("evicted", sums.flows_evicted);
  flows.set("refused", sums.flows_refused);
  flows.set("tcp_uncounted", sums.tcp_uncounted);
  row.set("flow_table", std::move(flows));
  Value hosts;
  hosts.set("active", sums.hosts);
  hosts.set("total", sums.hosts_total);
  row.set("host_table", std::move(hosts));
  row.set("forgotten", forgotten_answer(interface));
  row.set("inspection", inspection_answer(interface));
  row.set("host_profiles", profiles_answer(interface));
  row.set("pauses", pauses_answer(interface));
  row.set("other", traffic_answer(sums.other_flows));
  return row;
}

uint64_t peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace

Result<std::vector<const Interface*>, QueryError> LiveQuestions::chosen(std::string_view id) const {
  if (id.empty()) return setting_.interfaces;
  for (const Interface* interface : setting_.interfaces) {
    if (interface->id() == id) return std::vector<const Interface*>{interface};
  }
  return QueryError{QueryError::Kind::kNotFound, "interface",
                    fmt::format("there is no interface \"{}\"", id), 0};
}

Answer LiveQuestions::interfaces(const ListRequest& request) const {
  const auto interfaces = chosen(request.interface);
  if (!interfaces) return interfaces.error();
  const auto plan = plan_list(request, Entity::kInterface, "bits_per_second");
  if (!plan) return plan.error();
  Value::Array rows;
  for (const Interface* interface : *interfaces) rows.push_back(interface_answer(*interface));
  return list_values(*plan, Entity::kInterface, setting_.now(), rows);
}

Answer LiveQuestions::interface(std::string_view id) const {
  const auto interfaces = chosen(id.empty() ? std::string_view("?") : id);
  if (!interfaces) return interfaces.error();
  return interface_answer(*interfaces->front());
}

Answer LiveQuestions::health() const {
  Value answer;
  answer.set("time", setting_.now());
  answer.set("version", setting_.version);
  answer.set("uptime_s", setting_.uptime());
  answer.set("peak_memory_bytes", peak_memory_bytes());
  if (const auto known = places(); known != nullptr) answer.set("places", known->files());
  Value::Array rows;
  for (const Interface* interface : setting_.interfaces)
    rows.push_back(interface_health(*interface));
  answer.set("interfaces", std::move(rows));
  return answer;
}

}  // namespace weir

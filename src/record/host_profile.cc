// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/host_profile.h"

#include <algorithm>

namespace weir {
namespace {

uint64_t beyond(uint64_t whole, uint64_t parts) {
  return whole > parts ? whole - parts : 0;
}
Traffic beyond(const Traffic& whole, const Traffic& parts) {
  return {beyond(whole.packets, parts.packets), beyond(whole.bytes, parts.bytes)};
}

}  // namespace

ApplicationPart part_of_flow(const FlowRecord& flow, HostRole role) {
  const bool is_client = role == HostRole::kClient;
  return {flow.application, 1, is_client ? flow.to_server : flow.to_client,
          is_client ? flow.to_client : flow.to_server};
}

void HostProfile::add_application(const ApplicationPart& part) {
  const auto own = std::find_if(
      applications.begin(), applications.end(),
      [&](const ApplicationPart& each) { return each.application == part.application; });
  if (own == applications.end()) return applications.push_back(part);
  own->flows += part.flows;
  own->sent += part.sent;
  own->received += part.received;
}

void HostProfile::add_tcp(const FlowRecord& flow, HostRole role) {
  const bool is_client = role == HostRole::kClient;
  if (flow.has_tcp_quality) {
    tcp_sent += is_client ? flow.quality_to_server : flow.quality_to_client;
    tcp_received += is_client ? flow.quality_to_client : flow.quality_to_server;
  }
  const auto trip = is_client ? flow.round_trips.client : flow.round_trips.server;
  round_trips[static_cast<size_t>(role)].add(static_cast<uint64_t>(trip.count()));
}

void HostProfile::complete(uint64_t flows, const Traffic& sent, const Traffic& received) {
  ApplicationPart known;
  for (const ApplicationPart& part : applications) {
    known.flows += part.flows;
    known.sent += part.sent;
    known.received += part.received;
  }
  const ApplicationPart rest{
      rest_application == kNoApplication ? kOtherApplications : rest_application,
      beyond(flows, known.flows), beyond(sent, known.sent), beyond(received, known.received)};
  if (rest.flows != 0 || rest.sent != Traffic{} || rest.received != Traffic{})
    add_application(rest);
}

void HostProfile::merge(const HostProfile& other) {
  for (const ApplicationPart& part : other.applications) add_application(part);
  tcp_sent += other.tcp_sent;
  tcp_received += other.tcp_received;
  for (size_t i = 0; i < kHostRoles; ++i) {
    round_trips[i].nanoseconds += other.round_trips[i].nanoseconds;
    round_trips[i].count += other.round_trips[i].count;
  }
  for (size_t i = 0; i < kHostSets; ++i) sets[i].merge(other.sets[i]);
  for (const HostFact& fact : other.facts) add_fact(facts, fact);
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "record/distinct_set.h"
#include "record/flow_record.h"
#include "record/host_facts.h"
#include "record/tcp_quality.h"

namespace weir {

// In a flow.
enum class HostRole : uint8_t { kClient, kServer };
inline constexpr size_t kHostRoles = 2;

// What the flows of a host differed in. A peer is a host, a port one of a transport protocol.
enum class HostSet : uint8_t {
  kServers,         // peers it was the client of
  kClients,         // peers it was the server of
  kPortsContacted,  // of those servers
  kPortsServed,     // of its own
  kCount
};
inline constexpr size_t kHostSets = static_cast<size_t>(HostSet::kCount);

// What a host sent and received in flows of one application.
struct ApplicationPart {
  uint16_t application = 0;
  uint64_t flows = 0;
  Traffic sent;
  Traffic received;

  bool operator==(const ApplicationPart&) const = default;
};
// Numbers that no application has. The first stands for several.
inline constexpr uint16_t kOtherApplications = 0xfffe;
inline constexpr uint16_t kNoApplication = 0xffff;

// Round trips of handshakes, summed.
struct RoundTripSum {
  uint64_t nanoseconds = 0;
  uint64_t count = 0;

  void add(uint64_t time) {
    if (time == 0) return;
    nanoseconds += time;
    ++count;
  }
  bool operator==(const RoundTripSum&) const = default;
};

// What is known of a host beside its counters, in the order in which it was found. A plain value;
// empty in snapshots where it was not asked for.
struct HostProfile {
  std::vector<ApplicationPart> applications;
  // What is in none of `applications` is this one's; kOtherApplications: nobody knows whose.
  uint16_t rest_application = kNoApplication;
  TcpQuality tcp_sent;
  TcpQuality tcp_received;
  // From where it was captured to the host, by the role it had.
  std::array<RoundTripSum, kHostRoles> round_trips;
  std::array<DistinctSet, kHostSets> sets;
  std::vector<HostFact> facts;  // as add_fact() orders them

  [[nodiscard]] const DistinctSet& set(HostSet which) const {
    return sets[static_cast<size_t>(which)];
  }
  void add_application(const ApplicationPart& part);
  // What a flow of the host says of its TCP. The host is the flow's `role`.
  void add_tcp(const FlowRecord& flow, HostRole role);
  // Puts what is in no part yet, of `flows`, `sent` and `received` in all, where it belongs, so
  // that parts sum to the whole. Where more is in the parts already, they are left.
  void complete(uint64_t flows, const Traffic& sent, const Traffic& received);
  // REQUIRES: both are complete().
  void merge(const HostProfile& other);
};

// What the host `role` of a flow sent and received by it.
[[nodiscard]] ApplicationPart part_of_flow(const FlowRecord& flow, HostRole role);

}  // namespace weir

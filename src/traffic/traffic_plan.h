// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "net/ip_address.h"
#include "net/mac_address.h"
#include "traffic/traffic_options.h"

namespace weir {

// The two ends of a flow and what it speaks.
struct FlowTuple {
  IpAddress client;
  IpAddress server;
  MacAddress client_mac;
  MacAddress server_mac;
  uint16_t client_port = 0;  // ICMP: the identifier of its echo messages
  uint16_t server_port = 0;
  uint8_t protocol = 0;  // TCP, UDP, ICMP or ICMPv6
  uint16_t vlan = 0;     // 0: untagged
};

// Which flow each packet belongs to and who its ends are: a pure function of the options, computed
// without a table, so that a million hosts cost nothing. Exactly options.hosts hosts (an address is
// in one VLAN only) and options.flows flows (distinct 5-tuples) appear in options.packets packets;
// the flows of a SYN flood come on top. Shared: immutable.
//
// Hosts 0, 2, 4 ... are clients, 1, 3, 5 ... servers. Flow f belongs to client f mod C; with each
// round f / C the servers are dealt out anew, so that each host has about 2 * flows / hosts flows.
class TrafficPlan {
 public:
  // Error: the options contradict each other; the message says how and what would do.
  static Result<TrafficPlan> make(const TrafficOptions& options);

  static constexpr uint64_t kFloodFlow = UINT64_MAX;
  // The flow of a packet, below options.flows, or kFloodFlow. REQUIRES: packet < options().packets.
  [[nodiscard]] uint64_t flow_of_packet(uint64_t packet) const;
  // REQUIRES: flow < options().flows.
  [[nodiscard]] FlowTuple tuple(uint64_t flow) const;
  // The SYN of a random source that `packet` is when its flow is kFloodFlow.
  [[nodiscard]] FlowTuple flood_tuple(uint64_t packet) const;
  [[nodiscard]] Timestamp time_of_packet(uint64_t packet) const;

  [[nodiscard]] const TrafficOptions& options() const { return options_; }

 private:
  // Servers [begin, end) share a family and a VLAN; clients of the same numbers talk to them.
  struct Segment {
    uint64_t begin = 0;
    uint64_t end = 0;
    bool is_v6 = false;
    uint16_t vlan = 0;
  };

  explicit TrafficPlan(const TrafficOptions& options);

  // Servers [begin, end) in that VLAN, the ones from `first_v6` on with IPv6.
  void add_segments(uint64_t begin, uint64_t end, uint64_t first_v6, uint16_t vlan);
  [[nodiscard]] const Segment& segment_of(uint64_t client) const;
  [[nodiscard]] IpAddress address(uint64_t host, bool is_v6) const;
  // Gives a flow the addresses and ports that add up to the same as every other's.
  void collide(FlowTuple& tuple, uint64_t client, uint64_t server, uint64_t round) const;
  [[nodiscard]] uint8_t protocol(uint64_t flow, bool is_v6, bool first_of_pair) const;
  [[nodiscard]] uint64_t pick(uint64_t number, uint64_t count) const;
  [[nodiscard]] uint64_t flows_begun_late(uint64_t packet) const;

  TrafficOptions options_;
  uint64_t clients_ = 0;
  uint64_t servers_ = 0;
  uint64_t window_ = 0;  // flows alive at a time
  uint64_t opening_ =
      0;  // packets that open the first window's flows and, where there are enough, answer them
  std::vector<Segment> segments_;
};

}  // namespace weir

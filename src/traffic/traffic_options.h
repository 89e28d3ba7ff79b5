// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace weir {

// Which flow the next packet belongs to, once every flow has begun.
enum class TrafficShape : uint8_t {
  kRoundRobin,  // one after the other
  kRandom,      // any, uniformly
  kZipf,        // the n-th busiest flow in proportion to 1/n; busy flows are scattered
  kBurst,       // trains of 32 packets of a random flow
  kSynFlood,  // nine of ten packets are SYNs of random sources to at most four servers; the others
              // round-robin
};

// What traffic is asked for. The defaults are those of the command line.
struct TrafficOptions {
  uint64_t hosts = 2;
  uint64_t flows = 1;
  uint64_t packets = 1;
  size_t size_bytes = 64;  // of a frame, without the frame check sequence
  TrafficShape shape = TrafficShape::kRoundRobin;
  uint64_t seed = 1;
  bool consecutive =
      false;  // addresses count up from 10.0.0.1 and 2001:db8::1 instead of being scrambled
  // The sum of addresses, ports and protocol is the same for all flows: they collide in a hash that
  // adds them up. IPv4 without VLANs; addresses count up.
  bool colliding = false;
  unsigned vlans = 0;             // hosts are spread over VLANs 1 to N; 0: untagged
  unsigned tagged_percent = 100;  // of the hosts, those that are in a VLAN when vlans > 0
  unsigned ipv6_percent = 0;      // of the hosts
  unsigned tcp_percent = 80;      // of the flows; what neither TCP nor ICMP takes is UDP
  unsigned icmp_percent =
      0;               // of the flows; at most one a pair of hosts, what would be more is UDP
  uint64_t churn = 0;  // flows that end and flows that begin each second; 0: all live throughout
  uint64_t packets_per_second = 1'000'000;  // of packet time
  uint32_t start_seconds = 1'700'000'000;   // time of the first packet, since 1970
};

// The mix of families, VLANs and ICMP that benchmarks use.
constexpr void use_mix(TrafficOptions& options) {
  options.ipv6_percent = 20;
  options.vlans = 4;
  options.tagged_percent = 10;
  options.icmp_percent = 5;
}

}  // namespace weir

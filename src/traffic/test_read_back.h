// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "decode/decode.h"
#include "net/packet_view.h"
#include "traffic/traffic_generator.h"

namespace weir::test {

using Host = std::pair<IpAddress, uint16_t>;  // and its VLAN
using End = std::pair<IpAddress, uint16_t>;   // and its port
using Flow = std::tuple<uint16_t, uint8_t, End, End>;

inline PacketView as_packet(const std::vector<uint8_t>& frame) {
  PacketView packet;
  packet.data = frame.data();
  packet.captured_length = packet.wire_length = static_cast<uint32_t>(frame.size());
  return packet;
}

inline DecodedPacket read(const std::vector<uint8_t>& frame) {
  DecodedPacket decoded;
  decode(as_packet(frame), decoded);
  return decoded;
}

// What appeared, as weir's decoder sees it.
struct Seen {
  uint64_t packets = 0;
  uint64_t undecoded = 0;
  std::set<Host> hosts;
  std::map<Flow, std::pair<uint64_t, uint64_t>>
      flows;  // packets from the lower end and from the higher one

  void add(const DecodedPacket& packet) {
    ++packets;
    if (!packet.has_ip || packet.error != DecodeError::kNone) {
      ++undecoded;
      return;
    }
    const uint16_t vlan = packet.vlan.ids[0];
    hosts.insert({packet.source, vlan});
    hosts.insert({packet.destination, vlan});
    const End source{packet.source, packet.source_port};
    const End destination{packet.destination, packet.destination_port};
    const bool is_lower = source < destination;
    auto& counts = flows[{vlan, packet.protocol, is_lower ? source : destination,
                          is_lower ? destination : source}];
    ++(is_lower ? counts.first : counts.second);
  }
};

// REQUIRES: the options make a plan.
inline Seen generate(const TrafficOptions& options) {
  TrafficGenerator generator(TrafficPlan::make(options).value());
  std::vector<uint8_t> frame(generator.frame_bytes());
  Seen seen;
  while (!generator.done()) {
    generator.next(frame);
    seen.add(read(frame));
  }
  return seen;
}

}  // namespace weir::test

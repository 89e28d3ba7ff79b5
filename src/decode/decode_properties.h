// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "decode/decoded_packet.h"
#include "decode/ends_glance.h"
#include "net/packet_view.h"

namespace weir {

// What holds of every answer of decode(), whatever the bytes: for the fuzz target and the mutation
// test.
// "" or the sentence that is broken.
inline std::string_view broken_property(const PacketView& packet, const DecodedPacket& out) {
  const bool has_ports = out.source_port != 0 || out.destination_port != 0;
  if (out.error >= DecodeError::kCount) return "the error is one of the enumerators";
  if (out.vlan.count > VlanTags::kMaxTags) return "there are at most four VLAN tags";
  if (out.tunnels.count > TunnelStack::kMaxTunnels) return "there are at most four tunnels";
  if (out.payload == nullptr) {
    if (out.payload_length != 0) return "no payload, no length";
  } else {
    const size_t offset = static_cast<size_t>(out.payload - packet.data);
    if (out.payload < packet.data || offset > packet.captured_length ||
        out.payload_length > packet.captured_length - offset) {
      return "the payload lies inside the captured bytes";
    }
    if (out.payload_length == 0) return "a payload has a length";
  }
  if (out.has_ip != (out.network != nullptr)) return "an IP header lies somewhere";
  if (out.network != nullptr) {
    const size_t offset = static_cast<size_t>(out.network - packet.data);
    if (out.network < packet.data || offset > packet.captured_length ||
        out.network_length > packet.captured_length - offset)
      return "the datagram lies inside the captured bytes";
    if (out.payload != nullptr &&
        (out.payload < out.network ||
         out.payload + out.payload_length > out.network + out.network_length))
      return "the payload lies inside the datagram";
  }
  uint64_t ends = 0;
  if (glance_at_ends(packet, ends) && (!out.has_ip || ends != folded_ends(out)))
    return "a glance finds the ends that decoding finds";
  if (out.payload_length > out.payload_wire_length) {
    return "no more payload is captured than there was";
  }
  if (!out.has_ip) {
    if (out.protocol != 0 || has_ports || out.tunnels.count != 0 || out.payload != nullptr) {
      return "without IP there is no protocol, port, tunnel or payload";
    }
    if (out.is_fragment || out.is_later_fragment) return "without IP there is no fragment";
  }
  if (out.has_ip && !out.is_v6 && (!out.source.is_v4() || !out.destination.is_v4())) {
    return "IPv4 has IPv4 addresses";
  }
  if (out.is_later_fragment && (!out.is_fragment || has_ports || out.payload != nullptr)) {
    return "a later fragment is a fragment without ports and payload";
  }
  return {};
}

// Whether two answers are the same in everything that has a meaning.
inline bool same_answer(const DecodedPacket& a, const DecodedPacket& b) {
  const bool same_addresses = !a.has_ip || (a.source == b.source && a.destination == b.destination);
  return same_addresses && a.has_ip == b.has_ip && a.is_v6 == b.is_v6 && a.error == b.error &&
         a.source_port == b.source_port && a.destination_port == b.destination_port &&
         a.protocol == b.protocol && a.ethertype == b.ethertype && a.vlan == b.vlan &&
         a.tunnels == b.tunnels && a.source_mac == b.source_mac &&
         a.destination_mac == b.destination_mac && a.is_fragment == b.is_fragment &&
         a.is_later_fragment == b.is_later_fragment && a.fragment_id == b.fragment_id &&
         a.tcp_flags == b.tcp_flags && a.tcp_window == b.tcp_window &&
         a.tcp_sequence == b.tcp_sequence && a.tcp_acknowledgement == b.tcp_acknowledgement &&
         a.icmp_type == b.icmp_type && a.icmp_code == b.icmp_code && a.network == b.network &&
         a.network_length == b.network_length && a.payload == b.payload &&
         a.payload_length == b.payload_length && a.payload_wire_length == b.payload_wire_length;
}

}  // namespace weir

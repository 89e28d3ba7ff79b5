// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/byte_reader.h"
#include "decode/dispatch.h"
#include "decode/tcp_segment.h"
#include "net/ip_protocol.h"
#include "net/packet_view.h"

namespace weir {

// What the packet path must know of the packet it sees most: TCP or UDP over IPv4 on Ethernet. The
// rest of DecodedPacket is made when somebody asks (a new flow, say).
struct PlainIpv4 {
  uint32_t source;  // the addresses as they lie in memory: IpAddress::v4_bits()
  uint32_t destination;
  uint32_t ports;  // source << 16 | destination
  uint16_t vlan;   // 0: none
  uint8_t protocol;
  uint8_t tcp_flags;  // 0 for UDP
};

// Reads an Ethernet frame with at most one 802.1Q tag, IPv4 without options, TCP or UDP, when
// nothing about it is cut, wrong, fragmented or on the port of a tunnel. False, and `out` without
// meaning, for all else: then decode() is to be asked. Where it says true the two agree (tested).
// Cost: some sixty instructions, and no branch on which of the two it is: in mixed traffic a wrong
// guess would cost more than reading both ways.
[[nodiscard]] [[gnu::always_inline]] inline bool read_plain_ipv4(const PacketView& packet,
                                                                 PlainIpv4& out) {
  constexpr uint32_t kEthernet = 14;
  constexpr uint32_t kTag = 4;
  constexpr uint32_t kIp = 20;
  constexpr uint32_t kTcp = 20;
  constexpr uint32_t kUdp = 8;
  constexpr uint32_t kIpv4WithoutOptions = 0x080045;  // ethertype, version and header length
  constexpr uint32_t kVlan = 0x8100;
  constexpr uint32_t kFragmentBits = 0x3fff;  // more fragments, and the offset

  ByteReader bytes(packet.data, packet.captured_length);
  if (!bytes.can_read(kEthernet + kTag + kIp + kTcp) || packet.link_type != LinkType::kEthernet ||
      packet.vlan_tpid != 0)
    return false;
  uint32_t vlan = 0;
  if (bytes.u32(12) >> 8 != kIpv4WithoutOptions) {
    if (bytes.u16(12) != kVlan || bytes.u32(12 + kTag) >> 8 != kIpv4WithoutOptions) return false;
    vlan = bytes.u16(14) & 0x0fff;
    bytes.skip(kTag);
  }
  bytes.skip(kEthernet);
  // What lies behind the datagram is padding, and is read only to be masked out.
  const uint32_t total_length = bytes.u16(2);
  const uint32_t captured = std::min(static_cast<uint32_t>(bytes.remaining()), total_length);
  const uint32_t protocol = bytes.u8(9);
  const bool is_tcp = protocol == kProtocolTcp;
  // The length of the transport's header, or 0 when its own fields make no sense.
  const uint32_t tcp_header = (bytes.u8(kIp + 12) >> 4) * 4U;
  const uint32_t udp_header = bytes.u16(kIp + 4) < kUdp ? 0 : kUdp;
  const uint32_t tcp_mask = 0U - static_cast<uint32_t>(is_tcp);
  const uint32_t header = (tcp_header & tcp_mask) | (udp_header & ~tcp_mask);
  const uint32_t least = (kTcp & tcp_mask) | (kUdp & ~tcp_mask);
  const bool is_transport = is_tcp | (protocol == kProtocolUdp);
  const bool is_fragment = (bytes.u16(6) & kFragmentBits) != 0;
  if (is_fragment | !is_transport | (header < least) | (captured < kIp + header)) return false;
  out.source = bytes.u32_host(12);
  out.destination = bytes.u32_host(16);
  out.ports = bytes.u32(kIp);
  out.vlan = static_cast<uint16_t>(vlan);
  out.protocol = static_cast<uint8_t>(protocol);
  out.tcp_flags = static_cast<uint8_t>(bytes.u8(kIp + 13) & tcp_mask);
  return !may_be_tunnel(static_cast<uint16_t>(out.ports >> 16), static_cast<uint16_t>(out.ports)) ||
         is_tcp;
}

// What TCP learns from a packet of which read_plain_ipv4() said that it is TCP.
[[nodiscard]] inline TcpSegment plain_tcp_segment(const PacketView& packet) {
  ByteReader bytes(packet.data, packet.captured_length);
  uint32_t on_wire = std::max(packet.wire_length, packet.captured_length) - 14;
  if (bytes.u16(12) == 0x8100) {
    bytes.skip(4);
    on_wire -= 4;
  }
  bytes.skip(14);
  on_wire = std::min(on_wire, uint32_t{bytes.u16(2)});
  const uint32_t headers = 20 + (bytes.u8(32) >> 4) * 4U;
  return {bytes.u32(24), bytes.u32(28), on_wire - headers, bytes.u16(34), bytes.u8(33)};
}

}  // namespace weir

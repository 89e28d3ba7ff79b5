// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "base/byte_reader.h"
#include "decode/dispatch.h"
#include "decode/header_offsets.h"
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
  using Ethernet = EthernetOffsets;
  using Ipv4 = Ipv4Offsets;
  using Tcp = TcpOffsets;
  using Udp = UdpOffsets;

  ByteReader bytes(packet.data, packet.captured_length);
  if (!bytes.can_read(Ethernet::kHeader + Ethernet::kTag + Ipv4::kHeader + Tcp::kHeader) ||
      packet.link_type != LinkType::kEthernet || packet.vlan_tpid != 0)
    return false;
  uint32_t vlan = 0;
  if (bytes.u32(Ethernet::kEthertype) >> 8 != kIpv4WithoutOptions) {
    if (bytes.u16(Ethernet::kEthertype) != Ethernet::kEthertypeVlan ||
        bytes.u32(Ethernet::kEthertype + Ethernet::kTag) >> 8 != kIpv4WithoutOptions)
      return false;
    vlan = bytes.u16(Ethernet::kTagControl) & Ethernet::kVlanIdMask;
    bytes.skip(Ethernet::kTag);
  }
  bytes.skip(Ethernet::kHeader);
  // What lies behind the datagram is padding, and is read only to be masked out.
  const uint32_t total_length = bytes.u16(Ipv4::kTotalLength);
  const uint32_t captured = std::min(static_cast<uint32_t>(bytes.remaining()), total_length);
  const uint32_t protocol = bytes.u8(Ipv4::kProtocol);
  const bool is_tcp = protocol == kProtocolTcp;
  // The length of the transport's header, or 0 when its own fields make no sense.
  const uint32_t tcp_header = (bytes.u8(Ipv4::kHeader + Tcp::kDataOffset) >> 4) * 4U;
  const uint32_t udp_header =
      bytes.u16(Ipv4::kHeader + Udp::kLength) < Udp::kHeader ? 0 : Udp::kHeader;
  const uint32_t tcp_mask = 0U - static_cast<uint32_t>(is_tcp);
  const uint32_t header = (tcp_header & tcp_mask) | (udp_header & ~tcp_mask);
  const uint32_t least = (Tcp::kHeader & tcp_mask) | (Udp::kHeader & ~tcp_mask);
  const bool is_transport = is_tcp | (protocol == kProtocolUdp);
  const bool is_fragment = (bytes.u16(Ipv4::kFragment) & Ipv4::kFragmentMask) != 0;
  if (is_fragment | !is_transport | (header < least) | (captured < Ipv4::kHeader + header))
    return false;
  out.source = bytes.u32_host(Ipv4::kSource);
  out.destination = bytes.u32_host(Ipv4::kDestination);
  out.ports = bytes.u32(Ipv4::kHeader);
  out.vlan = static_cast<uint16_t>(vlan);
  out.protocol = static_cast<uint8_t>(protocol);
  out.tcp_flags = static_cast<uint8_t>(bytes.u8(Ipv4::kHeader + Tcp::kFlags) & tcp_mask);
  return !may_be_tunnel(static_cast<uint16_t>(out.ports >> 16), static_cast<uint16_t>(out.ports)) ||
         is_tcp;
}

// What TCP learns from a packet of which read_plain_ipv4() said that it is TCP.
[[nodiscard]] inline TcpSegment plain_tcp_segment(const PacketView& packet) {
  using Ethernet = EthernetOffsets;
  using Ipv4 = Ipv4Offsets;
  using Tcp = TcpOffsets;
  constexpr uint32_t kTcp = Ipv4::kHeader;  // where it begins

  ByteReader bytes(packet.data, packet.captured_length);
  uint32_t on_wire = std::max(packet.wire_length, packet.captured_length) - Ethernet::kHeader;
  if (bytes.u16(Ethernet::kEthertype) == Ethernet::kEthertypeVlan) {
    bytes.skip(Ethernet::kTag);
    on_wire -= Ethernet::kTag;
  }
  bytes.skip(Ethernet::kHeader);
  on_wire = std::min(on_wire, uint32_t{bytes.u16(Ipv4::kTotalLength)});
  const uint32_t headers = kTcp + (bytes.u8(kTcp + Tcp::kDataOffset) >> 4) * 4U;
  return {bytes.u32(kTcp + Tcp::kSequence), bytes.u32(kTcp + Tcp::kAcknowledgement),
          on_wire - headers, bytes.u16(kTcp + Tcp::kWindow), bytes.u8(kTcp + Tcp::kFlags)};
}

// The datagram of a packet of which read_plain_ipv4() said what it is, as far as it was captured.
struct PlainDatagram {
  std::span<const uint8_t> bytes;    // from the IP header to the end that it gives
  std::span<const uint8_t> payload;  // of TCP or UDP
  uint32_t payload_wire_length = 0;
};
[[nodiscard]] inline PlainDatagram plain_datagram(const PacketView& packet) {
  using Ethernet = EthernetOffsets;
  using Ipv4 = Ipv4Offsets;
  using Tcp = TcpOffsets;
  using Udp = UdpOffsets;

  ByteReader bytes(packet.data, packet.captured_length);
  uint32_t on_wire = std::max(packet.wire_length, packet.captured_length) - Ethernet::kHeader;
  if (bytes.u16(Ethernet::kEthertype) == Ethernet::kEthertypeVlan) {
    bytes.skip(Ethernet::kTag);
    on_wire -= Ethernet::kTag;
  }
  bytes.skip(Ethernet::kHeader);
  const uint32_t total_length = bytes.u16(Ipv4::kTotalLength);
  bytes.truncate(total_length);
  on_wire = std::min(on_wire, total_length) - Ipv4::kHeader;
  PlainDatagram datagram{bytes.rest(), {}, 0};
  const bool is_tcp = bytes.u8(Ipv4::kProtocol) == kProtocolTcp;
  bytes.skip(Ipv4::kHeader);
  uint32_t header = Udp::kHeader;
  if (is_tcp) {
    header = (bytes.u8(Tcp::kDataOffset) >> 4) * 4U;
  } else {
    const uint16_t length = bytes.u16(Udp::kLength);
    bytes.truncate(length);
    on_wire = std::min<uint32_t>(on_wire, length);
  }
  bytes.skip(header);
  datagram.payload = bytes.rest();
  datagram.payload_wire_length = on_wire - header;
  return datagram;
}

}  // namespace weir

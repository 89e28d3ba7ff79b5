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

// The fixed part of what read_plain_ipv4() reads: IPv4 and as much behind it as TCP begins with.
using PlainHeaders = FixedBytes<Ipv4Offsets::kHeader + TcpOffsets::kHeader>;
// Where it lies in a frame.
struct PlainFrame {
  PlainHeaders headers;
  uint32_t offset;  // of IPv4
  uint16_t vlan;    // as PlainIpv4's
};

// False when the frame is no Ethernet with at most one 802.1Q tag and IPv4 without options, or is
// too short for them.
[[nodiscard]] [[gnu::always_inline]] inline bool find_plain_ipv4(const PacketView& packet,
                                                                 PlainFrame& out) {
  using Ethernet = EthernetOffsets;
  constexpr size_t kIp = Ipv4Offsets::kHeader + TcpOffsets::kHeader;
  constexpr size_t kTagged = Ethernet::kHeader + Ethernet::kTag;

  FixedBytes<kTagged + kIp> frame;
  if (!ByteReader(packet.data, packet.captured_length).first(frame) ||
      packet.link_type != LinkType::kEthernet || packet.vlan_tpid != 0)
    return false;
  if (frame.u32<Ethernet::kEthertype>() >> 8 == kIpv4WithoutOptions) [[likely]] {
    out = {frame.part<Ethernet::kHeader, kIp>(), Ethernet::kHeader, 0};
    return true;
  }
  if (frame.u16<Ethernet::kEthertype>() != Ethernet::kEthertypeVlan ||
      frame.u32<Ethernet::kEthertype + Ethernet::kTag>() >> 8 != kIpv4WithoutOptions)
    return false;
  out = {frame.part<kTagged, kIp>(), kTagged,
         static_cast<uint16_t>(frame.u16<Ethernet::kTagControl>() & Ethernet::kVlanIdMask)};
  return true;
}

// The length that the TCP header gives itself.
[[nodiscard]] inline uint32_t plain_tcp_header(const PlainHeaders& ip) {
  return (ip.u8<Ipv4Offsets::kHeader + TcpOffsets::kDataOffset>() >> 4) * 4U;
}

// Reads an Ethernet frame with at most one 802.1Q tag, IPv4 without options, TCP or UDP, when
// nothing about it is cut, wrong, fragmented or on the port of a tunnel. `offset`: of the IPv4
// header in the frame. False, and what is given without meaning, for all else: then decode() is to
// be asked. Where it says true the two agree (tested). Cost: some sixty instructions, and no branch
// on which of the two it is: in mixed traffic a wrong guess would cost more than reading both ways.
[[nodiscard]] [[gnu::always_inline]] inline bool read_plain_ipv4(const PacketView& packet,
                                                                 PlainIpv4& out, uint32_t& offset) {
  using Ipv4 = Ipv4Offsets;
  using Tcp = TcpOffsets;
  using Udp = UdpOffsets;
  constexpr size_t kPorts = Ipv4::kHeader + PortOffsets::kSource;

  PlainFrame frame;
  if (!find_plain_ipv4(packet, frame)) return false;
  const PlainHeaders& ip = frame.headers;
  // What lies behind the datagram is padding, and is read only to be masked out.
  const uint32_t total_length = ip.u16<Ipv4::kTotalLength>();
  const uint32_t captured = std::min(packet.captured_length - frame.offset, total_length);
  const uint32_t protocol = ip.u8<Ipv4::kProtocol>();
  const bool is_tcp = protocol == kProtocolTcp;
  // The length of the transport's header, or 0 when its own fields make no sense.
  const uint32_t tcp_header = plain_tcp_header(ip);
  const uint32_t udp_header =
      ip.u16<Ipv4::kHeader + Udp::kLength>() < Udp::kHeader ? 0 : Udp::kHeader;
  const uint32_t tcp_mask = 0U - static_cast<uint32_t>(is_tcp);
  const uint32_t header = (tcp_header & tcp_mask) | (udp_header & ~tcp_mask);
  const uint32_t least = (Tcp::kHeader & tcp_mask) | (Udp::kHeader & ~tcp_mask);
  const bool is_transport = is_tcp | (protocol == kProtocolUdp);
  const bool is_fragment = (ip.u16<Ipv4::kFragment>() & Ipv4::kFragmentMask) != 0;
  if (is_fragment | !is_transport | (header < least) | (captured < Ipv4::kHeader + header))
    return false;
  out.source = ip.u32_host<Ipv4::kSource>();
  out.destination = ip.u32_host<Ipv4::kDestination>();
  out.ports = ip.u32<kPorts>();
  out.vlan = frame.vlan;
  offset = frame.offset;
  out.protocol = static_cast<uint8_t>(protocol);
  out.tcp_flags = static_cast<uint8_t>(ip.u8<Ipv4::kHeader + Tcp::kFlags>() & tcp_mask);
  const auto source_port = static_cast<uint16_t>(out.ports >> 16);
  const auto destination_port = static_cast<uint16_t>(out.ports);
  if (is_tcp | !looks_like_tunnel(source_port, destination_port)) [[likely]]
    return true;
  return !may_be_tunnel(source_port, destination_port);
}

// What TCP learns from a packet of which read_plain_ipv4() said that it is TCP, and the `offset` it
// gave. Field by field, as it is read again: a copy in larger pieces would wait for them to reach
// the cache.
[[gnu::always_inline]] inline void read_plain_tcp_segment(const PacketView& packet, uint32_t offset,
                                                          TcpSegment& out) {
  using Ipv4 = Ipv4Offsets;
  using Tcp = TcpOffsets;
  constexpr size_t kTcp = Ipv4::kHeader;  // where it begins

  ByteReader bytes(packet.data, packet.captured_length);
  bytes.skip(offset);
  PlainHeaders ip;
  if (!bytes.first(ip)) return;
  const uint32_t on_wire = std::min(std::max(packet.wire_length, packet.captured_length) - offset,
                                    uint32_t{ip.u16<Ipv4::kTotalLength>()});
  out.sequence = ip.u32<kTcp + Tcp::kSequence>();
  out.acknowledgement = ip.u32<kTcp + Tcp::kAcknowledgement>();
  out.payload_length = on_wire - Ipv4::kHeader - plain_tcp_header(ip);
  out.window = ip.u16<kTcp + Tcp::kWindow>();
  out.flags = ip.u8<kTcp + Tcp::kFlags>();
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

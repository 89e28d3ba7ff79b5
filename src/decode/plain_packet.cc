// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/plain_packet.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "decode/dispatch.h"
#include "decode/header_offsets.h"
#include "decode/vlan.h"
#include "net/ip_protocol.h"

namespace weir {
namespace {

using Ethernet = EthernetOffsets;
using Ipv4 = Ipv4Offsets;
using Ipv6 = Ipv6Offsets;
using Ports = PortOffsets;
using Tcp = TcpOffsets;
using Udp = UdpOffsets;

// What of a packet lies behind the cursor: captured, and on the wire.
struct Rest {
  ByteReader bytes;
  uint32_t on_wire;

  void skip(size_t count) {
    bytes.skip(count);
    on_wire -= static_cast<uint32_t>(count);
  }
  // A length field ends the packet here; what comes after it is padding.
  void limit(uint32_t count) {
    bytes.truncate(count);
    on_wire = std::min(on_wire, count);
  }
};

struct Frame {
  ByteReader start;
  uint16_t tag = 0;
  bool is_tagged = false;
  uint16_t ethertype = 0;
};

struct Transport {
  uint16_t source_port;
  uint16_t destination_port;
  uint16_t window = 0;
  uint8_t flags = 0;
  uint32_t sequence = 0;
  uint32_t acknowledgement = 0;
};

[[gnu::always_inline]] inline bool read_tcp(Rest& rest, Transport& transport) {
  const ByteReader bytes = rest.bytes;
  if (!bytes.can_read(Tcp::kHeader)) return false;
  const size_t header_length = (bytes.u8(Tcp::kDataOffset) >> 4) * size_t{4};
  if (header_length < Tcp::kHeader || !bytes.can_read(header_length)) return false;
  transport = {bytes.u16(Ports::kSource), bytes.u16(Ports::kDestination),
               bytes.u16(Tcp::kWindow),   bytes.u8(Tcp::kFlags),
               bytes.u32(Tcp::kSequence), bytes.u32(Tcp::kAcknowledgement)};
  rest.skip(header_length);
  return true;
}

[[gnu::always_inline]] inline bool read_udp(Rest& rest, Transport& transport) {
  const ByteReader bytes = rest.bytes;
  if (!bytes.can_read(Udp::kHeader)) return false;
  const uint16_t length = bytes.u16(Udp::kLength);
  if (length < Udp::kHeader) return false;
  transport = {bytes.u16(Ports::kSource), bytes.u16(Ports::kDestination)};
  if (may_be_tunnel(transport.source_port, transport.destination_port)) return false;
  rest.limit(length);
  rest.skip(Udp::kHeader);
  return true;
}

[[gnu::always_inline]] inline void write_frame(const Frame& frame, const PacketView& packet,
                                               DecodedPacket& out) {
  out.error = DecodeError::kNone;
  out.ethertype = frame.ethertype;
  out.vlan = {};
  if (packet.vlan_tpid != 0) push_vlan_tag(out.vlan, packet.vlan_tci);
  if (frame.is_tagged) push_vlan_tag(out.vlan, frame.tag);
  out.tunnels = {};
  (void)frame.start.copy(Ethernet::kDestination, out.destination_mac.bytes.data(), 6);
  (void)frame.start.copy(Ethernet::kSource, out.source_mac.bytes.data(), 6);
  out.is_fragment = false;
  out.is_later_fragment = false;
  out.fragment_id = 0;
  out.icmp_type = 0;
  out.icmp_code = 0;
}

[[gnu::always_inline]] inline void write_transport(const Transport& transport, const Rest& payload,
                                                   DecodedPacket& out) {
  out.source_port = transport.source_port;
  out.destination_port = transport.destination_port;
  out.tcp_flags = transport.flags;
  out.tcp_window = transport.window;
  out.tcp_sequence = transport.sequence;
  out.tcp_acknowledgement = transport.acknowledgement;
  out.payload = payload.bytes.empty() ? nullptr : payload.bytes.data();
  out.payload_length = static_cast<uint32_t>(payload.bytes.remaining());
  out.payload_wire_length = payload.on_wire;
}

// The rest of a packet whose IP header is read; `rest` ends where the IP header says.
template <typename Addresses>
[[gnu::always_inline]] inline bool finish(uint8_t protocol, const Frame& frame,
                                          const PacketView& packet, Rest rest, DecodedPacket& out,
                                          Addresses&& write_addresses) {
  Transport transport;
  if (protocol == kProtocolTcp) {
    if (!read_tcp(rest, transport)) return false;
  } else if (protocol != kProtocolUdp || !read_udp(rest, transport)) {
    return false;
  }
  out.protocol = protocol;
  out.has_ip = true;
  write_addresses();
  write_frame(frame, packet, out);
  write_transport(transport, rest, out);
  return true;
}

[[gnu::always_inline]] inline bool read_ipv4(const Frame& frame, const PacketView& packet,
                                             Rest rest, DecodedPacket& out) {
  const ByteReader header = rest.bytes;
  if (!header.can_read(Ipv4::kHeader) ||
      header.u8(Ipv4::kVersionAndLength) != Ipv4::kVersion4WithoutOptions)
    return false;
  const uint16_t total_length = header.u16(Ipv4::kTotalLength);
  if (total_length < Ipv4::kHeader || (header.u16(Ipv4::kFragment) & Ipv4::kFragmentMask) != 0)
    return false;
  rest.limit(total_length);
  const auto length = static_cast<uint32_t>(rest.bytes.remaining());
  rest.skip(Ipv4::kHeader);
  return finish(header.u8(Ipv4::kProtocol), frame, packet, rest, out, [&] {
    out.is_v6 = false;
    out.network = header.data();
    out.network_length = length;
    out.source = IpAddress::from_v4(header.data() + Ipv4::kSource);
    out.destination = IpAddress::from_v4(header.data() + Ipv4::kDestination);
  });
}

[[gnu::always_inline]] inline bool read_ipv6(const Frame& frame, const PacketView& packet,
                                             Rest rest, DecodedPacket& out) {
  const ByteReader header = rest.bytes;
  if (!header.can_read(Ipv6::kHeader) || header.u8(0) >> 4 != 6) return false;
  const uint16_t payload_length = header.u16(Ipv6::kPayloadLength);
  if (payload_length == 0) return false;
  rest.skip(Ipv6::kHeader);
  rest.limit(payload_length);
  const auto length = static_cast<uint32_t>(Ipv6::kHeader + rest.bytes.remaining());
  return finish(header.u8(Ipv6::kNextHeader), frame, packet, rest, out, [&] {
    out.is_v6 = true;
    out.network = header.data();
    out.network_length = length;
    out.source = IpAddress::from_v6(header.data() + Ipv6::kSource);
    out.destination = IpAddress::from_v6(header.data() + Ipv6::kDestination);
  });
}

}  // namespace

bool decode_plain(const PacketView& packet, DecodedPacket& out) {
  if (packet.link_type != LinkType::kEthernet) return false;
  const uint32_t captured = packet.captured_length;
  Rest rest{ByteReader(packet.data, captured), std::max(packet.wire_length, captured)};
  if (!rest.bytes.can_read(Ethernet::kHeader + Ethernet::kTag)) return false;
  Frame frame{rest.bytes};
  frame.ethertype = rest.bytes.u16(Ethernet::kEthertype);
  rest.skip(Ethernet::kHeader);
  if (frame.ethertype == Ethernet::kEthertypeVlan) {
    frame.is_tagged = true;
    frame.tag = rest.bytes.u16(0);
    frame.ethertype = rest.bytes.u16(2);
    rest.skip(Ethernet::kTag);
  }
  if (frame.ethertype == Ethernet::kEthertypeIpv4) return read_ipv4(frame, packet, rest, out);
  if (frame.ethertype == Ethernet::kEthertypeIpv6) return read_ipv6(frame, packet, rest, out);
  return false;
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "decode/decode.h"

// Packets for tests, written from the outside in:
// ethernet(0x0800, ipv4(17, udp(1000, 53, hex("abcd")))).
namespace weir::test_packets {

using Bytes = std::vector<uint8_t>;

// The bytes of hexadecimal text; everything else in it is skipped.
inline Bytes hex(std::string_view text) {
  Bytes bytes;
  int high = -1;
  for (const char c : text) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) continue;
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<uint8_t>(high << 4 | digit));
      high = -1;
    }
  }
  return bytes;
}

inline Bytes operator+(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}
inline Bytes u16(size_t value) {
  return {static_cast<uint8_t>(value >> 8), static_cast<uint8_t>(value)};
}
inline Bytes first(size_t count, Bytes bytes) {
  bytes.resize(count);
  return bytes;
}

// 02:..:02 to 02:..:01.
inline Bytes ethernet(uint16_t type, const Bytes& payload) {
  return hex("020000000001 020000000002") + u16(type) + payload;
}
// From 10.0.0.1 to 10.0.0.2, or 192.168.0.1 to 192.168.0.2 for an inner header.
inline Bytes ipv4(uint8_t protocol, const Bytes& payload, uint16_t fragment = 0) {
  return hex("4500") + u16(20 + payload.size()) + hex("1234") + u16(fragment) +
         Bytes{64, protocol, 0, 0} + hex("0a000001 0a000002") + payload;
}
inline Bytes inner_ipv4(uint8_t protocol, const Bytes& payload) {
  return hex("4500") + u16(20 + payload.size()) + hex("4321 0000") + Bytes{64, protocol, 0, 0} +
         hex("c0a80001 c0a80002") + payload;
}
// From 2001:db8::1 to 2001:db8::2.
inline Bytes ipv6(uint8_t next_header, const Bytes& payload) {
  return hex("60000000") + u16(payload.size()) + Bytes{next_header, 64} +
         hex("20010db8000000000000000000000001 20010db8000000000000000000000002") + payload;
}
inline Bytes udp(uint16_t source, uint16_t destination, const Bytes& payload) {
  return u16(source) + u16(destination) + u16(8 + payload.size()) + u16(0) + payload;
}
// SYN and ACK, sequence 1, acknowledgement 2, window 3.
inline Bytes tcp(uint16_t source, uint16_t destination, const Bytes& payload) {
  return u16(source) + u16(destination) + hex("00000001 00000002 5012 0003 0000 0000") + payload;
}

// Lives as long as the bytes.
inline PacketView view_of(const Bytes& bytes, LinkType link_type = LinkType::kEthernet) {
  PacketView view;
  view.data = bytes.data();
  view.captured_length = view.wire_length = static_cast<uint32_t>(bytes.size());
  view.link_type = link_type;
  return view;
}
inline DecodedPacket decode_bytes(const Bytes& bytes, LinkType link_type = LinkType::kEthernet) {
  DecodedPacket out;
  decode(view_of(bytes, link_type), out);
  return out;
}

// "17 10.0.0.1:1000 10.0.0.2:53", "no ip" without one.
inline std::string flow_of(const DecodedPacket& packet) {
  if (!packet.has_ip) return "no ip";
  return std::to_string(packet.protocol) + " " + packet.source.to_string() + ":" +
         std::to_string(packet.source_port) + " " + packet.destination.to_string() + ":" +
         std::to_string(packet.destination_port);
}

// TCP and UDP, untagged and with one tag, as nearly every packet is.
inline std::vector<Bytes> plain_ipv4_packets() {
  return {ethernet(0x0800, ipv4(17, udp(1000, 53, hex("abcd")))),
          ethernet(0x0800, ipv4(17, udp(1000, 53, {}))),
          ethernet(0x0800, ipv4(6, tcp(1000, 443, hex("160301")))),
          ethernet(0x8100, hex("2064 0800") + ipv4(6, tcp(1, 2, hex("00")))),
          ethernet(0x8100, hex("0000 0800") + ipv4(17, udp(1, 2, hex("00"))))};
}
inline std::vector<Bytes> plain_packets() {
  std::vector<Bytes> packets = plain_ipv4_packets();
  packets.push_back(ethernet(0x86dd, ipv6(6, tcp(1000, 443, hex("160301")))));
  packets.push_back(ethernet(0x86dd, ipv6(17, udp(1000, 443, hex("00")))));
  packets.push_back(ethernet(0x8100, hex("0000 86dd") + ipv6(17, udp(1, 2, hex("00")))));
  return packets;
}

inline constexpr std::string_view kInnerFlow = "17 192.168.0.1:5000 192.168.0.2:53";
// A datagram of that flow, to put into tunnels.
inline Bytes inner_datagram() {
  return inner_ipv4(17, udp(5000, 53, hex("01020304")));
}

}  // namespace weir::test_packets

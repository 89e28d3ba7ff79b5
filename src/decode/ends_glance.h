// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "base/byte_reader.h"
#include "decode/decoded_packet.h"
#include "decode/dispatch.h"
#include "net/ip_protocol.h"
#include "net/packet_view.h"

namespace weir {

// The ends of a packet's flow folded to one word, the same for both directions: for sharing flows
// out, not for telling them apart.
[[nodiscard]] uint64_t folded_ends(const DecodedPacket& packet);
[[nodiscard]] inline uint64_t fold_ends(uint64_t addresses, uint32_t ports) {
  return addresses ^ static_cast<uint64_t>(ports >> 16 ^ (ports & 0xffff)) << 32;
}
// Of the two addresses' upper and lower halves, XORed. The rotation keeps what prefix and host part
// say apart.
[[nodiscard]] inline uint64_t fold_v6_addresses(uint64_t upper, uint64_t lower) {
  return upper ^ std::rotl(lower, 24);
}

// The same of a packet that is not decoded, for what nearly every packet is: TCP or UDP over IPv4
// without options or over IPv6 without extension headers on Ethernet with at most one 802.1Q tag,
// not a fragment and not on the port of a tunnel. False, and `ends` without meaning, for all else:
// then decode() is to be asked. Where it says true, decode() finds those ends (tested). What is
// wrong behind the ports does not matter here. Cost: some thirty instructions, and no branch on
// what differs from packet to packet in mixed traffic.
[[nodiscard]] [[gnu::always_inline]] inline bool glance_at_ends(const PacketView& packet,
                                                                uint64_t& ends) {
  constexpr uint32_t kEthernet = 14;
  constexpr uint32_t kTag = 4;
  constexpr uint32_t kIpv4 = 20;
  constexpr uint32_t kIpv6 = 40;
  constexpr uint32_t kPorts = 4;
  constexpr uint32_t kVlan = 0x8100;
  constexpr uint32_t kIpv4WithoutOptions = 0x080045;  // ethertype, version and header length
  constexpr uint32_t kIpv6Version = 0x86dd6;          // ethertype and version
  constexpr uint32_t kFragmentBits = 0x3fff;          // more fragments, and the offset

  ByteReader bytes(packet.data, packet.captured_length);
  if (packet.link_type != LinkType::kEthernet || !bytes.can_read(kEthernet + kTag + kIpv4 + kPorts))
      [[unlikely]]
    return false;
  if (bytes.u16(12) == kVlan) bytes.skip(kTag);
  const uint32_t kind = bytes.u32(12);
  bytes.skip(kEthernet);
  uint32_t protocol = 0;
  uint32_t ports = 0;
  bool is_cut = false;
  if (kind >> 8 == kIpv4WithoutOptions) [[likely]] {
    protocol = bytes.u8(9);
    ports = bytes.u32(kIpv4);
    ends = fold_ends(bytes.u32_host(12) ^ bytes.u32_host(16), ports);
    is_cut = (bytes.u16(6) & kFragmentBits) != 0 ||
             std::min<size_t>(bytes.remaining(), bytes.u16(2)) < kIpv4 + kPorts;
  } else if (kind >> 12 == kIpv6Version) {
    const auto half = [&](size_t offset) {
      return std::bit_cast<uint64_t>(
          std::array{bytes.u32_host(offset), bytes.u32_host(offset + 4)});
    };
    protocol = bytes.u8(6);
    ports = bytes.u32(kIpv6);
    ends = fold_ends(fold_v6_addresses(half(8) ^ half(24), half(16) ^ half(32)), ports);
    is_cut = std::min<size_t>(bytes.remaining(), kIpv6 + bytes.u16(4)) < kIpv6 + kPorts;
  }
  const bool is_tunnel =
      may_be_tunnel(static_cast<uint16_t>(ports >> 16), static_cast<uint16_t>(ports));
  const bool is_tcp = protocol == kProtocolTcp;
  const bool is_udp = protocol == kProtocolUdp;
  return !is_cut && (is_tcp | (is_udp & !is_tunnel));
}

}  // namespace weir

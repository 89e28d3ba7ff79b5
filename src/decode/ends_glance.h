// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "base/byte_reader.h"
#include "decode/decoded_packet.h"
#include "decode/dispatch.h"
#include "decode/header_offsets.h"
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
  using Ethernet = EthernetOffsets;
  using Ipv4 = Ipv4Offsets;
  using Ipv6 = Ipv6Offsets;
  constexpr uint32_t kPorts = PortOffsets::kBoth;

  ByteReader bytes(packet.data, packet.captured_length);
  if (packet.link_type != LinkType::kEthernet ||
      !bytes.can_read(Ethernet::kHeader + Ethernet::kTag + Ipv4::kHeader + kPorts)) [[unlikely]]
    return false;
  if (bytes.u16(Ethernet::kEthertype) == Ethernet::kEthertypeVlan) bytes.skip(Ethernet::kTag);
  const uint32_t kind = bytes.u32(Ethernet::kEthertype);
  bytes.skip(Ethernet::kHeader);
  uint32_t protocol = 0;
  uint32_t ports = 0;
  bool is_cut = false;
  if (kind >> 8 == kIpv4WithoutOptions) [[likely]] {
    protocol = bytes.u8(Ipv4::kProtocol);
    ports = bytes.u32(Ipv4::kHeader);
    ends = fold_ends(bytes.u32_host(Ipv4::kSource) ^ bytes.u32_host(Ipv4::kDestination), ports);
    is_cut =
        (bytes.u16(Ipv4::kFragment) & Ipv4::kFragmentMask) != 0 ||
        std::min<size_t>(bytes.remaining(), bytes.u16(Ipv4::kTotalLength)) < Ipv4::kHeader + kPorts;
  } else if (kind >> 12 == kIpv6AndVersion) {
    const auto half = [&](size_t offset) {
      return std::bit_cast<uint64_t>(
          std::array{bytes.u32_host(offset), bytes.u32_host(offset + 4)});
    };
    protocol = bytes.u8(Ipv6::kNextHeader);
    ports = bytes.u32(Ipv6::kHeader);
    ends = fold_ends(fold_v6_addresses(half(Ipv6::kSource) ^ half(Ipv6::kDestination),
                                       half(Ipv6::kSource + 8) ^ half(Ipv6::kDestination + 8)),
                     ports);
    is_cut = std::min<size_t>(bytes.remaining(), Ipv6::kHeader + bytes.u16(Ipv6::kPayloadLength)) <
             Ipv6::kHeader + kPorts;
  }
  const bool is_tunnel =
      may_be_tunnel(static_cast<uint16_t>(ports >> 16), static_cast<uint16_t>(ports));
  const bool is_tcp = protocol == kProtocolTcp;
  const bool is_udp = protocol == kProtocolUdp;
  return !is_cut && (is_tcp | (is_udp & !is_tunnel));
}

}  // namespace weir

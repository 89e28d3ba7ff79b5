// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

// Where the fields lie that the short ways through a packet read: offsets and sizes in bytes from
// the start of each header. The walk of decode() has its own, so that tests compare the two.
namespace weir {

// IEEE 802.3, with EtherType; a tag of IEEE 802.1Q stands between the addresses and the EtherType.
struct EthernetOffsets {
  static constexpr uint32_t kHeader = 14;
  static constexpr uint32_t kDestination = 0;
  static constexpr uint32_t kSource = 6;
  static constexpr uint32_t kEthertype = 12;
  static constexpr uint32_t kTag = 4;          // the size of one
  static constexpr uint32_t kTagControl = 14;  // of the first tag
  static constexpr uint32_t kEthertypeVlan = 0x8100;
  static constexpr uint32_t kEthertypeIpv4 = 0x0800;
  static constexpr uint32_t kEthertypeIpv6 = 0x86dd;
  static constexpr uint32_t kVlanIdMask = 0x0fff;
};

// RFC 791, section 3.1, without options.
struct Ipv4Offsets {
  static constexpr uint32_t kHeader = 20;
  static constexpr uint32_t kVersionAndLength = 0;
  static constexpr uint32_t kTotalLength = 2;
  static constexpr uint32_t kFragment = 6;
  static constexpr uint32_t kProtocol = 9;
  static constexpr uint32_t kSource = 12;
  static constexpr uint32_t kDestination = 16;
  static constexpr uint32_t kVersion4WithoutOptions = 0x45;
  static constexpr uint32_t kFragmentMask = 0x3fff;  // more fragments, and the offset
};

// RFC 8200, section 3.
struct Ipv6Offsets {
  static constexpr uint32_t kHeader = 40;
  static constexpr uint32_t kPayloadLength = 4;
  static constexpr uint32_t kNextHeader = 6;
  static constexpr uint32_t kSource = 8;
  static constexpr uint32_t kDestination = 24;
};

// What the EtherType and the first byte behind it say together.
inline constexpr uint32_t kIpv4WithoutOptions =
    EthernetOffsets::kEthertypeIpv4 << 8 | Ipv4Offsets::kVersion4WithoutOptions;
// And with the first four bits of it.
inline constexpr uint32_t kIpv6AndVersion = EthernetOffsets::kEthertypeIpv6 << 4 | 6;

// Of TCP and UDP alike.
struct PortOffsets {
  static constexpr uint32_t kSource = 0;
  static constexpr uint32_t kDestination = 2;
  static constexpr uint32_t kBoth = 4;  // the size of the two
};

// RFC 9293, section 3.1, without options.
struct TcpOffsets {
  static constexpr uint32_t kHeader = 20;
  static constexpr uint32_t kSequence = 4;
  static constexpr uint32_t kAcknowledgement = 8;
  static constexpr uint32_t kDataOffset = 12;  // in words of four bytes, in the upper four bits
  static constexpr uint32_t kFlags = 13;
  static constexpr uint32_t kWindow = 14;
};

// RFC 768.
struct UdpOffsets {
  static constexpr uint32_t kHeader = 8;
  static constexpr uint32_t kLength = 4;
};

}  // namespace weir

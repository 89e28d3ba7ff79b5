// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace weir {

// Fields of our own in IPFIX (RFC 7011, 3.2). weir has no number among IANA's private enterprises;
// this one is for documentation (RFC 5612), so that it is nobody else's.
inline constexpr uint32_t kWeirEnterprise = 32473;

// Their numbers never change; docs/export.md has them for others.
enum class WeirField : uint16_t {
  kPath = 1,                    // string: the instances the flow came through, "leaf/middle"
  kWireOctets = 2,              // unsigned64: bytes as weir counts them, of frames or as told
  kReverseWireOctets = 3,       // unsigned64
  kServerName = 4,              // string
  kExporter = 5,                // ipv6Address: who told of it first; IPv4 mapped (RFC 4291)
  kClientRoundTrip = 6,         // unsigned32, microseconds, of the handshake
  kServerRoundTrip = 7,         // unsigned32
  kRetransmissions = 8,         // unsigned32: segments of the source sent again
  kReverseRetransmissions = 9,  // unsigned32
};

}  // namespace weir

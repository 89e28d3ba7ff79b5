// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/byte_reader.h"
#include "dpi/quic_version.h"

namespace weir {

inline constexpr size_t kMaxConnectionId = 20;  // RFC 9000, section 17.2

enum class QuicPacketType : uint8_t { kInitial, kZeroRtt, kHandshake, kRetry, kVersionNegotiation };

// A long header, read as far as it is not protected. The readers are views into the datagram.
struct QuicLongHeader {
  QuicPacketType type = QuicPacketType::kInitial;
  uint32_t number = 0;  // of the version
  QuicVersion version;
  ByteReader destination_id;
  ByteReader source_id;
  size_t protected_at = 0;  // where the packet number begins; only of Initial, 0-RTT, Handshake
  size_t size = 0;          // of the whole packet; another one may follow it in the datagram
};

// Whether the datagram begins with a long header (RFC 8999, section 5.1).
[[nodiscard]] inline bool has_quic_long_header(ByteReader datagram) {
  return (datagram.u8(0) & 0x80) != 0;
}

// Takes a variable-length integer off the front of `in` (RFC 9000, section 16); false at its end.
bool take_quic_integer(ByteReader& in, uint64_t& out);

// Reads the long header that `packet` begins with. False when the version is not known, or the
// header does not fit the bytes. A packet whose end was not captured reads as one that ends there.
[[nodiscard]] bool read_quic_long_header(ByteReader packet, QuicLongHeader& out);

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/byte_reader.h"
#include "dpi/quic_version.h"

namespace weir {

// What opens the Initial packets of one side.
struct QuicKeys {
  std::array<uint8_t, 16> key{};
  std::array<uint8_t, 12> iv{};
  std::array<uint8_t, 16> header_key{};
};

enum class QuicSide : uint8_t { kClient, kServer };

// The keys of a side's Initial packets, which anybody can derive who saw the destination connection
// id of the client's first one. False when OpenSSL does not offer what it takes.
// Cost: ten HMAC-SHA256, about 5 us. Source: RFC 9001, section 5.2; RFC 9369, section 3.3.
[[nodiscard]] bool derive_quic_keys(const QuicVersion& version, ByteReader destination_id,
                                    QuicSide side, QuicKeys& out);

// HMAC-SHA256 (RFC 2104) of `message`; a key of at most 64 bytes.
using Sha256Digest = std::array<uint8_t, 32>;
[[nodiscard]] bool hmac_sha256(std::span<const uint8_t> key, std::span<const uint8_t> message,
                               Sha256Digest& out);

}  // namespace weir

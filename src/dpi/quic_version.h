// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace weir {

inline constexpr uint32_t kQuicV1 = 0x00000001;
inline constexpr uint32_t kQuicV2 = 0x6b3343cf;

// What a version of QUIC needs for its Initial packets to be opened.
struct QuicVersion {
  // How packets are protected.
  enum class Keys : uint8_t {
    kNone,      // they are not: Google's Q043 and before, and Q046
    kV1Labels,  // "quic key" (RFC 9001, section 5.1)
    kV2Labels,  // "quicv2 key" (RFC 9369, section 3.3.1)
  };

  Keys keys = Keys::kNone;
  bool has_v2_types = false;  // Initial is 1 in the header, not 0
  bool is_google = false;     // the handshake is Google's own (CHLO), not TLS
  std::array<uint8_t, 20> salt{};
};

// Whether the version is one that weir knows; a reserved one (0x?a?a?a?a, RFC 9000, section 15) is
// taken for version 1. Known are v1, v2, the IETF's drafts from 22 on, Facebook's mvfst, and
// Google's Q024 to Q050, T050 and T051.
[[nodiscard]] bool find_quic_version(uint32_t number, QuicVersion& out);

// "v1", "v2", "draft-29", "mvfst-2", "Q050", "T051"; of what is none of these the number in hex.
[[nodiscard]] std::string quic_version_name(uint32_t number);

}  // namespace weir

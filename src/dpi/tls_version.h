// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace weir {

// Version numbers as they are on the wire.
inline constexpr uint16_t kSsl2 = 0x0002;
inline constexpr uint16_t kSsl3 = 0x0300;
inline constexpr uint16_t kTls12 = 0x0303;
inline constexpr uint16_t kTls13 = 0x0304;
inline constexpr uint16_t kDtls10 = 0xfeff;
inline constexpr uint16_t kDtls12 = 0xfefd;
inline constexpr uint16_t kDtls13 = 0xfefc;
inline constexpr uint16_t kOldOpensslDtls = 0x0100;  // what OpenSSL 0.9.8 took for DTLS 1.0

// A value that says nothing and is there to be ignored: 0x0a0a, 0x1a1a ... 0xfafa (RFC 8701).
constexpr bool is_grease(uint16_t value) {
  return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

// Counts its versions downwards.
constexpr bool is_dtls_version(uint16_t version) {
  return version >> 8 == 0xfe;
}

// Whether what follows the ServerHello is encrypted; the drafts of TLS 1.3 are.
bool is_tls13_or_later(uint16_t version);

// "TLS 1.3", "DTLS 1.2", "SSL 3.0"; drafts of TLS 1.3 are "TLS 1.3". "" when it is none.
[[nodiscard]] std::string_view tls_version_name(uint16_t version);

// The two characters of JA4: "13", "12", "s3", "d2" ..., "00" for what FoxIO does not list.
[[nodiscard]] std::string_view ja4_version(uint16_t version);

}  // namespace weir

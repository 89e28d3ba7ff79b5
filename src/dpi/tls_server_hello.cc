// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/tls_server_hello.h"

#include <algorithm>
#include <array>

namespace weir {
namespace {

constexpr uint16_t kAlpn = 16;
constexpr uint16_t kSupportedVersions = 43;
constexpr size_t kRandomSize = 32;

// The random of a HelloRetryRequest: SHA-256 of "HelloRetryRequest" (RFC 8446, section 4.1.3).
constexpr std::array<uint8_t, kRandomSize> kRetryRandom{
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

bool is_old_draft(uint16_t version) {
  return version >= 0x7f00 && version < 0x7f16;
}

void read_extension(const TlsExtension& extension, TlsServerHello& out) {
  if (extension.type == kSupportedVersions && extension.body.remaining() == 2) {
    out.agreed_version = extension.body.u16(0);
  } else if (extension.type == kAlpn) {
    ByteReader body = extension.body;
    ByteReader list;
    ByteReader name;
    if (take_vector(body, 2, list) && take_vector(list, 1, name))
      out.alpn = {reinterpret_cast<const char*>(name.data()), name.remaining()};
  }
}

}  // namespace

bool parse_server_hello(ByteReader body, TlsServerHello& out) {
  out = {};
  if (!body.can_read(2 + kRandomSize)) return false;
  out.version = out.agreed_version = body.u16(0);
  body.skip(2);
  ByteReader random = body;
  random.truncate(kRandomSize);
  const auto bytes = random.rest();
  out.is_hello_retry_request =
      std::equal(bytes.begin(), bytes.end(), kRetryRandom.begin(), kRetryRandom.end());
  body.skip(kRandomSize);
  ByteReader session_id;
  const bool is_short = is_old_draft(out.version);
  if (!is_short && !take_vector(body, 1, session_id)) return false;
  const size_t fixed = is_short ? 2 : 3;  // cipher suite and compression
  if (!body.can_read(fixed)) return false;
  out.cipher_suite = body.u16(0);
  body.skip(fixed);
  if (body.empty()) return true;
  ByteReader block;
  if (!take_vector(body, 2, block)) return false;
  out.extensions = TlsExtensions(block);
  TlsExtensions cursor = out.extensions;
  for (TlsExtension extension; cursor.next(extension);) read_extension(extension, out);
  return cursor.is_at_end();
}

}  // namespace weir

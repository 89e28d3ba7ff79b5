// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ssl2_hello.h"

#include "dpi/tls_version.h"

namespace weir {
namespace {

constexpr uint8_t kLongRecord = 0x80;  // two bytes of length, no padding
constexpr uint8_t kClientHello = 1;
constexpr uint8_t kServerHello = 4;

// MSG-CLIENT-HELLO version cipher-specs-length session-id-length challenge-length
bool is_client_hello(ByteReader bytes, size_t size) {
  const uint16_t version = bytes.u16(3);
  const uint16_t cipher_specs = bytes.u16(5);
  const uint16_t session_id = bytes.u16(7);
  const uint16_t challenge = bytes.u16(9);
  return (version == kSsl2 || (version >= kSsl3 && version <= kTls12)) && cipher_specs != 0 &&
         cipher_specs % 3 == 0 && (session_id == 0 || session_id == 16) && challenge >= 16 &&
         challenge <= 32 && size == kSsl2HelloHeader + cipher_specs + session_id + challenge;
}

// MSG-SERVER-HELLO session-id-hit certificate-type version certificate-length cipher-specs-length;
// the connection id's length does not fit the eleven bytes.
bool is_server_hello(ByteReader bytes, size_t size) {
  const size_t known = kSsl2HelloHeader + 2 + size_t{bytes.u16(7)} + bytes.u16(9);
  return bytes.u8(3) <= 1 && bytes.u8(4) <= 1 && bytes.u16(5) == kSsl2 && bytes.u16(9) % 3 == 0 &&
         size >= known + 16 && size <= known + 32;
}

}  // namespace

bool read_ssl2_hello(ByteReader bytes, Ssl2Hello& out) {
  if (!bytes.can_read(kSsl2HelloHeader) || (bytes.u8(0) & kLongRecord) == 0) return false;
  out.size = 2 + size_t{bytes.u16(0) & 0x7fffU};
  out.is_client = bytes.u8(2) == kClientHello;
  if (out.is_client) {
    out.version = bytes.u16(3);
    return is_client_hello(bytes, out.size);
  }
  out.version = kSsl2;
  return bytes.u8(2) == kServerHello && is_server_hello(bytes, out.size);
}

}  // namespace weir

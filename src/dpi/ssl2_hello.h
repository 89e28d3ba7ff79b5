// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/byte_reader.h"

namespace weir {

// The hellos of SSL 2.0. Clients that still spoke it offered later versions in a ClientHello of
// this form (RFC 5246, appendix E.2), so what follows it may well be TLS.
inline constexpr size_t kSsl2HelloHeader = 11;  // record length, type and all fixed fields

struct Ssl2Hello {
  bool is_client = false;
  uint16_t version = 0;  // the highest the client offers; the server's
  size_t size = 0;       // of the record with its two bytes of length
};

// Reads the first kSsl2HelloHeader bytes of a record; false when its lengths do not fit each other
// or it is none.
[[nodiscard]] bool read_ssl2_hello(ByteReader bytes, Ssl2Hello& out);

}  // namespace weir

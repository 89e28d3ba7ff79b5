// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "dpi/tls_wire.h"

namespace weir {

// What a ServerHello says, as views into its body.
struct TlsServerHello {
  uint16_t version = 0;         // as its field says; what JA3S is made of
  uint16_t agreed_version = 0;  // with supported_versions taken into account
  uint16_t cipher_suite = 0;
  TlsExtensions extensions;
  std::string_view alpn;                // the protocol chosen, "" when the server says it later
  bool is_hello_retry_request = false;  // a ServerHello by name only; another one follows
};

// Reads the body of a ServerHello handshake message of TLS or DTLS. False when its lengths do not
// fit the body. Source: RFC 8446, section 4.1.3; the drafts before 22 have neither session id nor
// compression.
[[nodiscard]] bool parse_server_hello(ByteReader body, TlsServerHello& out);

}  // namespace weir

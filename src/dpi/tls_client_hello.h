// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "dpi/tls_wire.h"

namespace weir {

// What a ClientHello says, as views into its body: they live as long as that. A list that the hello
// does not have is empty.
struct TlsClientHello {
  uint16_t version = 0;  // legacy_version: 0x0303 whatever is offered since TLS 1.3
  WireU16List cipher_suites;
  TlsExtensions extensions;  // in their order
  bool has_server_name = false;
  std::string_view server_name;  // the first host name; any bytes
  ByteReader alpn;               // the protocols, each with a length of one byte before it
  WireU16List supported_versions;
  WireU16List signature_algorithms;
  WireU16List groups;  // "elliptic curves" once
  ByteReader point_formats;
  bool has_encrypted_client_hello = false;  // or its forerunner, the encrypted SNI
};

// Reads the body of a ClientHello handshake message; that of DTLS has a cookie too. False when its
// lengths do not fit the body or it is no hello: `out` then holds what came before, which is what a
// hello cut short still tells. Extensions whose own content is malformed are as if they were empty.
// Cost: one look at each extension, no allocation.
// Source: RFC 8446, section 4.1.2; RFC 5246, 7.4.1.2; RFC 6347, 4.2.1.
[[nodiscard]] bool parse_client_hello(ByteReader body, bool is_dtls, TlsClientHello& out);

// The highest version offered, GREASE left out.
[[nodiscard]] uint16_t highest_version(const TlsClientHello& hello);

// Takes the next name off a list of ALPN; false at its end and where a length leads beyond it.
bool next_alpn(ByteReader& list, std::string_view& name);

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "dpi/tls_client_hello.h"
#include "dpi/tls_server_hello.h"

namespace weir {

// What carries the handshake; the value is JA4's letter.
enum class TlsTransport : char { kTcp = 't', kDtls = 'd', kQuic = 'q' };

// JA4 and JA4S as FoxIO defines them: "t13d1516h2_8daaf6152771_b186095e22b6". GREASE is left out.
// nDPI before 5 says "d" where there is no server name and takes other characters of the ALPN (its
// issues 2914 and 2916): its fingerprints differ there, and only there. Hellos of more than
// kMaxJa4Values cipher suites, extensions or signature algorithms, which no client sends, have "".
// Source: github.com/FoxIO-LLC/ja4, technical_details/JA4.md and JA4S.md.
inline constexpr size_t kMaxJa4Values = 512;
[[nodiscard]] std::string ja4(const TlsClientHello& hello, TlsTransport transport);
[[nodiscard]] std::string ja4s(const TlsServerHello& hello, TlsTransport transport);

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "dpi/tls_client_hello.h"
#include "dpi/tls_server_hello.h"

namespace weir {

// JA3 and JA3S: the MD5 of a hello's numbers in decimal, each list joined by "-", the lists by ",".
// 32 hex digits. GREASE is left out of JA3. Source: github.com/salesforce/ja3.

// Version, cipher suites, extensions, groups, point formats.
[[nodiscard]] std::string ja3(const TlsClientHello& hello);
// Version, cipher suite, extensions.
[[nodiscard]] std::string ja3s(const TlsServerHello& hello);

}  // namespace weir

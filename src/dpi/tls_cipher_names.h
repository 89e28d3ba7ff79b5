// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace weir {

// The name in IANA's registry of TLS cipher suites ("TLS_AES_128_GCM_SHA256"), with the numbers
// that drafts used before they had one; "" for what is not in it. Cost: a binary search.
[[nodiscard]] std::string_view tls_cipher_name(uint16_t cipher_suite);

}  // namespace weir

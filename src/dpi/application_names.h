// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace weir {

// One name for what nDPI's versions call by several: "IPsec" (4.2) and "IPSec" (4.4 and later) are
// "IPSec". The name itself when it is the only one. The result lives as long as `name` or for ever.
[[nodiscard]] std::string_view canonical_application(std::string_view name);
// The same for categories ("Mining" of 4.2 is "Crypto_Currency" of 4.10); "" for "Unspecified".
[[nodiscard]] std::string_view canonical_category(std::string_view name);

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"

namespace weir {

// "256M", "1.5G", "65536": bytes, in powers of 1024. Error: no such size.
[[nodiscard]] Result<size_t> parse_size(std::string_view text);

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "base/result.h"
#include "base/value.h"

namespace weir {

// JSON text (RFC 8259) as a value; whole numbers of 64 bits stay exact. Error: it is no JSON, or
// nested deeper than kMaxJsonDepth.
inline constexpr size_t kMaxJsonDepth = 64;
[[nodiscard]] Result<Value> parse_json(std::string_view text);

}  // namespace weir

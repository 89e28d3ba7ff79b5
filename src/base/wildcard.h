// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace weir {

// Whether `text` is what `pattern` says, ASCII upper and lower case being the same; `*` in the
// pattern stands for any run of characters. Linear: it never goes back behind the last star.
[[nodiscard]] bool matches_wildcard(std::string_view text, std::string_view pattern);

}  // namespace weir

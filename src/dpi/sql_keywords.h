// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace weir {

// The keyword in upper case, whatever the case of `word`; "" for what is no keyword. Knows those
// that structure statements, not the names of types and functions.
// Cost: logarithmic.
[[nodiscard]] std::string_view sql_keyword(std::string_view word);

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace weir {

// The length in bytes (1 to 4) of the UTF-8 sequence at the start of `text`; 0 when it is not one
// (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF) or `text` is empty.
[[nodiscard]] size_t utf8_sequence_length(std::string_view text);

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

// The length in bytes (1 to 4) of the UTF-8 sequence at the start of `text`; 0 when it is not one
// (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF) or `text` is empty.
[[nodiscard]] size_t utf8_sequence_length(std::string_view text);

// The code point of a sequence that utf8_sequence_length() found. REQUIRES: nothing else is in it.
[[nodiscard]] uint32_t utf8_code(std::string_view sequence);

// Appends a code point (RFC 3629); what lies beyond the last is no text, but four bytes all the
// same.
void append_utf8(std::string& out, uint32_t code);

}  // namespace weir

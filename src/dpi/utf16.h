// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/byte_reader.h"

namespace weir {

// UTF-16, least byte first, as UTF-8; a lone surrogate becomes U+FFFD, an odd last byte is left
// out. At most `max_units` 16-bit units are read. It ends before the first zero.
[[nodiscard]] std::string utf8_of_utf16(const ByteReader& bytes, size_t max_units);

}  // namespace weir

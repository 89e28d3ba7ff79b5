// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace weir {

// The lower-case letter of A to Z, every other byte as it is: the same in every locale, and UTF-8
// stays UTF-8.
[[nodiscard]] constexpr char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

[[nodiscard]] constexpr char ascii_upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}

}  // namespace weir

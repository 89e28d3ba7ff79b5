// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/store_key.h"

#include <algorithm>

#include "dpi/ascii_text.h"

namespace weir {
namespace {

constexpr std::string_view kSeparators = ":/.-_|{}#@";
constexpr size_t kLongestWord = 20;

bool is_value(std::string_view part) {
  return part.size() > kLongestWord || !std::all_of(part.begin(), part.end(), [](char c) {
           return c > ' ' && c < 0x7f && !is_digit(c);
         });
}

}  // namespace

std::string store_key_pattern(std::string_view key) {
  std::string pattern;
  size_t behind_value = 0;  // where the pattern ended when its last part was a value
  char separator = '\0';
  for (;;) {
    const size_t end = std::min(key.find_first_of(kSeparators), key.size());
    const bool has_value = is_value(key.substr(0, end));
    const std::string_view part = has_value ? "?" : key.substr(0, end);
    const bool is_same_value = has_value && behind_value > 0 && behind_value == pattern.size();
    if (!is_same_value) {
      if (pattern.size() + part.size() + 1 > kMaxStoreKeyBytes) break;
      if (separator != '\0') pattern += separator;
      pattern += part;
    }
    behind_value = has_value ? pattern.size() : 0;
    if (end == key.size()) break;
    separator = key[end];
    key.remove_prefix(end + 1);
  }
  return pattern;
}

}  // namespace weir

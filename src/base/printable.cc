// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/printable.h"

#include <cstdint>
#include <iterator>

#include <fmt/format.h>

#include "base/utf8.h"

namespace weir {
namespace {

// Control characters, those of C1 (U+0080 to U+009F) too: some terminals obey them.
bool is_control(uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

// UAX #9.
bool turns_text_round(uint32_t code) {
  return code == 0x061c || code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t length = utf8_sequence_length(text);
    const std::string_view sequence = text.substr(0, length == 0 ? 1 : length);
    const uint32_t code = length == 0 ? 0 : utf8_code(sequence);
    if (is_control(code)) {
      for (const char c : sequence) {
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
      }
    } else if (turns_text_round(code)) {
      out += fmt::format("\\u{:04x}", code);
    } else {
      out += sequence;
    }
    text.remove_prefix(sequence.size());
  }
  return out;
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/printable.h"

#include <iterator>

#include <fmt/format.h>

#include "base/utf8.h"

namespace weir {
namespace {

// The C1 control characters U+0080 to U+009F: some terminals obey them.
bool is_c1_control(std::string_view sequence) {
  return sequence.size() == 2 && sequence[0] == '\xc2' &&
         static_cast<unsigned char>(sequence[1]) < 0xa0;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t length = utf8_sequence_length(text);
    const std::string_view sequence = text.substr(0, length == 0 ? 1 : length);
    const auto first = static_cast<unsigned char>(sequence.front());
    if (length == 0 || first < 0x20 || first == 0x7f || is_c1_control(sequence)) {
      for (const char c : sequence) {
        fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
      }
    } else {
      out += sequence;
    }
    text.remove_prefix(sequence.size());
  }
  return out;
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/utf16.h"

#include <algorithm>
#include <cstdint>

#include "base/utf8.h"

namespace weir {
namespace {

bool is_high(uint32_t unit) {
  return (unit & 0xfc00) == 0xd800;
}
bool is_low(uint32_t unit) {
  return (unit & 0xfc00) == 0xdc00;
}

}  // namespace

std::string utf8_of_utf16(const ByteReader& bytes, size_t max_units) {
  constexpr uint32_t kReplacement = 0xfffd;
  const size_t count = std::min(bytes.remaining() / 2, max_units);
  const auto unit = [&](size_t index) -> uint32_t {
    return index < count ? bytes.u8(2 * index) | uint32_t{bytes.u8(2 * index + 1)} << 8 : 0;
  };
  std::string text;
  for (size_t i = 0; i < count && unit(i) != 0; ++i) {
    uint32_t point = unit(i);
    if (is_high(point) && is_low(unit(i + 1))) {
      point = 0x10000 + ((point & 0x3ff) << 10 | (unit(i + 1) & 0x3ff));
      ++i;
    } else if (is_high(point) || is_low(point)) {
      point = kReplacement;
    }
    append_utf8(text, point);
  }
  return text;
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>

namespace weir {

// The slots of a bucket whose tag equals a given one, lowest first.
class TagMatches {
 public:
  // `tags`: ten 16-bit tags.
  TagMatches(const uint16_t* tags, uint16_t tag) {
    for (unsigned i = 0; i < 10; ++i) bits_ |= static_cast<uint32_t>(tags[i] == tag) << i;
  }
  [[nodiscard]] bool any() const { return bits_ != 0; }
  // REQUIRES: any().
  [[nodiscard]] unsigned first() const { return static_cast<unsigned>(std::countr_zero(bits_)); }
  void drop_first() { bits_ &= bits_ - 1; }

 private:
  uint32_t bits_ = 0;
};

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <emmintrin.h>

#include <bit>
#include <cstdint>

namespace weir {

// The slots of a bucket whose tag equals a given one, lowest first.
class TagMatches {
 public:
  // `tags`: ten 16-bit tags.
  TagMatches(const uint16_t* tags, uint16_t tag) {
    const __m128i wanted = _mm_set1_epi16(static_cast<short>(tag));
    const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(tags));
    const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(tags + 2));
    // Two bits a tag; the second load overlaps the first by six tags, which say the same twice.
    const auto low_bits = static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi16(low, wanted)));
    const auto high_bits = static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi16(high, wanted)));
    bits_ = low_bits | high_bits << 4;
  }
  [[nodiscard]] bool any() const { return bits_ != 0; }
  // REQUIRES: any().
  [[nodiscard]] unsigned first() const {
    return static_cast<unsigned>(std::countr_zero(bits_)) / 2;
  }
  void drop_first() { bits_ &= ~(3U << (first() * 2)); }

 private:
  uint32_t bits_;
};

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <arm_neon.h>

#include <bit>
#include <cstdint>
#include <cstring>

namespace weir {

// The slots of a bucket whose tag equals a given one, lowest first.
class TagMatches {
 public:
  // `tags`: ten 16-bit tags.
  TagMatches(const uint16_t* tags, uint16_t tag) {
    uint32_t last_two = 0;
    std::memcpy(&last_two, tags + 8, sizeof last_two);
    const uint16x8_t wanted = vdupq_n_u16(tag);
    const uint16x8_t low = vceqq_u16(vld1q_u16(tags), wanted);
    const uint16x8_t high = vceqq_u16(vreinterpretq_u16_u32(vdupq_n_u32(last_two)), wanted);
    // NEON has no movemask. Narrowed to a byte and then to four bits each, ten tags make 40 bits;
    // what follows them repeats the last two.
    const uint8x16_t bytes = vcombine_u8(vmovn_u16(low), vmovn_u16(high));
    const uint8x8_t nibbles = vshrn_n_u16(vreinterpretq_u16_u8(bytes), 4);
    constexpr uint64_t kTenTags = (uint64_t{1} << 40) - 1;
    bits_ = vget_lane_u64(vreinterpret_u64_u8(nibbles), 0) & kTenTags;
  }
  [[nodiscard]] bool any() const { return bits_ != 0; }
  // REQUIRES: any().
  [[nodiscard]] unsigned first() const {
    return static_cast<unsigned>(std::countr_zero(bits_)) / 4;
  }
  void drop_first() { bits_ &= ~(uint64_t{0xF} << (first() * 4)); }

 private:
  uint64_t bits_;
};

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>

namespace weir {

// A 64-bit bound in 32 bits: 26 bits of it and how far they are shifted, rounded up, so that it
// stays a bound. Exact below 2^26; else at most 2^-25 too high.
struct RoundedUp {
  static constexpr unsigned kBits = 26;

  [[nodiscard]] static uint32_t of(uint64_t bound) {
    const auto width = static_cast<unsigned>(std::bit_width(bound));
    unsigned shift = width > kBits ? width - kBits : 0;
    uint64_t digits = bound >> shift;
    if (digits << shift != bound) ++digits;
    if (digits >> kBits != 0) {
      digits >>= 1;
      ++shift;
    }
    return static_cast<uint32_t>(shift) << kBits | static_cast<uint32_t>(digits);
  }
  [[nodiscard]] static uint64_t value(uint32_t coded) {
    const unsigned shift = coded >> kBits;
    const uint64_t digits = coded & ((uint32_t{1} << kBits) - 1);
    return std::bit_width(digits) + shift > 64 ? UINT64_MAX : digits << shift;
  }
};

}  // namespace weir

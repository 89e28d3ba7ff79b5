// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace weir {

// Permutations: different numbers stay different, so that addresses look random and none occurs
// twice without a table.

// Of the 32-bit numbers (MurmurHash3's finalizer).
[[nodiscard]] constexpr uint32_t scramble32(uint32_t x) {
  x ^= x >> 16;
  x *= 0x85ebca6bU;
  x ^= x >> 13;
  x *= 0xc2b2ae35U;
  return x ^ (x >> 16);
}

// Of the 64-bit numbers (the output function of SplitMix64).
[[nodiscard]] constexpr uint64_t scramble64(uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

// Of the numbers below `count` (REQUIRES: x < count): a permutation of all 32-bit numbers is
// followed until it is back in range. `count` should be near 2^32, else that takes long.
[[nodiscard]] constexpr uint32_t scramble_below(uint32_t x, uint32_t seed, uint32_t count) {
  do {
    x = scramble32(x ^ seed) + seed;
  } while (x >= count);
  return x;
}

}  // namespace weir

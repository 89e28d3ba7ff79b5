// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace weir {

// Where a key goes in a HyperLogLog of 2^index_bits registers: register, and what it is raised to.
struct DistinctPlace {
  size_t index;
  uint8_t rank;
};
// `hash`: 64 good bits of which the upper `hash_bits` are used.
[[nodiscard]] inline DistinctPlace distinct_place(uint64_t hash, unsigned index_bits,
                                                  unsigned hash_bits = 64) {
  // A one below the bits ends the run of zeros when all of them are zero.
  const uint64_t rest = (hash << index_bits) | (uint64_t{1} << (63 - (hash_bits - index_bits)));
  return {static_cast<size_t>(hash >> (64 - index_bits)),
          static_cast<uint8_t>(__builtin_clzll(rest) + 1)};
}

// How many different keys raised these registers (2^n of them) to their ranks, of which the highest
// possible is `rank_bits` + 1. Source: O. Ertl, arXiv:1702.01284, whose estimator needs no
// correction for small or large numbers. Relative standard error: 1.04 / sqrt(registers).
[[nodiscard]] double estimate_distinct(std::span<const uint8_t> registers, unsigned rank_bits);

}  // namespace weir

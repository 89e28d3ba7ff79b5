// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/distinct_estimate.h"

namespace weir {

// How many different things there were, of which some were told by their hashes: exact up to
// kMostFew of them, then a HyperLogLog. The union of sets is what a set of all would be, so parts
// of shards add up. A plain value.
class DistinctSet {
 public:
  static constexpr size_t kMostFew = 16;
  static constexpr unsigned kIndexBits = 9;
  static constexpr size_t kRegisters = size_t{1} << kIndexBits;
  static constexpr unsigned kHashBits = 32;
  // Standard error of a count that is not exact, relative: 1.04 / sqrt(kRegisters).
  static constexpr double kRelativeError = 0.046;
  static constexpr uint8_t kMaxRank = kHashBits - kIndexBits + 1;

  // Where a hash goes among the registers.
  [[nodiscard]] static DistinctPlace place_of(uint32_t hash) {
    return distinct_place(uint64_t{hash} << 32, kIndexBits, kHashBits);
  }

  void add(uint32_t hash);
  // A register of what is a HyperLogLog elsewhere.
  void raise(DistinctPlace place);
  void merge(const DistinctSet& other);
  // Keeps its memory, for the next one.
  void clear() {
    few_.clear();
    registers_.clear();
  }

  [[nodiscard]] bool empty() const { return few_.empty() && registers_.empty(); }
  [[nodiscard]] bool is_exact() const { return registers_.empty(); }
  [[nodiscard]] uint64_t count() const;

  // What it holds: the hashes while it is exact, then kRegisters ranks.
  [[nodiscard]] std::span<const uint32_t> few() const { return few_; }
  [[nodiscard]] std::span<const uint8_t> registers() const { return registers_; }
  // A hash that goes to that place; the rank is 1 to kMaxRank.
  [[nodiscard]] static uint32_t hash_for(DistinctPlace place);

 private:
  void spread();

  std::vector<uint32_t> few_;       // different ones; none once there are registers
  std::vector<uint8_t> registers_;  // none, or kRegisters
};

}  // namespace weir

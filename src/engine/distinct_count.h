// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/cell.h"
#include "base/distinct_estimate.h"

namespace weir {

// Estimates how many different keys were ever seen, in 16 KB whatever their number (HyperLogLog,
// Flajolet et al. 2007, with the estimator of O. Ertl, arXiv:1702.01284, which needs no correction
// for small or large numbers). Those of several shards add up to the count of their union. Owner:
// shard thread; reads from any thread. Cost: one byte is read a key, and rarely written.
class DistinctCount {
 public:
  static constexpr unsigned kIndexBits = 14;
  static constexpr size_t kRegisters = size_t{1} << kIndexBits;
  // Standard error of an estimate, relative: 1.04 / sqrt(kRegisters).
  static constexpr double kRelativeError = 0.008125;

  using Registers = std::array<uint8_t, kRegisters>;

  // `hash`: 64 good bits of the key.
  void add(uint64_t hash) {
    const auto [index, rank] = distinct_place(hash, kIndexBits);
    if (rank > registers_[index].get()) registers_[index].set(rank);
  }
  // The same for registers of one's own.
  static void add(Registers& registers, uint64_t hash) {
    const auto [index, rank] = distinct_place(hash, kIndexBits);
    if (rank > registers[index]) registers[index] = rank;
  }

  // Any thread: takes the union of these registers and this count.
  void merge_into(Registers& registers) const;

  // How many different keys made these registers.
  [[nodiscard]] static double estimate(const Registers& registers);

 private:
  std::array<Cell<uint8_t>, kRegisters> registers_{};
};

}  // namespace weir

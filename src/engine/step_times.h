// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/cell.h"

namespace weir {

// What else happened in a step of the packet loop. A step is of the first kind that applies.
enum class StepKind : uint8_t {
  kGrowth,  // a table took memory
  kPurge,   // a flow or host ended, or a table gave memory back
  kPlain,   // neither
  kIdle,    // a call that let time pass: Shard::idle()
  kCount
};
[[nodiscard]] std::string_view step_kind_name(StepKind kind);

// How long the steps of a packet loop took, by kind: a histogram with a bucket for each doubling.
// Wall-clock time, so it contains what the machine took away. Owner: shard thread; reads from any
// thread. Cost: four plain stores a step; the clock is the caller's.
class StepTimes {
 public:
  // Bucket 0: below 1 µs; bucket i: from 2^(i-1) to 2^i µs; the last one: 1.05 s and more.
  static constexpr size_t kBuckets = 22;

  struct Histogram {
    std::array<Cell<uint64_t>, kBuckets> steps{};
    Cell<uint64_t> total_ns{};
    Cell<uint64_t> longest_ns{};
  };

  void add(StepKind kind, std::chrono::nanoseconds time) {
    const auto spent = static_cast<uint64_t>(time.count() < 0 ? 0 : time.count());
    Histogram& histogram = of_kind_[static_cast<size_t>(kind)];
    histogram.steps[bucket_of(spent)].add(1);
    histogram.total_ns.add(spent);
    if (spent > histogram.longest_ns.get()) histogram.longest_ns.set(spent);
  }

  [[nodiscard]] const Histogram& of(StepKind kind) const {
    return of_kind_[static_cast<size_t>(kind)];
  }

  // Where a time in nanoseconds is counted.
  [[nodiscard]] static size_t bucket_of(uint64_t nanoseconds) {
    const auto doublings = static_cast<size_t>(std::bit_width(nanoseconds / 1000));
    return doublings < kBuckets ? doublings : kBuckets - 1;
  }

 private:
  std::array<Histogram, static_cast<size_t>(StepKind::kCount)> of_kind_;
};

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/keyed_hash.h"
#include "record/collected_flow.h"

namespace weir {

// Makes differences of counters that exporters send from the beginning of a flow, where they send
// no others. Bounded: when a set of places is full, the flow that was seen longest ago is
// forgotten, and its next record counts whole. Takes no memory before it is used.
// Owner: the collector's thread.
class TotalCounters {
 public:
  static constexpr size_t kFlows = size_t{1} << 15;

  explicit TotalCounters(const KeyedHash& hash) : hash_(hash) {}

  // `flow` with totals in both directions becomes what is new since the last record of the same
  // observer, ends and beginning. Totals that fell began anew; a record that is older than the last
  // one came late and has nothing new.
  void subtract(CollectedFlow& flow, uint32_t observer);

  [[nodiscard]] size_t bytes() const { return sets_.size() * sizeof(Set); }
  // Flows that were forgotten for want of room.
  [[nodiscard]] uint64_t forgotten() const { return forgotten_; }

 private:
  struct Place {
    uint64_t tag = 0;
    uint32_t first = 0;   // when the flow began
    uint32_t second = 0;  // when it was seen; 0: a free place
    Traffic forward;
    Traffic reverse;
  };
  using Set = std::array<Place, 4>;
  // The same flow may seem to begin so much earlier or later: clocks of exporters are corrected.
  static constexpr uint32_t kMostShift = 5;

  KeyedHash hash_;
  std::vector<Set> sets_;
  uint64_t forgotten_ = 0;
};

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/second_series.h"
#include "engine/traffic_spread.h"

namespace weir {

// What the flow records of a batch add to a SecondSeries: a record costs the same whether it lasted
// for a second or for half an hour, because only where its level rises and falls is written down;
// publish() sums that up. Owner: shard thread.
class SeriesSpread {
 public:
  SeriesSpread();

  // `clock`: the second in which time stands, the same for all records until publish(); no record
  // lasts beyond it.
  void add(size_t series_class, const TrafficSpread& spread, uint32_t clock);
  // Adds it all up to `series`. How many packets lay too far back.
  [[nodiscard]] uint64_t publish(SecondSeries& series, uint32_t clock);

 private:
  static constexpr size_t kSeconds = SecondSeries::kSeconds;

  // Raises the level of seconds `from` to `to`, which are offsets into the window.
  void raise(size_t series_class, size_t from, size_t to, const Traffic& traffic);
  void raise_at(size_t series_class, uint32_t second, uint32_t start, const Traffic& traffic);

  // By class: by how much a second differs from the one before it. Differences wrap.
  std::array<std::vector<Traffic>, kSeriesClasses> steps_;
  size_t lowest_ = kSeconds;  // of the offsets in use
  size_t highest_ = 0;
  uint64_t late_ = 0;
};

}  // namespace weir

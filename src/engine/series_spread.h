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
  void add(size_t series_class, const TrafficSpread& spread, uint32_t clock) {
    add_line(series_class, spread, clock, late_);
  }
  // The same of the part of it that goes one way. What lies too far back was said of the class.
  void add(Direction direction, const TrafficSpread& spread, uint32_t clock) {
    uint64_t late = 0;
    add_line(kSeriesClasses + static_cast<size_t>(direction), spread, clock, late);
  }
  // Adds it all up to `series`. How many packets lay too far back.
  [[nodiscard]] uint64_t publish(SecondSeries& series, uint32_t clock);

 private:
  static constexpr size_t kSeconds = SecondSeries::kSeconds;

  static constexpr size_t kLines = kSeriesClasses + kDirections;

  // `late`: gets the packets that lie too far back.
  void add_line(size_t line, const TrafficSpread& spread, uint32_t clock, uint64_t& late);
  // Raises the level of seconds `from` to `to`, which are offsets into the window.
  void raise(size_t line, size_t from, size_t to, const Traffic& traffic);
  void raise_at(size_t line, uint32_t second, uint32_t start, const Traffic& traffic,
                uint64_t& late);
  // What the lines stand at.
  [[nodiscard]] static SeriesPoint point_of(const std::array<Traffic, kLines>& level);

  // Of classes, then of directions: by how much a second differs from the one before it.
  // Differences wrap.
  std::array<std::vector<Traffic>, kLines> steps_;
  size_t lowest_ = kSeconds;  // of the offsets in use
  size_t highest_ = 0;
  uint64_t late_ = 0;
};

}  // namespace weir

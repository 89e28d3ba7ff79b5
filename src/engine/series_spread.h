// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/second_series.h"
#include "engine/traffic_spread.h"

namespace weir {

// The first second that a series of so many seconds can hold when time stands at `clock`.
[[nodiscard]] inline uint32_t window_start(uint32_t clock, size_t seconds) {
  return clock < seconds ? 0 : clock - static_cast<uint32_t>(seconds - 1);
}

// How a record changes the level of a line of seconds: calls raise(from, to, traffic) for runs of
// seconds, counted from `start`, that each have that much. Returns the packets that came before.
template <typename Raise>
[[nodiscard]] uint64_t raise_levels(const TrafficSpread& spread, uint32_t start, Raise&& raise) {
  uint64_t late = 0;
  const auto raise_at = [&](uint32_t second, const Traffic& traffic) {
    if (second < start) {
      late += traffic.packets;
    } else {
      raise(second - start, second - start, traffic);
    }
  };
  const uint32_t first = spread.first_second();
  const uint32_t last = spread.last_second();
  raise_at(first, spread.head());
  if (last == first) return late;
  raise_at(last, spread.tail());
  const uint32_t from = std::max(first + 1, start);
  late += spread.each().packets * (std::min(from, last) - (first + 1));
  if (from < last) raise(from - start, last - 1 - start, spread.each());
  return late;
}

// What the flow records of a batch add to a SecondSeries: a record costs the same whether it lasted
// for a second or for half an hour, because only where its level rises and falls is written down;
// publish() sums that up. Owner: shard thread.
class SeriesSpread {
 public:
  SeriesSpread();

  // `clock`: the second in which time stands, the same for all records until publish(); no record
  // lasts beyond it.
  void add(size_t series_class, const TrafficSpread& spread, uint32_t clock) {
    late_ += add_line(series_class, spread, clock);
  }
  // The same of the part of it that goes one way. What lies too far back was said of the class.
  void add(Direction direction, const TrafficSpread& spread, uint32_t clock) {
    (void)add_line(kSeriesClasses + static_cast<size_t>(direction), spread, clock);
  }
  // Adds it all up to `series`. How many packets lay too far back.
  [[nodiscard]] uint64_t publish(SecondSeries& series, uint32_t clock);

 private:
  static constexpr size_t kSeconds = SecondSeries::kSeconds;

  static constexpr size_t kLines = kSeriesClasses + kDirections;

  // The packets that lie too far back.
  uint64_t add_line(size_t line, const TrafficSpread& spread, uint32_t clock);
  // Raises the level of seconds `from` to `to`, which are offsets into the window.
  void raise(size_t line, size_t from, size_t to, const Traffic& traffic);
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

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/series_spread.h"

#include <algorithm>

namespace weir {
namespace {

void subtract(Traffic& from, const Traffic& what) {
  from.packets -= what.packets;
  from.bytes -= what.bytes;
}

}  // namespace

SeriesSpread::SeriesSpread() {
  for (auto& steps : steps_) steps.resize(kSeconds + 1);
}

void SeriesSpread::raise(size_t line, size_t from, size_t to, const Traffic& traffic) {
  std::vector<Traffic>& steps = steps_[line];
  steps[from] += traffic;
  subtract(steps[to + 1], traffic);
  lowest_ = std::min(lowest_, from);
  highest_ = std::max(highest_, to);
}

uint64_t SeriesSpread::add_line(size_t line, const TrafficSpread& spread, uint32_t clock) {
  return raise_levels(
      spread, window_start(clock, kSeconds),
      [&](size_t from, size_t to, const Traffic& part) { raise(line, from, to, part); });
}

SeriesPoint SeriesSpread::point_of(const std::array<Traffic, kLines>& level) {
  SeriesPoint point;
  std::copy_n(level.begin(), kSeriesClasses, point.classes.begin());
  std::copy_n(level.begin() + kSeriesClasses, kDirections, point.directions.begin());
  return point;
}

uint64_t SeriesSpread::publish(SecondSeries& series, uint32_t clock) {
  const uint32_t start = window_start(clock, kSeconds);
  std::array<Traffic, kLines> level{};
  for (size_t at = lowest_; at <= highest_ && lowest_ < kSeconds; ++at) {
    uint64_t packets = 0;
    uint64_t bytes = 0;
    for (size_t i = 0; i < kLines; ++i) {
      level[i] += steps_[i][at];
      steps_[i][at] = {};
    }
    for (size_t i = 0; i < kSeriesClasses; ++i) {
      packets += level[i].packets;
      bytes += level[i].bytes;
    }
    if (packets + bytes == 0) continue;
    if (!series.add(start + static_cast<uint32_t>(at), clock, point_of(level))) late_ += packets;
  }
  for (auto& steps : steps_) {
    if (lowest_ < kSeconds) steps[highest_ + 1] = {};
  }
  lowest_ = kSeconds;
  highest_ = 0;
  const uint64_t late = late_;
  late_ = 0;
  return late;
}

}  // namespace weir

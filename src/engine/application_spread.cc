// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/application_spread.h"

#include <algorithm>

#include "engine/series_spread.h"

namespace weir {

void ApplicationSpread::add(uint16_t application, const TrafficSpread& spread, uint32_t clock) {
  if (clock != clock_) {
    publish();
    clock_ = clock;
    series_->set_clock(clock);
    start_ = window_start(clock, kSeconds);
  }
  const auto column = series_->column_of(application);
  if (!column) return;
  Line& line = lines_[*column];
  if (line.steps.empty()) line.steps.resize(kSeconds + 1);
  // What lies too far back is no news: it was said of the class.
  (void)raise_levels(spread, start_, [&](size_t from, size_t to, const Traffic& traffic) {
    line.steps[from] += traffic;
    line.steps[to + 1].packets -= traffic.packets;
    line.steps[to + 1].bytes -= traffic.bytes;
    line.lowest = std::min(line.lowest, from);
    line.highest = std::max(line.highest, to);
  });
}

void ApplicationSpread::publish() {
  for (size_t i = 0; i < lines_.size(); ++i) {
    if (lines_[i].lowest < kSeconds) publish(static_cast<uint8_t>(i), lines_[i]);
  }
}

void ApplicationSpread::publish(uint8_t column, Line& line) {
  Traffic level;
  for (size_t at = line.lowest; at <= line.highest; ++at) {
    level += line.steps[at];
    line.steps[at] = {};
    if (level.packets != 0 || level.bytes != 0)
      series_->add_to(column, start_ + static_cast<uint32_t>(at), level);
  }
  line.steps[line.highest + 1] = {};
  line.lowest = kSeconds;
  line.highest = 0;
}

}  // namespace weir

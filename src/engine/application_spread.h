// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/application_series.h"
#include "engine/traffic_spread.h"

namespace weir {

// What flow records add to an ApplicationSeries, in the way of SeriesSpread: a record costs the
// same however long it lasted. It is added up once a second. Owner: shard thread. Memory: 5 KB for
// an application.
class ApplicationSpread {
 public:
  // `series` outlives it.
  explicit ApplicationSpread(ApplicationSeries& series) : series_(&series) {}

  // `clock`: the second in which time stands; no record lasts beyond it.
  void add(uint16_t application, const TrafficSpread& spread, uint32_t clock);
  // Adds to the series what was not yet.
  void publish();

 private:
  static constexpr size_t kSeconds = ApplicationSeries::kSeconds;
  struct Line {
    std::vector<Traffic> steps;  // by how much a second differs from the one before it; they wrap
    size_t lowest = kSeconds;    // of those in use
    size_t highest = 0;
  };

  void publish(uint8_t column, Line& line);

  ApplicationSeries* series_;
  std::array<Line, ApplicationSeries::kColumns> lines_;
  uint32_t clock_ = 0;
  uint32_t start_ = 0;  // the second of the first step
};

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic_spread.h"

#include <gtest/gtest.h>

#include "engine/series_spread.h"

namespace weir {
namespace {

constexpr uint32_t kStart = 1'700'000'000;

Traffic sum_of(const TrafficSpread& spread) {
  Traffic sum;
  for (uint32_t second = spread.first_second(); second <= spread.last_second(); ++second)
    sum += spread.at(second);
  return sum;
}

TEST(TrafficSpread, AddsUpToTheWholeWhateverTheTimes) {
  for (const uint32_t length : {0U, 1U, 2U, 3U, 59U, 1800U}) {
    for (const uint32_t from : {0U, 1U, 499'999'999U, 999'999'999U}) {
      for (const uint32_t to : {0U, 7U, 500'000'000U, 999'999'999U}) {
        if (length == 0 && to < from) continue;
        const Traffic all{1'000'003, 987'654'321'987};
        const TrafficSpread spread({kStart, from}, {kStart + length, to}, all);
        EXPECT_EQ(sum_of(spread), all) << length << " " << from << " " << to;
        EXPECT_EQ(spread.before(spread.last_second() + 1), all);
        EXPECT_EQ(spread.before(spread.first_second()), Traffic());
      }
    }
  }
}

TEST(TrafficSpread, GivesEachSecondItsShare) {
  const TrafficSpread spread({kStart, 500'000'000}, {kStart + 2, 500'000'000}, {200, 2000});
  EXPECT_EQ(spread.at(kStart), (Traffic{50, 500}));
  EXPECT_EQ(spread.at(kStart + 1), (Traffic{100, 1000}));
  EXPECT_EQ(spread.at(kStart + 2), (Traffic{50, 500}));
  EXPECT_EQ(spread.at(kStart + 3), Traffic());
  EXPECT_EQ(spread.before(kStart + 2), (Traffic{150, 1500}));
}

uint64_t bytes_at(const SecondSeries& series, uint32_t second) {
  const auto point = series.at(second);
  return point ? point->classes[0].bytes : 0;
}

TEST(SeriesSpread, RaisesEverySecondOfARecord) {
  SecondSeries series;
  SeriesSpread spread;
  const uint32_t clock = kStart + 100;
  spread.add(0, TrafficSpread({kStart, 0}, {kStart + 10, 0}, {100, 1000}), clock);
  spread.add(0, TrafficSpread({kStart + 5, 0}, {kStart + 5, 1}, {1, 7}), clock);
  EXPECT_EQ(spread.publish(series, clock), 0U);
  EXPECT_EQ(bytes_at(series, kStart), 100U);
  EXPECT_EQ(bytes_at(series, kStart + 4), 100U);
  EXPECT_EQ(bytes_at(series, kStart + 5), 107U);
  EXPECT_EQ(bytes_at(series, kStart + 9), 100U);
  EXPECT_EQ(bytes_at(series, kStart + 10), 0U);
  // What was published is published once.
  EXPECT_EQ(spread.publish(series, clock), 0U);
  EXPECT_EQ(bytes_at(series, kStart + 5), 107U);
}

TEST(SeriesSpread, AddsUpWithWhatCameTooLate) {
  SecondSeries series;
  SeriesSpread spread;
  const uint32_t clock = kStart + 5000;
  spread.add(0, TrafficSpread({kStart, 0}, {kStart + 2000, 0}, {2000, 20'000}), clock);
  const uint64_t late = spread.publish(series, clock);
  uint64_t packets = 0;
  for (uint32_t second = clock - 3599; second <= clock; ++second) {
    const auto point = series.at(second);
    if (point) packets += point->classes[0].packets;
  }
  EXPECT_EQ(packets + late, 2000U);
  EXPECT_EQ(late, clock - 3599 - kStart);
}

TEST(SeriesSpread, TakesTheWholeWindow) {
  SecondSeries series;
  SeriesSpread spread;
  const uint32_t clock = kStart + 3599;
  spread.add(3, TrafficSpread({kStart, 0}, {clock, 999'999'999}, {3600, 36'000}), clock);
  EXPECT_EQ(spread.publish(series, clock), 0U);
  uint64_t packets = 0;
  for (uint32_t second = kStart; second <= clock; ++second)
    packets += series.at(second)->classes[3].packets;
  EXPECT_EQ(packets, 3600U);
}

TEST(SeriesSpread, TellsDirectionsApart) {
  SecondSeries series;
  SeriesSpread spread;
  spread.add(0, TrafficSpread({kStart, 0}, {kStart + 2, 0}, {4, 400}), kStart + 2);
  spread.add(Direction::kIn, TrafficSpread({kStart, 0}, {kStart + 2, 0}, {2, 300}), kStart + 2);
  spread.add(Direction::kOut, TrafficSpread({kStart, 0}, {kStart + 2, 0}, {2, 100}), kStart + 2);
  EXPECT_EQ(spread.publish(series, kStart + 2), 0U);
  for (const uint32_t second : {kStart, kStart + 1}) {
    const auto point = series.at(second);
    ASSERT_TRUE(point);
    EXPECT_EQ(point->directions[static_cast<size_t>(Direction::kIn)], (Traffic{1, 150}));
    EXPECT_EQ(point->directions[static_cast<size_t>(Direction::kOut)], (Traffic{1, 50}));
    EXPECT_EQ(point->directions[static_cast<size_t>(Direction::kWithin)], Traffic());
  }
}

}  // namespace
}  // namespace weir

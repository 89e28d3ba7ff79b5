// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/application_series.h"

#include <algorithm>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "engine/application_spread.h"

namespace weir {
namespace {

using Seen = std::map<uint16_t, Traffic>;

Seen seen_in(const ApplicationSeries& series, uint32_t second) {
  Seen seen;
  series.visit(second, [&](uint16_t application, const Traffic& traffic) {
    EXPECT_FALSE(seen.contains(application));
    seen[application] = traffic;
  });
  return seen;
}

TEST(ApplicationSeries, AddsUpWhatAnApplicationDidInASecond) {
  ApplicationSeries series;
  series.set_clock(1002);
  series.add(7, 1000, {1, 100});
  series.add(9, 1000, {2, 50});
  series.add(7, 1000, {1, 11});
  series.add(9, 1002, {1, 5});
  EXPECT_EQ(seen_in(series, 1000), (Seen{{7, {2, 111}}, {9, {2, 50}}}));
  EXPECT_EQ(seen_in(series, 1001), Seen());
  EXPECT_EQ(seen_in(series, 1002), (Seen{{9, {1, 5}}}));
}

TEST(ApplicationSeries, TakesNoPlaceFromATrueSecond) {
  constexpr auto kRound = static_cast<uint32_t>(ApplicationSeries::kSeconds);
  ApplicationSeries series;
  series.set_clock(1000);
  series.add(7, 1001, {1, 100});
  EXPECT_EQ(seen_in(series, 1001), Seen()) << "beyond the clock";
  series.add(7, 1000, {1, 100});
  series.set_clock(1000 + kRound);
  series.add(8, 1000 + kRound, {1, 60});
  EXPECT_EQ(seen_in(series, 1000 + kRound), (Seen{{8, {1, 60}}})) << "nothing of the one before";
  series.add(7, 1000, {1, 100});
  EXPECT_EQ(seen_in(series, 1000), Seen()) << "too late";
  EXPECT_EQ(seen_in(series, 1000 + kRound), (Seen{{8, {1, 60}}}));
}

TEST(ApplicationSeries, GoesOnWhenTimeGoesBack) {
  ApplicationSeries series;
  series.set_clock(1700);
  for (uint32_t second = 1000; second <= 1700; ++second) series.add(7, second, {1, 100});
  series.set_clock(1100);
  series.add(7, 1100, {1, 60});
  EXPECT_EQ(seen_in(series, 1100), (Seen{{7, {1, 60}}}));
  EXPECT_EQ(seen_in(series, 1100 + ApplicationSeries::kSeconds), Seen());
}

TEST(ApplicationSeries, GivesAColumnOnOfWhichNothingIsHeard) {
  constexpr auto kRound = static_cast<uint32_t>(ApplicationSeries::kSeconds);
  ApplicationSeries series;
  series.set_clock(1000);
  for (uint16_t application = 1; application <= ApplicationSeries::kColumns; ++application)
    series.add(application, 1000, {1, application});
  for (uint32_t second = 1001; second < 1000 + kRound; ++second) {
    series.set_clock(second);
    series.add(7, second, {1, 5});
    series.add(2000, second, {1, 9});
    EXPECT_EQ(seen_in(series, second), (Seen{{7, {1, 5}}})) << "none is left";
  }
  series.set_clock(1000 + kRound);
  series.add(2000, 1000 + kRound, {1, 9});
  series.add(7, 1000 + kRound, {1, 5});
  EXPECT_EQ(seen_in(series, 1000 + kRound), (Seen{{7, {1, 5}}, {2000, {1, 9}}}));
  EXPECT_EQ(seen_in(series, 999 + kRound), (Seen{{7, {1, 5}}})) << "what was is not the new one's";
  const std::vector<uint16_t> columns = series.columns();
  EXPECT_EQ(std::count(columns.begin(), columns.end(), 2000), 1);
  EXPECT_EQ(std::count(columns.begin(), columns.end(), 7), 1);
  EXPECT_EQ(columns.size(), ApplicationSeries::kColumns);
}

TEST(ApplicationSeries, LeavesOutApplicationsForWhichItHasNoColumn) {
  ApplicationSeries series;
  series.set_clock(1000);
  for (uint16_t application = 1; application < kMaxApplications; ++application)
    series.add(application, 1000, {1, application});
  const Seen seen = seen_in(series, 1000);
  EXPECT_EQ(seen.size(), ApplicationSeries::kColumns);
  EXPECT_EQ(seen.begin()->first, 1);
  EXPECT_EQ(seen.rbegin()->first, ApplicationSeries::kColumns);
  EXPECT_FALSE(series.column_of(kMaxApplications - 1));
}

// Whoever was silent for long and is heard again keeps its column, whatever else is heard then.
TEST(ApplicationSpread, TakesNoColumnOfWhatItHasJustHeard) {
  constexpr auto kRound = static_cast<uint32_t>(ApplicationSeries::kSeconds);
  ApplicationSeries series;
  ApplicationSpread spread(series);
  const auto add = [&](uint16_t application, uint32_t second) {
    spread.add(application, TrafficSpread({second, 0}, {second, 1}, {1, application}), second);
  };
  for (uint16_t application = 1; application <= ApplicationSeries::kColumns; ++application)
    add(application, 1000);
  const uint32_t later = 1000 + 2 * kRound;
  add(1, later);
  add(2000, later + 1);
  spread.publish();
  EXPECT_EQ(seen_in(series, later), (Seen{{1, {1, 1}}}));
  EXPECT_EQ(seen_in(series, later + 1), (Seen{{2000, {1, 2000}}}));
}

// Against each record second by second.
TEST(ApplicationSpread, SpreadsRecordsAsTheyLasted) {
  std::mt19937 random(11);
  const auto pick = [&](uint32_t below) { return static_cast<uint32_t>(random() % below); };
  ApplicationSeries series;
  ApplicationSpread spread(series);
  std::map<uint32_t, Seen> expected;
  constexpr uint32_t kStart = 100'000;
  uint32_t clock = kStart;
  for (int i = 0; i < 2000; ++i) {
    if (pick(20) == 0) clock += pick(3);
    const uint32_t last = clock - pick(3);
    const uint32_t first = last - pick(i % 10 == 0 ? 400 : 5);
    const auto application = static_cast<uint16_t>(1 + pick(6));
    const TrafficSpread one({first, pick(1'000'000'000)}, {last, 999'999'999},
                            {1 + pick(100), 100 + pick(100'000)});
    spread.add(application, one, clock);
    constexpr auto kReach = static_cast<uint32_t>(ApplicationSeries::kSeconds - 1);
    for (uint32_t second = std::max(first, clock - kReach); second <= last; ++second)
      expected[second][application] += one.at(second);
  }
  spread.publish();
  for (uint32_t second = clock - 250; second <= clock; ++second) {
    Seen& wanted = expected[second];
    std::erase_if(wanted, [](const auto& each) { return each.second == Traffic{}; });
    EXPECT_EQ(seen_in(series, second), wanted) << second;
  }
  spread.publish();
  EXPECT_EQ(seen_in(series, clock), expected[clock]) << "once";
}

}  // namespace
}  // namespace weir

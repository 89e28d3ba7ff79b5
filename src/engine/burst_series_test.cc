// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/burst_series.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace weir {
namespace {

constexpr uint32_t kNow = 1'700'000'000;
constexpr uint32_t kMillisecond = 1'000'000;

// 0 when the second is not there.
uint64_t peak_of(const BurstSeries& series, uint32_t second) {
  BurstSeries::Windows windows{};
  if (!series.add_to(windows, second)) return 0;
  return *std::max_element(windows.begin(), windows.end());
}

TEST(BurstSeries, KeepsTheWindowsOfEachSecond) {
  BurstSeries series;
  const auto at = [](uint32_t second, uint32_t milliseconds) {
    return Timestamp{kNow + second, milliseconds * kMillisecond};
  };
  EXPECT_TRUE(series.add(at(0, 0), at(0, 9), 100, kNow));
  EXPECT_TRUE(series.add(at(0, 10), at(0, 10), 70, kNow));
  EXPECT_TRUE(series.add(at(0, 5), at(0, 5), 20, kNow)) << "late in its second";
  EXPECT_EQ(peak_of(series, kNow), 120U);
  EXPECT_TRUE(series.add(at(1, 999), at(1, 999), 7, kNow + 1));
  EXPECT_EQ(peak_of(series, kNow + 1), 7U);
  EXPECT_EQ(peak_of(series, kNow), 120U);
  BurstSeries::Windows windows{};
  EXPECT_TRUE(series.add_to(windows, kNow));
  EXPECT_EQ(windows[1], 70U);
}

TEST(BurstSeries, TellsNoWindowsApart) {
  BurstSeries series;
  EXPECT_FALSE(series.add({kNow, 0}, {kNow, 10 * kMillisecond}, 100, kNow));
  EXPECT_FALSE(series.add({kNow - 1, 0}, {kNow, 0}, 100, kNow))
      << "the same part of another second";
  EXPECT_EQ(peak_of(series, kNow), 0U);
}

TEST(BurstSeries, BelievesNoTimeThatIsNotYet) {
  BurstSeries series;
  EXPECT_TRUE(series.add({kNow + 600, 0}, {kNow + 600, 0}, 100, kNow));
  EXPECT_EQ(peak_of(series, kNow + 600), 0U);
  EXPECT_TRUE(series.add({kNow, 0}, {kNow, 0}, 100, kNow));
  EXPECT_EQ(peak_of(series, kNow), 100U);
  // A place holds the latest of its seconds.
  EXPECT_TRUE(series.add({kNow - 600, 0}, {kNow - 600, 0}, 100, kNow));
  EXPECT_EQ(peak_of(series, kNow - 600), 0U);
  EXPECT_TRUE(series.add({kNow + 600, 0}, {kNow + 600, 0}, 1, kNow + 600));
  EXPECT_EQ(peak_of(series, kNow), 0U);
  EXPECT_EQ(peak_of(series, kNow + 600), 1U);
}

TEST(BurstSeries, AddsUpWithThoseOfOthers) {
  BurstSeries one;
  BurstSeries other;
  EXPECT_TRUE(one.add({kNow, 0}, {kNow, 0}, 100, kNow));
  EXPECT_TRUE(other.add({kNow, 20 * kMillisecond}, {kNow, 20 * kMillisecond}, 90, kNow));
  EXPECT_TRUE(other.add({kNow, 0}, {kNow, 0}, 1, kNow));
  BurstSeries::Windows windows{};
  EXPECT_TRUE(one.add_to(windows, kNow));
  EXPECT_TRUE(other.add_to(windows, kNow));
  EXPECT_EQ(*std::max_element(windows.begin(), windows.end()), 101U);
}

}  // namespace
}  // namespace weir

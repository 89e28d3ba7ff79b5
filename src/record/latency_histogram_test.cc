// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/latency_histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace weir {
namespace {

uint64_t exact(std::vector<uint64_t> times, double quantile) {
  std::sort(times.begin(), times.end());
  const auto rank = static_cast<size_t>(std::ceil(quantile * static_cast<double>(times.size())));
  return times[std::max<size_t>(rank, 1) - 1];
}

void expect_near(const std::vector<uint64_t>& times, const LatencyHistogram& histogram) {
  for (const double quantile : {0.01, 0.5, 0.9, 0.95, 0.99, 1.0}) {
    const auto truth = static_cast<double>(exact(times, quantile));
    EXPECT_NEAR(histogram.percentile(quantile), truth, truth * LatencyHistogram::kRelativeError)
        << quantile;
  }
}

TEST(LatencyHistogram, IsWithinThreePercentWhateverTheTimes) {
  std::mt19937_64 random(7);
  std::lognormal_distribution<double> spread(16, 3);  // of 9 ms, most from 20 µs to 4 s
  std::vector<uint64_t> times;
  LatencyHistogram histogram;
  for (int i = 0; i < 20'000; ++i) {
    const double time = std::clamp(spread(random), 5'000.0, 3.0e11);
    times.push_back(static_cast<uint64_t>(time));
    histogram.add(LatencyHistogram::bucket_of(times.back()));
  }
  EXPECT_EQ(histogram.count(), times.size());
  expect_near(times, histogram);
}

TEST(LatencyHistogram, OfTwoPartsIsThatOfTheWhole) {
  std::vector<uint64_t> times;
  LatencyHistogram fast;
  LatencyHistogram slow;
  for (uint64_t i = 0; i < 1000; ++i) {
    times.push_back(1'000'000 + i * 100);
    fast.add(LatencyHistogram::bucket_of(times.back()));
    times.push_back(500'000'000 + i * 100'000);
    slow.add(LatencyHistogram::bucket_of(times.back()));
  }
  fast += slow;
  EXPECT_EQ(fast.count(), 2000U);
  expect_near(times, fast);
}

TEST(LatencyHistogram, HasBucketsInOrderAndNoneBeyondItsEnds) {
  EXPECT_EQ(LatencyHistogram::bucket_of(0), 0U);
  EXPECT_EQ(LatencyHistogram::bucket_of(4095), 0U);
  EXPECT_EQ(LatencyHistogram::bucket_of(4096), 1U);
  EXPECT_EQ(LatencyHistogram::bucket_of(UINT64_MAX), LatencyHistogram::kBuckets - 1);
  size_t before = 0;
  for (uint64_t time = 1; time < UINT64_MAX / 2; time += time / 50 + 1) {
    const size_t bucket = LatencyHistogram::bucket_of(time);
    EXPECT_GE(bucket, before);
    EXPECT_LE(bucket, before + 1);
    before = bucket;
  }
}

TEST(LatencyHistogram, KnowsNothingOfNoTimes) {
  EXPECT_EQ(LatencyHistogram().percentile(0.5), 0);
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/step_times.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

using std::chrono::nanoseconds;

TEST(StepTimes, HaveABucketForEachDoubling) {
  EXPECT_EQ(StepTimes::bucket_of(0), 0U);
  EXPECT_EQ(StepTimes::bucket_of(999), 0U);
  EXPECT_EQ(StepTimes::bucket_of(1000), 1U);
  EXPECT_EQ(StepTimes::bucket_of(1999), 1U);
  EXPECT_EQ(StepTimes::bucket_of(2000), 2U);
  EXPECT_EQ(StepTimes::bucket_of(1'023'999), 10U);
  EXPECT_EQ(StepTimes::bucket_of(1'024'000), 11U);
  EXPECT_EQ(StepTimes::bucket_of(1'048'575'999), 20U);
  EXPECT_EQ(StepTimes::bucket_of(1'048'576'000), 21U);
  EXPECT_EQ(StepTimes::bucket_of(UINT64_MAX), StepTimes::kBuckets - 1);
}

TEST(StepTimes, KeepKindsApartAndTheLongest) {
  StepTimes times;
  times.add(StepKind::kPlain, nanoseconds(1500));
  times.add(StepKind::kPlain, nanoseconds(700'000));
  times.add(StepKind::kPlain, nanoseconds(1600));
  times.add(StepKind::kGrowth, nanoseconds(20));
  times.add(StepKind::kIdle, nanoseconds(-5));  // a clock that went back costs nothing
  const StepTimes::Histogram& plain = times.of(StepKind::kPlain);
  EXPECT_EQ(plain.steps[1].read(), 2U);
  EXPECT_EQ(plain.steps[10].read(), 1U);
  EXPECT_EQ(plain.total_ns.read(), 703'100U);
  EXPECT_EQ(plain.longest_ns.read(), 700'000U);
  EXPECT_EQ(times.of(StepKind::kGrowth).steps[0].read(), 1U);
  EXPECT_EQ(times.of(StepKind::kIdle).longest_ns.read(), 0U);
  EXPECT_EQ(times.of(StepKind::kPurge).total_ns.read(), 0U);
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/timestamp.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Timestamp, GoesToNanosecondsAndBack) {
  const Timestamp when{1'700'000'000, 123'456'789};
  EXPECT_EQ(when.as_nanoseconds(), 1'700'000'000'123'456'789);
  EXPECT_EQ(Timestamp::from_nanoseconds(when.as_nanoseconds()), when);
  EXPECT_EQ(Timestamp::from_nanoseconds(999'999'999), (Timestamp{0, 999'999'999}));
  EXPECT_EQ(Timestamp::from_nanoseconds(1'000'000'000), (Timestamp{1, 0}));
}

TEST(Timestamp, IsClampedToWhatItCanHold) {
  EXPECT_EQ(Timestamp::from_nanoseconds(-1), Timestamp{});
  EXPECT_EQ(Timestamp::from_nanoseconds(INT64_MIN), Timestamp{});
  EXPECT_EQ(Timestamp::from_nanoseconds(INT64_MAX), (Timestamp{UINT32_MAX, 999'999'999}));
  const Timestamp last{UINT32_MAX, 999'999'999};
  EXPECT_EQ(Timestamp::from_nanoseconds(last.as_nanoseconds()), last);
  EXPECT_EQ(Timestamp::from_nanoseconds(last.as_nanoseconds() + 1), last);
}

TEST(Timestamp, IsOrderedBySecondsThenNanoseconds) {
  EXPECT_LT((Timestamp{1, 999'999'999}), (Timestamp{2, 0}));
  EXPECT_LT((Timestamp{2, 0}), (Timestamp{2, 1}));
}

TEST(Timestamp, AsSecondsKeepsTheFraction) {
  EXPECT_DOUBLE_EQ((Timestamp{10, 500'000'000}).as_seconds(), 10.5);
}

}  // namespace
}  // namespace weir

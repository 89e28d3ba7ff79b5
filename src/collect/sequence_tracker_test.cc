// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/sequence_tracker.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(SequenceTracker, FindsNoLossWhereNumbersAreOfTheFirstUnit) {
  SequenceTracker tracker;
  uint32_t next = 1000;
  for (const uint32_t units : {30U, 7U, 0U, 30U, 1U}) {
    tracker.see(next, units);
    next += units;
  }
  EXPECT_EQ(tracker.lost(), 0U);
  EXPECT_EQ(tracker.received(), 68U);
  EXPECT_FALSE(tracker.counts_own_units());
}

TEST(SequenceTracker, LearnsThatNumbersCountTheUnitsOfTheirOwnMessage) {
  SequenceTracker tracker;
  uint32_t sum = 0;
  for (const uint32_t units : {30U, 7U, 0U, 30U, 1U, 12U}) {
    sum += units;
    tracker.see(sum, units);
  }
  EXPECT_EQ(tracker.lost(), 0U);
  EXPECT_TRUE(tracker.counts_own_units());
}

TEST(SequenceTracker, CountsWhatIsMissingInEitherReading) {
  SequenceTracker by_the_rules;
  SequenceTracker own;
  uint32_t sum = 0;
  for (uint32_t message = 0; message < 100; ++message) {
    const uint32_t units = 1 + message % 5;
    sum += units;
    if (message % 10 == 7) continue;  // each of them held three
    by_the_rules.see(sum - units, units);
    own.see(sum, units);
  }
  EXPECT_EQ(by_the_rules.lost(), 30U);
  EXPECT_EQ(by_the_rules.gaps(), 10U);
  EXPECT_EQ(own.lost(), 30U);
  EXPECT_TRUE(own.counts_own_units());
}

TEST(SequenceTracker, TakesBackALossWhenTheMessageComesLate) {
  SequenceTracker tracker;
  tracker.see(0, 10);
  tracker.see(30, 10);
  EXPECT_EQ(tracker.lost(), 20U);
  tracker.see(20, 10);
  EXPECT_EQ(tracker.lost(), 10U);
  tracker.see(10, 10);
  EXPECT_EQ(tracker.lost(), 0U);
  EXPECT_EQ(tracker.late(), 2U);
  tracker.see(40, 10);
  EXPECT_EQ(tracker.lost(), 0U);
  EXPECT_EQ(tracker.restarts(), 0U);
}

TEST(SequenceTracker, TakesBackTheMiddleOfAGapAndThenItsEnds) {
  SequenceTracker tracker;
  tracker.see(0, 10);
  tracker.see(40, 10);
  tracker.see(20, 10);
  EXPECT_EQ(tracker.lost(), 20U);
  tracker.see(30, 10);
  tracker.see(10, 10);
  EXPECT_EQ(tracker.lost(), 0U);
}

TEST(SequenceTracker, WrapsAt32Bits) {
  SequenceTracker tracker;
  tracker.see(0xfffffff0, 0x20);
  tracker.see(0x10, 5);
  EXPECT_EQ(tracker.lost(), 0U);
  tracker.see(0x18, 5);
  EXPECT_EQ(tracker.lost(), 3U);
}

TEST(SequenceTracker, TakesAJumpBackForARestart) {
  SequenceTracker tracker;
  tracker.see(5'000'000, 10);
  tracker.see(5'000'010, 10);
  tracker.see(0, 10);
  tracker.see(10, 10);
  EXPECT_EQ(tracker.lost(), 0U);
  EXPECT_EQ(tracker.restarts(), 1U);
}

TEST(SequenceTracker, TakesAJumpOfMillionsForARestart) {
  SequenceTracker tracker;
  tracker.see(10, 10);
  tracker.see(4'000'000'000, 10);
  EXPECT_EQ(tracker.lost(), 0U);
  EXPECT_EQ(tracker.restarts(), 1U);
}

TEST(SequenceTracker, SaysNothingAboutWhatLiesBesideAMessageOfUnknownLength) {
  SequenceTracker tracker;
  tracker.see(0, 10);
  tracker.see_unknown(10);
  tracker.see(37, 10);
  tracker.see(47, 10);
  EXPECT_EQ(tracker.lost(), 0U);
  EXPECT_EQ(tracker.gaps(), 0U);
}

TEST(SequenceTracker, TakesAMessageWithoutUnitsForLateAndNotForARestart) {
  SequenceTracker tracker;
  tracker.see(70, 7);
  tracker.see(77, 12);
  tracker.see(89, 11);
  tracker.see(100, 10);  // before the templates that were sent first
  tracker.see(100, 0);
  tracker.see(110, 9);
  EXPECT_EQ(tracker.lost(), 0U);
  EXPECT_EQ(tracker.restarts(), 0U);
  EXPECT_EQ(tracker.late(), 1U);
}

}  // namespace
}  // namespace weir

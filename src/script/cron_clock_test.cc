// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/cron_clock.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr sys_seconds kNoon{seconds{1'700'000'000 / 86'400 * 86'400 + 43'200}};  // of a day in UTC

TEST(CronClock, BeginsNothingBeforeItKnowsWhereTimeStands) {
  CronClock clock;
  EXPECT_THAT(clock.advance(kNoon, seconds(0)), IsEmpty());
  EXPECT_THAT(clock.advance(kNoon, seconds(0)), IsEmpty()) << "the same second again";
  EXPECT_THAT(clock.advance(kNoon + seconds(1), seconds(0)), ElementsAre("second"));
}

TEST(CronClock, BeginsEachPeriodOfADayAsOftenAsTheDayHasIt) {
  CronClock clock;
  (void)clock.advance(kNoon, hours(2));
  std::map<std::string_view, int> begun;
  for (int second = 1; second <= 86'400; ++second) {
    for (const std::string_view period : clock.advance(kNoon + seconds(second), hours(2)))
      ++begun[period];
  }
  EXPECT_EQ(begun["second"], 86'400);
  EXPECT_EQ(begun["minute"], 1440);
  EXPECT_EQ(begun["five_minutes"], 288);
  EXPECT_EQ(begun["hour"], 24);
  EXPECT_EQ(begun["day"], 1);
  EXPECT_EQ(clock.missed_seconds(), 0U);
}

TEST(CronClock, BeginsADayAtLocalMidnight) {
  CronClock clock;
  const sys_seconds midnight = kNoon + hours(12) - (hours(5) + minutes(30));
  (void)clock.advance(midnight - seconds(1), hours(5) + minutes(30));
  EXPECT_THAT(clock.advance(midnight, hours(5) + minutes(30)),
              ElementsAre("second", "minute", "five_minutes", "hour", "day"));
}

TEST(CronClock, RunsOnceWhatBeganWhileTheMachineSlept) {
  CronClock clock;
  (void)clock.advance(kNoon, seconds(0));
  EXPECT_THAT(clock.advance(kNoon + hours(30) + seconds(7), seconds(0)),
              ElementsAre("second", "minute", "five_minutes", "hour", "day"));
  EXPECT_EQ(clock.missed_seconds(), 30U * 3600 + 6);
  EXPECT_THAT(clock.advance(kNoon + hours(30) + seconds(8), seconds(0)), ElementsAre("second"));
}

TEST(CronClock, BeginsADayOnlyOnceWhateverTheClockDoes) {
  CronClock clock;
  const sys_seconds midnight = kNoon + hours(12);
  (void)clock.advance(midnight - seconds(1), seconds(0));
  EXPECT_THAT(clock.advance(midnight, seconds(0)), ::testing::Contains("day"));
  EXPECT_THAT(clock.advance(midnight - hours(1), seconds(0)), ::testing::Contains("hour"));
  int days = 0;
  for (int minute = -59; minute < 60; ++minute) {
    for (const std::string_view period : clock.advance(midnight + minutes(minute), seconds(0)))
      days += period == "day" ? 1 : 0;
  }
  EXPECT_EQ(days, 0);
  // The end of summer time at midnight: the hour before comes again.
  EXPECT_THAT(clock.advance(midnight + hours(24), -hours(1)),
              ::testing::Not(::testing::Contains("day")));
  EXPECT_THAT(clock.advance(midnight + hours(25), -hours(1)), ::testing::Contains("day"));
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/local_day.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using std::chrono::sys_seconds;

sys_seconds at(int64_t seconds_since_1970) {
  return sys_seconds(seconds(seconds_since_1970));
}
UtcOffset always(seconds offset) {
  return [offset](sys_seconds) { return offset; };
}

// 2026-11-28 00:00:00 UTC.
constexpr int64_t kDay = 1'795'824'000;

TEST(LocalDay, LiesBetweenTwoMidnights) {
  for (const int64_t second : {int64_t{0}, int64_t{1}, int64_t{86'399}}) {
    const LocalDay day = local_day_before(at(kDay + second), 0, always(seconds(0)));
    EXPECT_EQ(day, (LocalDay{"2026-11-28", at(kDay), at(kDay + 86'400)})) << second;
  }
  EXPECT_EQ(local_day_before(at(kDay), 1, always(seconds(0))),
            (LocalDay{"2026-11-27", at(kDay - 86'400), at(kDay)}));
  EXPECT_EQ(local_day_before(at(kDay), 365, always(seconds(0))).name, "2025-11-28");
}

TEST(LocalDay, IsThatOfThePlace) {
  const LocalDay tokyo = local_day_before(at(kDay - 1), 0, always(hours(9)));
  EXPECT_EQ(tokyo, (LocalDay{"2026-11-28", at(kDay - 9 * 3600), at(kDay + 15 * 3600)}));
  const LocalDay west = local_day_before(at(kDay + 3600), 0, always(hours(-8)));
  EXPECT_EQ(west.name, "2026-11-27");
  EXPECT_EQ(west.begin, at(kDay - 16 * 3600));
}

// Clocks went back an hour at 01:00 UTC on 2026-10-25 in Berlin, forward on 2026-03-29.
TEST(LocalDay, Has23To25Hours) {
  const auto berlin = [](sys_seconds when) -> seconds {
    const bool is_summer = when >= at(1'774'746'000) && when < at(1'792'890'000);
    return hours(is_summer ? 2 : 1);
  };
  const LocalDay longest = local_day_before(at(1'792'890'000), 0, berlin);
  EXPECT_EQ(longest.name, "2026-10-25");
  EXPECT_EQ(longest.end - longest.begin, hours(25));
  const LocalDay shortest = local_day_before(at(1'774'746'000), 0, berlin);
  EXPECT_EQ(shortest.name, "2026-03-29");
  EXPECT_EQ(shortest.end - shortest.begin, hours(23));
  EXPECT_EQ(local_day_before(longest.end, 1, berlin), longest);
  EXPECT_EQ(local_day_before(longest.end - seconds(1), 0, berlin), longest);
}

TEST(LocalDay, HasANameOfOneShape) {
  EXPECT_TRUE(is_day_name("2026-11-28"));
  for (const char* name :
       {"", "2026-11-2", "2026-11-288", "2026/11/28", "x026-11-28", "2026-11-2x"})
    EXPECT_FALSE(is_day_name(name)) << name;
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/shared_runs.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

SharedRuns::Waiter waiter(std::string target, int& answers) {
  return {{.method = "GET", .target = std::move(target)},
          [&answers](const HttpAnswer&) { ++answers; }};
}

TEST(SharedRuns, GivesAllWhoWaitForTheSameToOneRun) {
  SharedRuns runs;
  int answers = 0;
  EXPECT_TRUE(runs.wait(waiter("/a", answers)));
  EXPECT_FALSE(runs.wait(waiter("/a", answers)));
  EXPECT_TRUE(runs.wait(waiter("/a?limit=1", answers)));
  for (const auto& each : runs.take("/a")) each.send({});
  EXPECT_EQ(answers, 2);
  EXPECT_EQ(runs.shared(), 1U);
}

// An answer may not be older than its question.
TEST(SharedRuns, LeavesWhoComesAfterTheBeginningToTheNextRun) {
  SharedRuns runs;
  int answers = 0;
  EXPECT_TRUE(runs.wait(waiter("/a", answers)));
  EXPECT_EQ(runs.take("/a").size(), 1U);
  EXPECT_TRUE(runs.wait(waiter("/a", answers)));
  EXPECT_EQ(runs.take("/a").size(), 1U);
  EXPECT_TRUE(runs.take("/a").empty());
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/host_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir {
namespace {

using ::testing::ElementsAre;
using State = HostIndex::State;

TEST(HostIndex, TellsWhatIsArchivedAndWhatWasTakenOut) {
  HostIndex index(10);
  EXPECT_EQ(index.state(1), State::kUnknown);
  index.add(1);
  index.add(2);
  index.take(1);
  index.take(3);
  EXPECT_EQ(index.state(1), State::kTaken);
  EXPECT_EQ(index.state(2), State::kArchived);
  EXPECT_EQ(index.state(3), State::kUnknown);
  EXPECT_EQ(index.archived(), 1U);
  EXPECT_EQ(index.size(), 2U);
  index.add(1);
  EXPECT_EQ(index.state(1), State::kArchived);
  EXPECT_EQ(index.archived(), 2U);
}

TEST(HostIndex, ForgetsThoseThatWereArchivedTheLongestTimeAgo) {
  HostIndex index(3);
  for (const uint64_t hash : {1, 2, 3}) index.add(hash);
  index.add(1);  // again
  index.add(4);
  EXPECT_EQ(index.state(2), State::kUnknown);
  EXPECT_THAT(index.hashes(), ElementsAre(3, 1, 4));
  index.take(3);
  index.add(5);
  EXPECT_THAT(index.hashes(), ElementsAre(1, 4, 5));
  EXPECT_EQ(index.archived(), 3U) << "one that was taken out was forgotten";
}

TEST(HostIndex, StaysSmallWhenTheSameHostsComeAndGo) {
  HostIndex index(4);
  for (uint64_t i = 0; i < 10'000; ++i) {
    index.add(i % 3);
    index.take(i % 3);
  }
  EXPECT_EQ(index.size(), 3U);
  EXPECT_EQ(index.archived(), 0U);
  EXPECT_THAT(index.hashes(), ElementsAre(1, 2, 0));
}

}  // namespace
}  // namespace weir

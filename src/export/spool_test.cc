// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/spool.h"

#include <string>

#include <gtest/gtest.h>

namespace weir {
namespace {

using std::chrono::milliseconds;

std::vector<Message> messages(std::initializer_list<const char*> texts) {
  std::vector<Message> made;
  for (const char* text : texts) made.push_back({text, 1});
  return made;
}

TEST(Spool, GivesInTheOrderInWhichItGot) {
  Spool spool(1 << 20);
  spool.add(messages({"a", "b", "c"}));
  const auto first = spool.take(2, milliseconds(0));
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[0].bytes, "a");
  EXPECT_EQ(first[1].bytes, "b");
  EXPECT_EQ(spool.take(2, milliseconds(0)).size(), 1U);
  EXPECT_TRUE(spool.take(2, milliseconds(1)).empty());
  EXPECT_EQ(spool.figures().bytes, 0U);
}

TEST(Spool, LetsTheOldestGoAndCountsTheirFlows) {
  Spool spool(3 * (Spool::kMessageBytes + 1));
  spool.add(messages({"a", "b"}));
  spool.add(messages({"c", "d", "e"}));
  EXPECT_EQ(spool.figures().messages, 3U);
  EXPECT_EQ(spool.figures().dropped_flows, 2U);
  EXPECT_EQ(spool.take(1, milliseconds(0))[0].bytes, "c");
}

TEST(Spool, TakesNothingThatIsLargerThanAllOfIt) {
  Spool spool(Spool::kMessageBytes + 10);
  spool.add(messages({"a"}));
  spool.add({{std::string(100, 'x'), 7}});
  EXPECT_EQ(spool.figures().messages, 1U);
  EXPECT_EQ(spool.figures().dropped_flows, 7U);
}

}  // namespace
}  // namespace weir

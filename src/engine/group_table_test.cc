// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/group_table.h"

#include <gtest/gtest.h>

#include <map>

#include "engine/test_traffic.h"

namespace weir {
namespace {

class GroupTableTest : public ::testing::Test {
 protected:
  GroupTable make(size_t places) {
    auto table = GroupTable::create(places, hash_, budget_);
    EXPECT_TRUE(table.ok());
    return std::move(*table);
  }
  static GroupSums part(uint64_t bytes, uint32_t second) {
    return {{1, bytes}, {2, 2 * bytes}, 1, {second, 0}, {second + 1, 0}};
  }
  static std::map<GroupKey, GroupSums> all(const GroupTable& table) {
    std::map<GroupKey, GroupSums> found;
    table.visit([&](GroupKey key, const GroupSums& sums) {
      EXPECT_TRUE(found.emplace(key, sums).second) << key;
    });
    return found;
  }

  KeyedHash hash_{test_traffic::kSecret};
  MemoryBudget budget_{size_t{1} << 20};
};

TEST_F(GroupTableTest, SumsUpByKey) {
  GroupTable table = make(128);
  EXPECT_TRUE(all(table).empty());
  table.add(7, part(10, 2000));
  table.add(0, part(1, 1500));
  table.add(7, part(5, 1000));
  const auto found = all(table);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found.at(7), (GroupSums{{2, 15}, {4, 30}, 2, {1000, 0}, {2001, 0}}));
  EXPECT_EQ(found.at(0), part(1, 1500));
  EXPECT_EQ(table.other(), GroupSums{});
}

TEST_F(GroupTableTest, KeepsTheSumOfAllWhenItIsFull) {
  GroupTable table = make(128);
  GroupSums expected;
  for (uint64_t round = 0; round < 2; ++round) {
    for (uint64_t key = 0; key < 1000; ++key) {
      table.add(key, part(key, 1000));
      expected += part(key, 1000);
    }
  }
  const auto found = all(table);
  EXPECT_EQ(found.size(), 97U);  // the unknown ones have a place of their own
  GroupSums sum = table.other();
  EXPECT_EQ(sum.flows, 2U * (1000 - 97));
  for (const auto& [key, sums] : found) {
    EXPECT_EQ(sums.flows, 2U) << key;  // who has a place keeps it
    sum += sums;
  }
  EXPECT_EQ(sum, expected);
}

TEST_F(GroupTableTest, TakesItsMemoryFromTheBudget) {
  const GroupTable table = make(128);
  EXPECT_EQ(budget_.used(), 129U * 64);
  EXPECT_FALSE(GroupTable::create(size_t{1} << 15, hash_, budget_).ok());
  EXPECT_EQ(budget_.used(), 129U * 64);
}

}  // namespace
}  // namespace weir

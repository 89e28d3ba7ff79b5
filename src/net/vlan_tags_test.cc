// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/vlan_tags.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(VlanTags, KeepTwelveBitsOfEach) {
  VlanTags tags;
  tags.push(0xf064);
  tags.push(20);
  EXPECT_EQ(tags.count, 2);
  EXPECT_EQ(tags.ids, (std::array<uint16_t, 4>{100, 20, 0, 0}));
}

TEST(VlanTags, KeepTheFirstFour) {
  VlanTags tags;
  for (uint16_t id = 1; id <= 6; ++id) tags.push(id);
  EXPECT_EQ(tags.count, 4);
  EXPECT_EQ(tags.ids, (std::array<uint16_t, 4>{1, 2, 3, 4}));
}

TEST(VlanTags, TellTagZeroFromNoTag) {
  VlanTags priority_tagged;
  priority_tagged.push(0);
  EXPECT_NE(priority_tagged, VlanTags{});
}

}  // namespace
}  // namespace weir

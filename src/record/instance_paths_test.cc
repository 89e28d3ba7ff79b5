// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/instance_paths.h"

#include <string>

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(InstancePaths, HaveANumberEach) {
  const uint32_t leaf = path_number("leaf");
  EXPECT_NE(leaf, kNoPath);
  EXPECT_EQ(path_number("leaf"), leaf);
  EXPECT_EQ(path_text(leaf), "leaf");
  EXPECT_NE(path_number("leaf/middle"), leaf);
  EXPECT_EQ(path_number(""), kNoPath);
  EXPECT_EQ(path_text(kNoPath), "");
  EXPECT_EQ(path_text(kMaxPaths), "");
  EXPECT_EQ(path_number(std::string(kMaxPathBytes + 1, 'x')), kNoPath);
}

TEST(InstancePaths, GrowByOneInstance) {
  const uint32_t leaf = path_through(kNoPath, "leaf");
  EXPECT_EQ(path_text(leaf), "leaf");
  EXPECT_EQ(path_text(path_through(leaf, "root")), "leaf/root");
}

TEST(InstancePaths, KnowWhomTheyLeadThrough) {
  const uint32_t path = path_number("leaf/middle/root");
  for (const char* instance : {"leaf", "middle", "root"})
    EXPECT_TRUE(leads_through(path, instance));
  for (const char* instance : {"lea", "mid", "oot", "", "leaf/middle"})
    EXPECT_FALSE(leads_through(path, instance)) << instance;
  EXPECT_FALSE(leads_through(kNoPath, "leaf"));
}

// The last test, for it leaves no room.
TEST(InstancePaths, ThatFindNoRoomAreNotKnown) {
  for (size_t i = 0; i < kMaxPaths; ++i) (void)path_number("path" + std::to_string(i));
  EXPECT_EQ(path_number("one more"), kNoPath);
  EXPECT_EQ(path_text(path_number("leaf")), path_text(path_number("leaf")));
}

}  // namespace
}  // namespace weir

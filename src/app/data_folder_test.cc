// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/data_folder.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace weir {
namespace {

TEST(DataFolder, IsOneWeirsAlone) {
  const test::TestFolder folder;
  const std::string path = (folder.path() / "new" / "data").string();
  {
    const auto first = DataFolder::take(path);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->path, path);
    EXPECT_TRUE(std::filesystem::is_directory(path));
    const auto second = DataFolder::take(path);
    ASSERT_TRUE(second) << "it watches all the same";
    EXPECT_EQ(second->path, "");
    EXPECT_TRUE(second->is_lost);
  }
  const auto third = DataFolder::take(path);
  ASSERT_TRUE(third);
  EXPECT_FALSE(third->is_lost) << "the first let go of it";
}

TEST(DataFolder, MayBeNone) {
  const auto none = DataFolder::take("");
  ASSERT_TRUE(none);
  EXPECT_EQ(none->path, "");
  EXPECT_FALSE(none->is_lost);
}

TEST(DataFolder, MustBeAFolder) {
  const test::TestFolder folder;
  folder.write("file", "");
  const auto data = DataFolder::take((folder.path() / "file" / "data").string());
  ASSERT_FALSE(data);
  EXPECT_EQ(data.error().message.find("--data "), 0U);
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/folder_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace weir {
namespace {

using test::TestFolder;
using ::testing::HasSubstr;

TEST(FolderLock, IsForOneAtATime) {
  const TestFolder folder;
  {
    const auto first = FolderLock::take(folder.path());
    ASSERT_TRUE(first.ok()) << first.error().message;
    const auto second = FolderLock::take(folder.path());
    ASSERT_FALSE(second.ok());
    EXPECT_THAT(second.error().message, HasSubstr("another weir"));
  }
  EXPECT_TRUE(FolderLock::take(folder.path()).ok()) << "the first let go of it";
}

TEST(FolderLock, IsHeldOnWhenItMoves) {
  const TestFolder folder;
  auto first = FolderLock::take(folder.path());
  ASSERT_TRUE(first.ok());
  const FolderLock moved = *std::move(first);
  EXPECT_FALSE(FolderLock::take(folder.path()).ok());
}

TEST(FolderLock, SaysThatThereIsNoFolder) {
  EXPECT_THAT(FolderLock::take("/nowhere/at/all").error().message, HasSubstr("/nowhere/at/all"));
}

}  // namespace
}  // namespace weir

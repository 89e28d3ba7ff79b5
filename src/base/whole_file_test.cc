// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/whole_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace weir {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(WholeFile, IsWrittenOrReplaced) {
  const test::TestFolder folder;
  const std::string path = folder.path() / "file";
  ASSERT_TRUE(write_whole_file(path, "first, and longer").ok());
  EXPECT_EQ(text_of(path), "first, and longer");
  ASSERT_TRUE(write_whole_file(path, std::string_view("a\0b", 3)).ok());
  EXPECT_EQ(text_of(path), std::string("a\0b", 3));
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST(WholeFile, StaysAsItWasWhereItCannotBeWritten) {
  const test::TestFolder folder;
  const std::string nowhere = folder.path() / "gone" / "file";
  const Result<void> missing = write_whole_file(nowhere, "text");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().message, nowhere + ": No such file or directory");
  // A disk that is full when the last bytes go out.
  const std::string path = folder.path() / "file";
  folder.write("file", "old");
  std::filesystem::create_symlink("/dev/full", path + ".new");
  const Result<void> full = write_whole_file(path, "new");
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.error().message, path + ": No space left on device");
  EXPECT_EQ(text_of(path), "old");
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

}  // namespace
}  // namespace weir

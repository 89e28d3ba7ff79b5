// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/whole_file.h"

#include <sys/resource.h>

#include <csignal>
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
  // No room for the last bytes.
  const std::string path = folder.path() / "file";
  folder.write("file", "old");
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlimit small{2, limit.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const Result<void> full = write_whole_file(path, "new");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  std::signal(SIGXFSZ, before);
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.error().message, path + ": File too large");
  EXPECT_EQ(text_of(path), "old");
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

TEST(WholeFile, FollowsNoLinkThatStandsInItsWay) {
  const test::TestFolder folder;
  const std::string path = folder.path() / "file";
  folder.write("another", "its own");
  std::filesystem::create_symlink(folder.path() / "another", path + ".new");
  ASSERT_TRUE(write_whole_file(path, "text").ok());
  EXPECT_EQ(text_of(path), "text");
  EXPECT_FALSE(std::filesystem::is_symlink(path));
  EXPECT_EQ(text_of(folder.path() / "another"), "its own");
}

}  // namespace
}  // namespace weir

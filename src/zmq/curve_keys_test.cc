// SPDX-License-Identifier: GPL-3.0-or-later
#include "zmq/curve_keys.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/test_folder.h"

namespace weir {
namespace {

TEST(CurveKeys, AreWrittenForTheirOwnerAloneAndReadBack) {
  const test::TestFolder folder;
  const std::string file = folder.path() / "keys";
  const CurveKeys keys = *make_curve_keys();
  ASSERT_TRUE(write_curve_keys(file, keys));
  struct stat about {};
  ASSERT_EQ(::stat(file.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
  const auto read = read_curve_keys(file);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->public_key, keys.public_key);
  EXPECT_EQ(read->secret_key, keys.secret_key);
}

TEST(CurveKeys, AreNotWrittenOverOthers) {
  const test::TestFolder folder;
  folder.write("keys", "mine");
  const auto written = write_curve_keys(folder.path() / "keys", *make_curve_keys());
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, EEXIST);
  EXPECT_EQ(std::filesystem::file_size(folder.path() / "keys"), 4U);
}

TEST(CurveKeys, OfAFileThatOthersMayReadAreRefused) {
  const test::TestFolder folder;
  const std::string file = folder.path() / "keys";
  ASSERT_TRUE(write_curve_keys(file, *make_curve_keys()));
  ASSERT_EQ(::chmod(file.c_str(), 0640), 0);
  const auto read = read_curve_keys(file);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("chmod 600"), std::string::npos);
}

TEST(CurveKeys, OfDifferentPairsAreNoPair) {
  const test::TestFolder folder;
  const std::string file = folder.path() / "keys";
  ASSERT_TRUE(
      write_curve_keys(file, {make_curve_keys()->public_key, make_curve_keys()->secret_key}));
  EXPECT_FALSE(read_curve_keys(file));
  folder.write("nothing", "");
  ASSERT_EQ(::chmod((folder.path() / "nothing").c_str(), 0600), 0);
  EXPECT_FALSE(read_curve_keys(folder.path() / "nothing"));
  EXPECT_FALSE(read_curve_keys(folder.path() / "absent"));
}

TEST(CurveKeys, HaveFortyCharactersOfZ85) {
  EXPECT_TRUE(is_curve_key("rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"));
  EXPECT_FALSE(is_curve_key(""));
  EXPECT_FALSE(is_curve_key("rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf"));
  EXPECT_FALSE(is_curve_key("rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]y~7"));
}

TEST(AllowedKeys, StandInLinesOfAFileOrForThemselves) {
  const test::TestFolder folder;
  const std::string first = make_curve_keys()->public_key;
  const std::string second = make_curve_keys()->public_key;
  folder.write("allowed", "# who may come\n" + first + "\n\n" + second + "  the leaf in Rome\r\n");
  const auto read = read_allowed_keys(folder.path() / "allowed");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_FALSE(read->any);
  EXPECT_EQ(read->keys, (std::vector<std::string>{first, second}));
  EXPECT_EQ(read_allowed_keys(first)->keys, (std::vector<std::string>{first}));
  EXPECT_TRUE(read_allowed_keys("any")->any);
}

TEST(AllowedKeys, OfALineThatIsNoKeyAreRefused) {
  const test::TestFolder folder;
  folder.write("allowed", "\nsomething else\n");
  const auto read = read_allowed_keys(folder.path() / "allowed");
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("line 2"), std::string::npos);
  EXPECT_FALSE(read_allowed_keys(folder.path() / "absent"));
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/script_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "script/test_script_folder.h"

namespace weir {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ScriptFilesTest : public ::testing::Test {
 protected:
  ScriptFolder folder_;
  std::vector<std::string> errors_;
  ScriptFiles files_{folder_.path(), [this](const std::string& line) { errors_.push_back(line); }};
};

TEST_F(ScriptFilesTest, GivesTheSameVersionUntilTheFileChanges) {
  folder_.write("rest/a.lua", "x = 1");
  const auto first = files_.get("rest", "a");
  const auto again = files_.get("rest", "a");
  folder_.write("rest/a.lua", "x = 2");
  const auto changed = files_.get("rest", "a");
  ASSERT_TRUE(first.ok() && again.ok() && changed.ok());
  EXPECT_EQ((*first)->version, (*again)->version);
  EXPECT_NE((*first)->version, (*changed)->version);
  EXPECT_EQ((*changed)->text, "x = 2");
  EXPECT_EQ((*changed)->chunk_name, "rest/a.lua");
}

TEST_F(ScriptFilesTest, KeepsTheLastGoodVersionAndReportsABrokenOneOnce) {
  folder_.write("rest/a.lua", "x = 1");
  ASSERT_TRUE(files_.get("rest", "a").ok());
  folder_.write("rest/a.lua", "x = = 2");
  for (int i = 0; i < 3; ++i) {
    const auto kept = files_.get("rest", "a");
    ASSERT_TRUE(kept.ok());
    EXPECT_EQ((*kept)->text, "x = 1");
  }
  ASSERT_EQ(errors_.size(), 1U);
  EXPECT_THAT(errors_[0], HasSubstr("rest/a.lua:1:"));
  EXPECT_THAT(errors_[0], HasSubstr("the last good version stays"));
  EXPECT_EQ(files_.load_errors(), 1U);
}

TEST_F(ScriptFilesTest, TellsAMissingFileFromOneThatNeverCompiled) {
  folder_.write("rest/broken.lua", "if");
  EXPECT_EQ(files_.get("rest", "broken").error(), ScriptFileError::kBroken);
  EXPECT_EQ(files_.get("rest", "absent").error(), ScriptFileError::kMissing);
}

TEST_F(ScriptFilesTest, ForgetsAFileThatWasRemoved) {
  folder_.write("rest/a.lua", "x = 1");
  ASSERT_TRUE(files_.get("rest", "a").ok());
  folder_.remove("rest/a.lua");
  EXPECT_EQ(files_.get("rest", "a").error(), ScriptFileError::kMissing);
}

TEST_F(ScriptFilesTest, NeverMakesAPathOfANameFromOutside) {
  folder_.write("lib/secret.lua", "x = 1");
  for (const char* name : {"../lib/secret", "", ".", "a/b", "A", "a.lua", "a\n", "/etc/passwd"}) {
    EXPECT_EQ(files_.get("rest", name).error(), ScriptFileError::kMissing) << name;
  }
  EXPECT_FALSE(is_script_name(std::string(65, 'a')));
  EXPECT_TRUE(is_script_name(std::string(64, 'a')));
  EXPECT_FALSE(is_script_name(std::string_view("a\0b", 3)));
}

TEST_F(ScriptFilesTest, RefusesBytecodeAndHugeFiles) {
  folder_.write("rest/bytecode.lua", "\x1bLJ\x02");
  folder_.write("rest/huge.lua", std::string(ScriptFiles::kMaxFileBytes + 1, ' '));
  EXPECT_EQ(files_.get("rest", "bytecode").error(), ScriptFileError::kBroken);
  EXPECT_EQ(files_.get("rest", "huge").error(), ScriptFileError::kBroken);
  ASSERT_EQ(errors_.size(), 2U);
  EXPECT_THAT(errors_[1], HasSubstr("longer than"));
}

TEST_F(ScriptFilesTest, ListsTheScriptsOfAGroup) {
  EXPECT_THAT(files_.names("rest"), IsEmpty());
  folder_.write("rest/b.lua", "");
  folder_.write("rest/a.lua", "");
  folder_.write("rest/notes.txt", "");
  folder_.write("rest/Odd.lua", "");
  EXPECT_THAT(files_.names("rest"), ElementsAre("a", "b"));
  EXPECT_THAT(files_.names("absent"), IsEmpty());
}

}  // namespace
}  // namespace weir

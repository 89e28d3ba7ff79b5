// SPDX-License-Identifier: GPL-3.0-or-later
// Scripts that are read, written and removed over REST: rest/, put/ and delete/scripts.lua.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "script/fake_questions.h"
#include "script/script_runner.h"
#include "script/test_script_folder.h"

namespace weir {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ScriptEditing : public ::testing::Test {
 protected:
  ScriptEditing() {
    for (const char* name : {"lib/rest.lua", "lib/csv.lua", "rest/scripts.lua", "put/scripts.lua",
                             "delete/scripts.lua"})
      folder_.bring(name);
    open(true);
  }
  void open(bool edits) {
    runner_ = *ScriptRunner::open(
        {.folder = folder_.path(),
         .on_error = [this](const std::string& line) { errors_.push_back(line); },
         .edits = edits},
        questions_);
  }
  ScriptResponse put(const std::string& script, const std::string& text) {
    return runner_->run({"scripts", script, {}, "put", to_json(Value::Object{{"text", text}})});
  }
  ScriptResponse erase(const std::string& script) {
    return runner_->run({"scripts", script, {}, "delete"});
  }
  ScriptResponse get(const std::string& script) { return runner_->run({"scripts", script, {}}); }
  [[nodiscard]] std::string file(const std::string& name) const {
    std::ifstream file(folder_.path() + "/" + name);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  FakeQuestions questions_;
  ScriptFolder folder_;
  std::vector<std::string> errors_;
  std::unique_ptr<ScriptRunner> runner_;
};

TEST_F(ScriptEditing, WritesWhatCompilesAndItIsUsed) {
  EXPECT_EQ(put("rest/mine", "print('one')").status, 200);
  EXPECT_EQ(runner_->run({"mine", "", {}}).body, "one");
  EXPECT_EQ(put("rest/mine", "-- what it is\nprint('another')").status, 200);
  EXPECT_EQ(runner_->run({"mine", "", {}}).body, "another");
  EXPECT_EQ(put("checks/flow/mine", "function check() end").status, 200) << "a folder is made";
  EXPECT_EQ(file("checks/flow/mine.lua"), "function check() end");
  const std::string row = get("rest/mine").body;
  EXPECT_THAT(row, HasSubstr(R"x("text":"-- what it is\nprint('another')")x"));
  EXPECT_THAT(row, HasSubstr(R"("can_change":true)"));
  EXPECT_THAT(row, HasSubstr(R"("about":"what it is")"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() + "/rest/mine.lua.new"));
}

TEST_F(ScriptEditing, RefusesWhatDoesNotCompileWithItsLine) {
  put("rest/mine", "print('one')");
  const ScriptResponse refused = put("rest/mine", "\nprint('two'");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("rest/mine.lua:2:"));
  EXPECT_THAT(refused.body, HasSubstr(R"("parameter":"text")"));
  EXPECT_EQ(put("rest/mine", "\x1bLJ\x02").status, 400) << "bytecode";
  EXPECT_EQ(file("rest/mine.lua"), "print('one')");
}

TEST_F(ScriptEditing, WritesNowhereElse) {
  for (const char* script :
       {"", "mine", "rest/", "rest/../mine", "../mine", "rest/a/b", "cron/mine", "rest/Mine",
        "rest/mine.lua", "/rest/mine", "rest/.mine"}) {
    EXPECT_EQ(put(script, "print(1)").status, 400) << script;
    EXPECT_EQ(erase(script).status, 404) << script;
    if (*script == '\0') continue;  // the list
    EXPECT_EQ(get(script).status, 404) << script;
  }
  EXPECT_FALSE(std::filesystem::exists(folder_.path() + "/mine.lua"));
}

TEST_F(ScriptEditing, IsForThoseWhoWereAllowedTo) {
  open(false);
  EXPECT_EQ(put("rest/mine", "print(1)").status, 403);
  EXPECT_EQ(erase("rest/scripts").status, 403);
  EXPECT_THAT(get("rest/scripts").body, HasSubstr(R"("can_change":false)"));
  // Nor may a script that answers GET, though it is allowed.
  open(true);
  folder_.write("rest/sly.lua",
                "print(ntop.saveScript('rest/mine', 'print(1)') and 'saved' or 'refused',"
                " ntop.deleteScript('rest/scripts') and 'gone' or 'kept')");
  EXPECT_EQ(runner_->run({"sly", "", {}}).body, "refusedkept");
  EXPECT_EQ(file("rest/mine.lua"), "");
}

TEST_F(ScriptEditing, SaysWhatTheFileSystemSaysAndLeavesNothing) {
  // A file stands where the folder is to be.
  folder_.write("checks", "");
  const ScriptResponse refused = put("checks/host/mine", "function check() end");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("Not a directory"));
  // A folder stands where the script is to be: it cannot be replaced, and what was written goes.
  std::filesystem::create_directories(folder_.path() + "/rest/mine.lua/x");
  EXPECT_EQ(put("rest/mine", "print(1)").status, 400);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() + "/rest/mine.lua.new"));
}

TEST_F(ScriptEditing, TakesAScriptAway) {
  put("pages/mine", "print(1)");
  const ScriptResponse gone = erase("pages/mine");
  EXPECT_EQ(gone.status, 200);
  EXPECT_THAT(gone.body, HasSubstr("print(1)"));
  EXPECT_EQ(get("pages/mine").status, 404);
  EXPECT_EQ(erase("pages/mine").status, 404);
}

TEST_F(ScriptEditing, SaysWhyARunFailedUntilOneDoesNot) {
  put("rest/mine", "\nerror('this way not')");
  (void)runner_->run({"mine", "", {}});
  EXPECT_THAT(get("rest/mine").body, HasSubstr(R"("last_error":"rest/mine.lua:2: this way not")"));
  put("rest/mine", "print(1)");
  (void)runner_->run({"mine", "", {}});
  EXPECT_THAT(get("rest/mine").body, Not(HasSubstr("last_error")));
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
// schema/lua.json, of which docs/reference/lua.md is made: it has all that scripts see, and its
// examples work.
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_reader.h"
#include "cache/sqlite_cache.h"
#include "script/fake_questions.h"
#include "script/script_runner.h"
#include "script/test_script_folder.h"

namespace weir {
namespace {

using ::testing::IsEmpty;

class LuaReference : public ::testing::Test {
 protected:
  LuaReference() {
    std::ifstream file(WEIR_SOURCE_DIR "/schema/lua.json");
    const Result<Value> schema = parse_json(std::string{std::istreambuf_iterator<char>(file), {}});
    for (const Value& group : *(*schema)["groups"].as<Value::Array>()) {
      for (const Value& function : *group["functions"].as<Value::Array>())
        functions_.push_back(function);
    }
    for (const char* name : {"lib/rest.lua", "lib/csv.lua"}) folder_.bring(name);
  }
  static const std::string& text(const Value& function, const char* member) {
    return *function[member].as<std::string>();
  }
  ScriptResponse run(const std::string& script) {
    folder_.write("pages/test.lua", script);
    return runner_->run({"test", "", {}, "pages"});
  }

  std::vector<Value> functions_;
  FakeQuestions questions_;
  ScriptFolder folder_;
  std::vector<std::string> errors_;
  std::unique_ptr<SqliteCache> cache_ =
      *SqliteCache::open({.file = "", .commit_after = {}, .now = {}});
  std::unique_ptr<ScriptRunner> runner_ =
      *ScriptRunner::open({.folder = folder_.path(),
                           .on_error = [this](const std::string& line) { errors_.push_back(line); },
                           .outlets = {.log = [](LogLevel, const std::string&) {},
                                       .syslog = [](LogLevel, const std::string&) {}},
                           .cache = cache_.get()},
                          questions_);
};

TEST_F(LuaReference, HasAllThatScriptsSee) {
  const ScriptResponse seen = run(R"(
    local names = json.array({ "print", "sendHTTPHeader", "require" })
    for table, members in pairs({ interface = interface, ntop = ntop, json = json }) do
      for name in pairs(members) do names[#names + 1] = table .. "." .. name end
    end
    print(json.encode(names)))");
  const Result<Value> names = parse_json(seen.body);
  ASSERT_TRUE(names.ok()) << seen.body;
  std::set<std::string> there;
  for (const Value& name : *names->as<Value::Array>()) there.insert(*name.as<std::string>());
  std::set<std::string> described;
  for (const Value& function : functions_) described.insert(text(function, "name"));
  EXPECT_EQ(described, there);
}

TEST_F(LuaReference, ItsExamplesWork) {
  for (const Value& function : functions_) {
    const std::string& example = text(function, "example");
    EXPECT_THAT(example, ::testing::HasSubstr(text(function, "name")));
    const ScriptResponse answer = run(example);
    EXPECT_LT(answer.status, 500) << example;
  }
  EXPECT_THAT(errors_, IsEmpty());
}

}  // namespace
}  // namespace weir

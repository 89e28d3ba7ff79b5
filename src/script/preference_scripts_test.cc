// SPDX-License-Identifier: GPL-3.0-or-later
// The resources about weir's own settings and scripts.
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "script/fake_questions.h"
#include "script/test_script_folder.h"
#include "script/test_scripts.h"

namespace weir {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class PreferenceScripts : public BundledScripts<FakeQuestions> {
 protected:
  ScriptResponse ask(const std::string& group, const std::string& name,
                     const std::string& body = "", Parameters parameters = {}) {
    ScriptResponse response =
        runner_->run({"preferences", name, std::move(parameters), group, body});
    EXPECT_THAT(errors_, IsEmpty());
    return response;
  }
};

TEST_F(PreferenceScripts, ArePutReadListedAndDeleted) {
  EXPECT_EQ(ask("rest", "").body, R"({"rows":[],"total":0})");
  EXPECT_EQ(ask("rest", "theme").status, 404);
  const ScriptResponse put = ask("put", "theme", R"({"value":"dark \u00fc"})");
  EXPECT_EQ(put.status, 200);
  EXPECT_EQ(put.body, "{\"name\":\"theme\",\"value\":\"dark \u00fc\"}");
  EXPECT_EQ(ask("rest", "theme").body, put.body);
  EXPECT_EQ(ask("put", "theme", put.body).body, put.body) << "what GET answers can be put";
  EXPECT_EQ(ask("put", "columns/hosts", R"({"value":""})").status, 200);
  EXPECT_EQ(ask("rest", "").body,
            "{\"rows\":[{\"bytes\":0,\"name\":\"columns/hosts\",\"value\":\"\"},"
            "{\"bytes\":7,\"name\":\"theme\",\"value\":\"dark \u00fc\"}],\"total\":2}");
  EXPECT_EQ(ask("delete", "theme").body, put.body);
  EXPECT_EQ(ask("delete", "theme").status, 404);
  EXPECT_EQ(ask("rest", "theme").status, 404);
}

TEST_F(PreferenceScripts, RefuseWhatIsNoPreference) {
  const auto status = [&](const std::string& name, const std::string& body) {
    return ask("put", name, body).status;
  };
  const std::string fine = R"({"value":"x"})";
  for (const std::string& name :
       {std::string(), std::string("a b"), std::string("../x"), std::string("<b>"),
        std::string("-a"), std::string("\xff"), std::string(129, 'a')})
    EXPECT_EQ(status(name, fine), 400) << name;
  for (const char* body : {"", "{", "5", "null", "[]", "{}", R"({"value":5})", R"({"value":null})"})
    EXPECT_EQ(status("theme", body), 400) << body;
  EXPECT_EQ(status("theme", R"({"value":")" + std::string(65'537, 'x') + "\"}"), 413);
  EXPECT_EQ(status("theme", R"({"value":")" + std::string(65'536, 'x') + "\"}"), 200);
  EXPECT_THAT(ask("rest", "").body, Not(HasSubstr("\"value\""))) << "long ones are not listed";
  EXPECT_EQ(ask("put", "theme", fine, {{"a", "b"}}).status, 400);
  EXPECT_EQ(ask("rest", "", "", {{"a", "b"}}).status, 400);
}

TEST_F(PreferenceScripts, AreNotMoreThanAThousand) {
  for (int i = 0; i < 1000; ++i)
    ASSERT_TRUE(cache_->set_preference("p" + std::to_string(i), "x").ok());
  EXPECT_EQ(ask("put", "another", R"({"value":"x"})").status, 409);
  EXPECT_EQ(ask("put", "p7", R"({"value":"y"})").status, 200);
  EXPECT_EQ(ask("delete", "p8").status, 200);
  EXPECT_EQ(ask("put", "another", R"({"value":"x"})").status, 200);
}

// A copy of the bundled scripts that are needed, and others beside them.
class ScriptStates : public ::testing::Test {
 protected:
  ScriptStates() {
    for (const char* name : {"lib/rest.lua", "lib/csv.lua", "rest/scripts.lua"}) {
      std::ifstream file(std::string(WEIR_SOURCE_DIR "/scripts/") + name);
      folder_.write(name, {std::istreambuf_iterator<char>(file), {}});
    }
  }
  std::string body(Parameters parameters = {}) {
    return runner_->run({"scripts", "", std::move(parameters)}).body;
  }

  FakeQuestions questions_;
  ScriptFolder folder_;
  std::vector<std::string> errors_;
  std::unique_ptr<ScriptRunner> runner_ = *ScriptRunner::open(
      {.folder = folder_.path(),
       .on_error = [this](const std::string& line) { errors_.push_back(line); }},
      questions_);
};

TEST_F(ScriptStates, TellWhatCompilesAndHowOftenItRan) {
  folder_.write("rest/a.lua",
                "-- SPDX-License-Identifier: X\n-- One.\n--   Two.\n\n-- no\nprint(1)");
  folder_.write("cron/second/b.lua", "error('no')");
  folder_.write("pages/c.lua", "\nlocal x = = 5");
  EXPECT_EQ(runner_->run({"a", "", {}}).status, 200);
  EXPECT_EQ(runner_->run({"a", "", {}}).status, 200);
  EXPECT_EQ(runner_->run({"b", "", {}, "cron/second"}).status, 500);
  EXPECT_EQ(runner_->run({"absent", "", {}}).status, 404);
  EXPECT_EQ(
      body({{"columns", "script,kind,file,state,runs,errors,error"}}),
      R"({"offset":0,"rows":[)"
      R"({"errors":1,"file":"cron/second/b.lua","kind":"cron/second","runs":1,"script":"cron/second/b","state":"good"},)"
      R"({"errors":0,"file":"lib/csv.lua","kind":"lib","runs":0,"script":"lib/csv","state":"good"},)"
      R"({"errors":0,"file":"lib/rest.lua","kind":"lib","runs":0,"script":"lib/rest","state":"good"},)"
      R"({"error":"pages/c.lua:2: unexpected symbol near '='","errors":0,"file":"pages/c.lua","kind":"pages","runs":0,"script":"pages/c","state":"broken"},)"
      R"({"errors":0,"file":"rest/a.lua","kind":"rest","runs":2,"script":"rest/a","state":"good"},)"
      R"({"errors":0,"file":"rest/scripts.lua","kind":"rest","runs":0,"script":"rest/scripts","state":"good"}],"total":6})");
  EXPECT_THAT(body({{"sort", "runs"}, {"limit", "1"}, {"columns", "script,about"}}),
              HasSubstr(R"("rows":[{"about":"One. Two.","script":"rest/a"}])"));
}

TEST_F(ScriptStates, SayThatTheLastGoodVersionIsUsed) {
  folder_.write("rest/a.lua", "print(1)");
  EXPECT_EQ(runner_->run({"a", "", {}}).body, "1");
  folder_.write("rest/a.lua", "print(");
  const auto state = [&] { return body({{"columns", "script,state,error"}, {"limit", "3"}}); };
  EXPECT_THAT(
      state(),
      HasSubstr(
          R"({"error":"rest/a.lua:1: unexpected symbol near '<eof>'","script":"rest/a","state":"last good"})"));
  EXPECT_EQ(runner_->run({"a", "", {}}).body, "1");
  folder_.write("rest/a.lua", "print(2)");
  EXPECT_THAT(state(), HasSubstr(R"({"script":"rest/a","state":"good"})"));
  folder_.remove("rest/a.lua");
  EXPECT_THAT(state(), Not(HasSubstr("rest/a")));
  EXPECT_EQ(runner_->run({"scripts", "", {{"sort", "colour"}}}).status, 400);
  EXPECT_EQ(runner_->run({"scripts", "x", {}}).status, 404);
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
// First start's questions over REST: rest/setup.lua and put/setup.lua.
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "script/fake_questions.h"
#include "script/fake_setup.h"
#include "script/script_runner.h"
#include "script/test_script_folder.h"

namespace weir {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SetupScripts : public ::testing::Test {
 protected:
  SetupScripts() {
    for (const char* name : {"lib/rest.lua", "lib/csv.lua", "rest/setup.lua", "put/setup.lua"})
      folder_.bring(name);
    open(&setup_);
  }
  void open(weir::Setup* setup) {
    runner_ = *ScriptRunner::open(
        {.folder = folder_.path(),
         .on_error = [this](const std::string& line) { errors_.push_back(line); },
         .setup = setup},
        questions_);
  }
  ScriptResponse get() { return runner_->run({"setup", "", {}}); }
  ScriptResponse put(const std::string& body) {
    return runner_->run({"setup", "", {}, "put", body});
  }

  FakeQuestions questions_;
  FakeSetup setup_;
  ScriptFolder folder_;
  std::vector<std::string> errors_;
  std::unique_ptr<ScriptRunner> runner_;
};

TEST_F(SetupScripts, AskAndChange) {
  EXPECT_EQ(get().body, R"({"decided":{},"may_change":true})");
  const ScriptResponse put_all =
      put(R"({"interfaces":["eth0","eth1"],"local":["10.0.0.0/8"],"resolve":"all"})");
  EXPECT_EQ(put_all.status, 200) << put_all.body;
  EXPECT_EQ(put_all.body, R"({"file":"f","restarts":true})");
  EXPECT_EQ(setup_.last.interfaces, (std::vector<std::string>{"eth0", "eth1"}));
  EXPECT_EQ(setup_.last.local, (std::vector<std::string>{"10.0.0.0/8"}));
  EXPECT_EQ(setup_.last.resolve, "all");
  EXPECT_EQ(put(R"({"local":[]})").status, 200);
  EXPECT_FALSE(setup_.last.interfaces) << "left out is not empty";
  EXPECT_EQ(setup_.last.local, std::vector<std::string>());
  EXPECT_FALSE(setup_.last.resolve);
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(SetupScripts, RefuseWhatIsNoAnswer) {
  for (const char* body :
       {"", "{", "5", "null", "[]", "[5]", R"({"colour":"red"})", R"({"interfaces":"eth0"})",
        R"({"interfaces":{"a":"b"}})", R"({"local":[5]})", R"({"local":null})",
        R"({"local":[null]})", R"({"resolve":5})", R"({"resolve":["all"]})"})
    EXPECT_EQ(put(body).status, 400) << body;
  EXPECT_EQ(runner_->run({"setup", "", {{"a", "b"}}}).status, 400);
  EXPECT_EQ(setup_.changes, 0);
  setup_.refusal = QueryError{QueryError::Kind::kBadParameter, "local", "no network", 0};
  EXPECT_EQ(put("{}").status, 400);
  EXPECT_THAT(put("{}").body, HasSubstr(R"("parameter":"local")"));
  setup_.refusal = QueryError{QueryError::Kind::kBadParameter, "", "the disk is full", 0};
  EXPECT_EQ(put("{}").status, 503);
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(SetupScripts, LeaveWhatMayNotBeChanged) {
  setup_.told =
      Value::Object{{"may_change", true}, {"decided", Value::Object{{"local", "--local"}}}};
  EXPECT_EQ(put(R"({"local":["10.0.0.0/8"]})").status, 409);
  EXPECT_THAT(put(R"({"local":["10.0.0.0/8"]})").body, HasSubstr("--local decides it."));
  EXPECT_EQ(setup_.changes, 0);
  EXPECT_EQ(put(R"({"resolve":"off"})").status, 200);
  setup_.told =
      Value::Object{{"may_change", false}, {"why_not", "a pipe"}, {"decided", Value::Object{}}};
  EXPECT_EQ(put("{}").status, 403);
  EXPECT_THAT(put("{}").body, HasSubstr("a pipe"));
  open(nullptr);
  EXPECT_EQ(get().status, 404);
  EXPECT_EQ(put("{}").status, 404);
}

TEST_F(SetupScripts, AreTheOnlyOnesThatChange) {
  const char* change = R"(local done, why = ntop.changeSetup({ resolve = "all" })
                          print(done and "done" or why.message))";
  folder_.write("rest/mine.lua", change);
  EXPECT_THAT(runner_->run({"mine", "", {}}).body, HasSubstr("only scripts of put/"));
  EXPECT_EQ(setup_.changes, 0);
  folder_.write("put/mine.lua", change);
  EXPECT_EQ(runner_->run({"mine", "", {}, "put"}).body, "done");
  folder_.write("put/wrong.lua", "ntop.changeSetup({ colour = 5 })");
  EXPECT_EQ(runner_->run({"wrong", "", {}, "put"}).status, 500);
  EXPECT_EQ(errors_.size(), 1U);
}

}  // namespace
}  // namespace weir

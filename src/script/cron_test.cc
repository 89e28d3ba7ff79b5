// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/cron.h"

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "script/fake_questions.h"
#include "script/test_script_folder.h"

namespace weir {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Lets a script wait inside a question until the test lets it go on.
class SlowQuestions final : public FakeQuestions {
 public:
  [[nodiscard]] Answer health() const override {
    const std::lock_guard lock(gate);
    return FakeQuestions::health();
  }
  mutable std::mutex gate;
};

class CronTest : public ::testing::Test {
 protected:
  // How often the script has asked, after all that was started has ended.
  [[nodiscard]] Value row(const std::string& script) {
    const auto patience = std::chrono::steady_clock::now() + seconds(60);
    for (;;) {
      const Value found = look(script);
      const bool* running = found["running"].as<bool>();
      if (running == nullptr || !*running || std::chrono::steady_clock::now() > patience)
        return found;
      std::this_thread::yield();
    }
  }
  [[nodiscard]] Value look(const std::string& script) const {
    const Value table = cron_.table();
    for (const Value& one : *table["scripts"].as<Value::Array>()) {
      if (one["script"] == Value(script)) return one;
    }
    return {};
  }

  SlowQuestions questions_;
  ScriptFolder folder_;
  std::mutex mutex_;
  std::vector<std::string> errors_;
  std::unique_ptr<ScriptRunner> scripts_ =
      *ScriptRunner::open({.folder = folder_.path(),
                           .on_error =
                               [this](const std::string& line) {
                                 const std::lock_guard lock(mutex_);
                                 errors_.push_back(line);
                               }},
                          questions_);
  sys_seconds now_{seconds{1'700'000'000 / 86'400 * 86'400}};  // midnight in UTC
  Cron cron_{*scripts_,
             {.ticks_by_itself = false, .utc_offset = [](sys_seconds) { return seconds(0); }}};
};

TEST_F(CronTest, RunsEachScriptWhenItsTimeComes) {
  folder_.write("cron/second/a.lua", "interface.hosts({})");
  folder_.write("cron/minute/b.lua", "interface.flows({})");
  cron_.tick(now_ - seconds(1));
  for (int i = 0; i < 60; ++i) {
    cron_.tick(now_ + seconds(i));
    (void)row("second/a");
  }
  EXPECT_EQ(row("second/a")["runs"], Value(uint64_t{60}));
  EXPECT_EQ(row("minute/b")["runs"], Value(uint64_t{1}));
  EXPECT_EQ(questions_.asked("hosts"), 60U);
  EXPECT_EQ(questions_.asked("flows"), 1U);
  EXPECT_EQ(row("second/a")["last_start"], Value((now_ + seconds(59)).time_since_epoch().count()));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(CronTest, RunsChecksEachSecondAndSaysWhichItIs) {
  folder_.write("lib/checks.lua",
                "return { ask = function(entity, name, asked)"
                " error(entity .. '/' .. name .. ' ' .. asked.mine .. ' ' .. _GET.time, 0) end }");
  folder_.write("checks/host/a.lua", "mine = 'its own'");
  cron_.tick(now_);
  cron_.tick(now_ + seconds(1));
  EXPECT_EQ(row("checks/host/a")["runs"], Value(uint64_t{1}));
  EXPECT_THAT(
      errors_,
      ElementsAre(HasSubstr("host/a its own " +
                            std::to_string((now_ + seconds(1)).time_since_epoch().count()))));
}

TEST_F(CronTest, SaysHowOftenAScriptRuns) {
  folder_.write("cron/second/a.lua", "error(_GET.every, 0)");
  folder_.write("cron/day/b.lua", "error(_GET.every, 0)");
  cron_.tick(now_ - seconds(1));
  cron_.tick(now_);
  (void)row("second/a");
  (void)row("day/b");
  EXPECT_THAT(errors_, ::testing::UnorderedElementsAre(HasSubstr("1"), HasSubstr("86400")));
}

TEST_F(CronTest, RunsNoScriptBesideItself) {
  folder_.write("cron/second/slow.lua", "ntop.health()");
  cron_.tick(now_);
  {
    const std::lock_guard wait(questions_.gate);
    cron_.tick(now_ + seconds(1));
    cron_.tick(now_ + seconds(2));
    cron_.tick(now_ + seconds(3));
    EXPECT_EQ(look("second/slow")["late"], Value(uint64_t{2}));
    EXPECT_EQ(look("second/slow")["running"], Value(true));
  }
  EXPECT_EQ(row("second/slow")["runs"], Value(uint64_t{1}));
  cron_.tick(now_ + seconds(4));
  EXPECT_EQ(row("second/slow")["runs"], Value(uint64_t{2}));
}

TEST_F(CronTest, CountsAndTellsErrorsAndTakesAChangedScript) {
  folder_.write("cron/second/a.lua", "error('broken')");
  cron_.tick(now_);
  cron_.tick(now_ + seconds(1));
  EXPECT_EQ(row("second/a")["errors"], Value(uint64_t{1}));
  EXPECT_THAT(errors_, ElementsAre(HasSubstr("cron/second/a.lua:1: broken")));
  folder_.write("cron/second/a.lua", "");
  cron_.tick(now_ + seconds(2));
  EXPECT_EQ(row("second/a")["errors"], Value(uint64_t{1}));
  EXPECT_EQ(row("second/a")["runs"], Value(uint64_t{2}));
  folder_.remove("cron/second/a.lua");
  cron_.tick(now_ + seconds(3));
  EXPECT_TRUE(look("second/a").is_null());
}

TEST_F(CronTest, IsSeenInTheHealth) {
  folder_.write("cron/hour/a.lua", "");
  folder_.write("rest/test.lua", "print(#ntop.health().cron.scripts)");
  cron_.tick(now_ - seconds(1));
  cron_.tick(now_);
  EXPECT_EQ(scripts_->run({"test", "", {}}).body, "1");
}

TEST_F(CronTest, TicksByItself) {
  folder_.write("cron/second/a.lua", "");
  const Cron cron(*scripts_, {});
  const auto patience = std::chrono::steady_clock::now() + seconds(60);
  while (cron.table()["scripts"].as<Value::Array>()->empty() &&
         std::chrono::steady_clock::now() < patience)
    std::this_thread::yield();
  EXPECT_EQ(cron.table()["scripts"].as<Value::Array>()->size(), 1U);
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
// The bundled scripts under scripts/cron, and the resource that shows what they keep.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cache/sqlite_cache.h"
#include "script/fake_questions.h"
#include "script/script_runner.h"

namespace weir {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Two hosts, of which the test says how fast they are.
class TwoHosts final : public FakeQuestions {
 public:
  std::array<uint64_t, 2> rates{};

  [[nodiscard]] Answer hosts(const ListRequest& request) const override {
    EXPECT_EQ(request.sort, "bits_per_second");
    Value::Array rows;
    for (size_t i = 0; i < rates.size(); ++i) {
      Value row;
      row.set("key", "10.0.0." + std::to_string(i));
      row.set("bits_per_second", rates[i]);
      rows.push_back(row);
    }
    Value answer;
    answer.set("time", time.load());
    answer.set("rows", std::move(rows));
    return answer;
  }
};

class CronScripts : public ::testing::Test {
 protected:
  void run(const std::string& group, const std::string& name, double time) {
    questions_.time = time;
    EXPECT_EQ(runner_->run({name, "", {}, group}).status, 200);
    EXPECT_THAT(errors_, IsEmpty());
  }
  std::string tops(Parameters parameters = {}) {
    return runner_->run({"tops", "", std::move(parameters)}).body;
  }

  TwoHosts questions_;
  std::vector<std::string> errors_;
  std::unique_ptr<SqliteCache> cache_ =
      *SqliteCache::open({.file = "", .commit_after = {}, .now = {}});
  std::unique_ptr<ScriptRunner> runner_ =
      *ScriptRunner::open({.folder = WEIR_SOURCE_DIR "/scripts",
                           .on_error = [this](const std::string& line) { errors_.push_back(line); },
                           .cache = cache_.get()},
                          questions_);
};

TEST_F(CronScripts, KeepTheTopTalkersOfEachMinute) {
  EXPECT_EQ(tops(), R"({"rows":[],"total":0})");
  for (int second = 0; second < 60; ++second) {
    questions_.rates = {800, second < 30 ? 8000U : 0U};
    run("cron/second", "talkers", 6000 + second);
  }
  run("cron/minute", "top_talkers", 6060.02);
  EXPECT_EQ(
      tops(),
      R"({"rows":[{"hosts":[{"bytes":30000,"key":"10.0.0.1"},{"bytes":6000,"key":"10.0.0.0"}],)"
      R"("time":6000}],"total":1})");
  run("cron/minute", "top_talkers", 6120.02);
  EXPECT_THAT(tops(), HasSubstr(R"("total":1)")) << "a minute in which nothing was seen";
  questions_.rates = {8, 0};
  run("cron/second", "talkers", 6125);
  run("cron/minute", "top_talkers", 6180);
  EXPECT_THAT(tops({{"limit", "1"}}),
              R"({"rows":[{"hosts":[{"bytes":1,"key":"10.0.0.0"}],"time":6120}],"total":1})");
  EXPECT_THAT(tops(), HasSubstr(R"("total":2)"));
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
// lib/alerts.lua and what the resource says of it.
#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_reader.h"
#include "script/fake_questions.h"
#include "script/test_scripts.h"

namespace weir {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// The hosts of FakeQuestions, one more each time `total` grows.
constexpr const char* kCheck = R"(
local alerts = require("alerts")
local hosts = assert(interface.hosts({ limit = 5000 }))
print(alerts.hold("busy", hosts, function(host)
  if host.bytes > 0 then return host.key, host.bytes .. " bytes", "error" end
end)))";

class AlertScripts : public WrittenScripts<FakeQuestions> {
 protected:
  AlertScripts() {
    for (const char* name : {"lib/alerts.lua", "lib/rest.lua", "lib/csv.lua", "rest/alerts.lua"})
      folder_.bring(name);
    folder_.write("cron/second/busy.lua", kCheck);
    (void)cache_->messages("events", 0, 0);
  }
  // What the check prints when there are so many hosts, of which all but the first are busy.
  std::string check(size_t hosts) {
    questions_.total = hosts;
    questions_.time = questions_.time + 1;
    const ScriptResponse response = runner_->run({"busy", "", {}, "cron/second"});
    EXPECT_THAT(errors_, IsEmpty());
    return response.body;
  }
  std::string alerts(Parameters parameters = {}) {
    return runner_->run({"alerts", "", std::move(parameters)}).body;
  }
  std::vector<std::string> events() {
    std::vector<std::string> texts;
    for (CacheMessage& message : cache_->messages("events", last_event_, 100'000)) {
      last_event_ = message.number;
      texts.push_back(std::move(message.text));
    }
    return texts;
  }

  uint64_t last_event_ = 0;
};

TEST_F(AlertScripts, BeginOnceAndEndOnce) {
  EXPECT_EQ(check(2), "1");
  EXPECT_THAT(
      events(),
      ::testing::ElementsAre(
          R"({"check":"busy","entity":"10.0.0.1","event":"alert_begins","severity":"error",)"
          R"("text":"1000 bytes","time":1001})"));
  EXPECT_EQ(check(2), "1");
  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(alerts(),
            R"({"left_out":0,"offset":0,"rows":[{"check":"busy","entity":"10.0.0.1","severity":)"
            R"("error","since":1001,"state":"active","text":"1000 bytes"}],"total":1})");
  EXPECT_EQ(check(1), "0");
  EXPECT_THAT(events(), ::testing::ElementsAre(HasSubstr(R"("event":"alert_ends")")));
  EXPECT_THAT(alerts(), HasSubstr(R"("ended":1003,"entity":"10.0.0.1")"));
  EXPECT_THAT(alerts(), HasSubstr(R"("state":"over")"));
  EXPECT_EQ(check(1), "0");
  EXPECT_THAT(events(), IsEmpty());
}

TEST_F(AlertScripts, OutlastThePauseOfTheirScriptButNotItsEnd) {
  const auto check = [this](const char* every) {
    (void)runner_->run({"busy", "", {{"every", every}}, "cron/second"});
    EXPECT_THAT(errors_, IsEmpty());
  };
  questions_.total = 2;
  for (const char* every : {"1", "300", "86400"}) {
    check(every);
    EXPECT_THAT(events(), SizeIs(1)) << every;
    cache_time_ = cache_time_.load() + std::chrono::seconds(std::stoi(every));
    check(every);
    EXPECT_THAT(events(), IsEmpty()) << every;
    cache_time_ = cache_time_.load() +
                  std::max(std::chrono::seconds(301), 4 * std::chrono::seconds(std::stoi(every)));
  }
}

TEST_F(AlertScripts, CutWhatIsTooLongAtACharacter) {
  folder_.write("cron/second/long.lua",
                "require('alerts').hold('long', assert(interface.hosts({ limit = 1 })),"
                " function(host) return ('\\195\\164'):rep(400), ('x\\195\\164'):rep(400) end)");
  (void)runner_->run({"long", "", {}, "cron/second"});
  EXPECT_THAT(errors_, IsEmpty());
  const Result<Value> answer = parse_json(alerts());
  ASSERT_TRUE(answer.ok());
  const Value& row = (*answer)["rows"].as<Value::Array>()->at(0);
  for (const char* name : {"entity", "text"}) {
    const auto& text = *row[name].as<std::string>();
    EXPECT_LE(text.size(), 200U);
    EXPECT_THAT(text, ::testing::MatchesRegex("(x?\xc3\xa4)+x?\xe2\x80\xa6"));
  }
}

TEST_F(AlertScripts, FitInTheCacheWhateverTheySay) {
  questions_.total = 1000;
  for (const std::string bytes : {"'\"\\\\\\1'", "'\\255'"}) {
    folder_.write("cron/second/loud.lua",
                  "require('alerts').hold('loud', assert(interface.hosts({ limit = 1000 })),"
                  " function(host) return host.key .. (" +
                      bytes + "):rep(300), (" + bytes + "):rep(300) end)");
    (void)events();
    (void)runner_->run({"loud", "", {}, "cron/second"});
    EXPECT_THAT(events(), SizeIs(Mailbox::kMaxMessages));
    (void)runner_->run({"loud", "", {}, "cron/second"});
    EXPECT_THAT(events(), IsEmpty()) << "they were kept";
  }
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(AlertScripts, AreListedByWhatIsAsked) {
  check(4);
  check(3);
  EXPECT_THAT(alerts({{"state", "over"}}), HasSubstr(R"("total":1})"));
  EXPECT_THAT(
      alerts({{"state", "active"}, {"sort", "entity"}, {"order", "asc"}, {"columns", "entity"}}),
      HasSubstr(R"("rows":[{"entity":"10.0.0.1"},{"entity":"10.0.0.2"}],"total":2})"));
  EXPECT_THAT(alerts({{"entity", "10.0.0.2"}}), HasSubstr(R"("total":1})"));
  EXPECT_THAT(alerts({{"check", "other"}}), HasSubstr(R"("total":0})"));
  EXPECT_THAT(alerts({{"severity", "info"}}), HasSubstr(R"("total":0})"));
  EXPECT_THAT(alerts({{"severity", "loud"}}), HasSubstr("must be one of"));
  EXPECT_THAT(alerts({{"format", "csv"}, {"state", "over"}}), HasSubstr("10.0.0.3"));
}

TEST_F(AlertScripts, SayHowManyFoundNoPlace) {
  EXPECT_EQ(check(1101), "1000");
  EXPECT_THAT(alerts({{"limit", "1"}}), HasSubstr(R"("left_out":100,)"));
  EXPECT_THAT(alerts({{"limit", "1"}}), HasSubstr(R"("total":1000})"));
}

TEST_F(AlertScripts, OfOtherNamesAreOthers) {
  folder_.write("cron/second/other.lua",
                "require('alerts').hold('other', assert(interface.hosts({ limit = 2 })),"
                " function(host) return host.key end)");
  check(2);
  (void)runner_->run({"other", "", {}, "cron/second"});
  EXPECT_THAT(alerts(), HasSubstr(R"("total":3})"));
  EXPECT_THAT(alerts({{"check", "other"}}), HasSubstr(R"("severity":"warning")"));
  check(0);
  EXPECT_THAT(alerts({{"state", "active"}}), HasSubstr(R"("total":2})"));
}

TEST_F(AlertScripts, RefuseASeverityThatIsNone) {
  folder_.write("cron/second/loud.lua",
                "require('alerts').hold('loud', assert(interface.hosts({})),"
                " function(host) return host.key, '', 'loud' end)");
  (void)runner_->run({"loud", "", {}, "cron/second"});
  EXPECT_THAT(errors_, SizeIs(1));
}

}  // namespace
}  // namespace weir

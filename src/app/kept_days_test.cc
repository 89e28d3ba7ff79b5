// SPDX-License-Identifier: GPL-3.0-or-later
// The bundled scripts under scripts/cron write the hosts of each day, by a clock that is not the
// machine's.
#include "app/kept_days.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "cache/sqlite_cache.h"
#include "query/test_traffic.h"
#include "script/cron.h"
#include "script/script_runner.h"

namespace weir {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;
using test_traffic::Sent;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// 2026-11-28 00:00:00 UTC.
constexpr uint32_t kDay = 1'795'824'000;
constexpr uint32_t kMinutes = 60;

// A day and a half in which two hosts never stop, and others come, speak once and are forgotten.
class KeptDays : public ::testing::Test {
 protected:
  KeptDays() {
    HostDayOptions options;
    options.now = [this] { return sys_seconds(seconds(now_.load())); };
    options.utc_offset = [](sys_seconds) { return seconds(0); };
    days_ = keep_days(folder_.path().string(), {eth0_.get()}, std::move(options));
    runner_ = *ScriptRunner::open(
        {.folder = WEIR_SOURCE_DIR "/scripts",
         .on_error = [this](const std::string& line) { errors_.push_back(line); },
         .cache = cache_.get(),
         .days = days_.get()},
        questions_);
    cron_ = std::make_unique<Cron>(
        *runner_, CronOptions{.ticks_by_itself = false,
                              .utc_offset = [](sys_seconds) { return seconds(0); }});
  }

  // One minute passes: its packets come, then what the clock asks for is done.
  void pass_minute(uint32_t minute) {
    const uint32_t begin = kDay - 12 * 60 * kMinutes + minute * kMinutes;
    std::vector<Sent> packets;
    for (uint32_t second = 0; second < kMinutes; second += 10)
      packets.push_back(
          {.source = "10.0.0.1", .destination = "10.0.0.2", .when = {begin + second, 0}});
    if (minute % 7 == 0) {
      const std::string guest =
          "10.1." + std::to_string(minute / 250) + "." + std::to_string(minute % 250);
      packets.push_back({.source = guest, .destination = "10.0.0.2", .when = {begin + 59, 0}});
      guests_[begin / 86'400].insert(guest);
    }
    test_traffic::feed(*eth0_->shards().front(), packets);
    // Late packets of what comes after midnight are there before the day is closed.
    const uint32_t end = begin + kMinutes;
    if (end % 86'400 == 0) {
      test_traffic::feed(*eth0_->shards().front(),
                         {{.source = "10.2.0.1", .destination = "10.0.0.2", .when = {end, 0}}});
      guests_[end / 86'400].insert("10.2.0.1");
    }
    now_ = end;
    cron_->tick(sys_seconds(seconds(end)));
    wait_for_cron();
    EXPECT_TRUE(days_->wait_until_written());
  }
  void wait_for_cron() const {
    const auto is_running = [&] {
      const Value table = cron_->table();
      const auto& rows = *table["scripts"].as<Value::Array>();
      return std::any_of(rows.begin(), rows.end(),
                         [](const Value& row) { return row["running"] == Value(true); });
    };
    const auto patience = std::chrono::steady_clock::now() + seconds(60);
    while (is_running() && std::chrono::steady_clock::now() < patience) std::this_thread::yield();
  }

  std::set<std::string> hosts_of(const std::string& day) {
    const ScriptResponse response =
        runner_->run({"days", day, {{"limit", "10000"}, {"columns", "key"}, {"format", "csv"}}});
    EXPECT_EQ(response.status, 200) << response.body;
    std::set<std::string> found;
    size_t lines = 0;
    for (size_t at = response.body.find("\r\n") + 2; at < response.body.size(); ++lines) {
      const size_t end = response.body.find("\r\n", at);
      found.insert(response.body.substr(at, end - at));
      at = end + 2;
    }
    EXPECT_EQ(found.size(), lines) << "no host is there twice";
    return found;
  }

  std::atomic<int64_t> now_{kDay - 12 * 60 * kMinutes};
  test::TestFolder folder_;
  std::unique_ptr<Interface> eth0_ = test_traffic::watch("eth0", {});
  LiveQuestions questions_ = test_traffic::questions_about({eth0_.get()});
  std::unique_ptr<SqliteCache> cache_ =
      *SqliteCache::open({.file = "", .commit_after = {}, .now = {}});
  std::unique_ptr<SqliteHostDays> days_;
  std::vector<std::string> errors_;
  std::unique_ptr<ScriptRunner> runner_;
  std::unique_ptr<Cron> cron_;
  std::map<uint32_t, std::set<std::string>> guests_;  // by day
};

TEST_F(KeptDays, HaveExactlyTheHostsOfTheDay) {
  for (uint32_t minute = 0; minute < 36 * 60 + 10; ++minute) pass_minute(minute);
  EXPECT_THAT(errors_, IsEmpty());
  ASSERT_LT(eth0_->shards().front()->hosts().live(), 10U) << "most were forgotten meanwhile";
  for (const auto& [day, name] :
       {std::pair(kDay / 86'400 - 1, "2026-11-27"), std::pair(kDay / 86'400, "2026-11-28")}) {
    std::set<std::string> expected = guests_[day];
    EXPECT_GT(expected.size(), 100U);
    expected.insert({"10.0.0.1", "10.0.0.2"});
    EXPECT_EQ(hosts_of(name), expected) << name;
  }
  EXPECT_EQ(runner_->run({"days", "", {}}).body,
            R"({"rows":[{"complete":false,"day":"2026-11-29","hosts":)" +
                std::to_string(guests_[kDay / 86'400 + 1].size() + 2) +
                R"(},{"complete":true,"day":"2026-11-28","hosts":)" +
                std::to_string(guests_[kDay / 86'400].size() + 2) +
                R"(},{"complete":true,"day":"2026-11-27","hosts":)" +
                std::to_string(guests_[kDay / 86'400 - 1].size() + 2) + R"(}],"total":3})");
  const ScriptResponse page = runner_->run({"days", "2026-11-28", {}, "pages"});
  EXPECT_THAT(page.body, HasSubstr("<a href=\"/hosts/10.0.0.1\">10.0.0.1</a>"));
  EXPECT_THAT(runner_->run({"days", "", {}, "pages"}).body,
              HasSubstr("<a href=\"/lua/days/2026-11-27\">2026-11-27</a>"));
  EXPECT_EQ(runner_->run({"days", "2026-11-30", {}}).status, 404);
  EXPECT_EQ(runner_->run({"days", "x", {}, "pages"}).status, 400);
}

TEST_F(KeptDays, AreKeptForAsLongAsThePreferenceSays) {
  for (const char* nonsense : {"x", "-5", "nan", "inf", "1e300", ""}) {
    ASSERT_TRUE(cache_->set_preference("days.keep", nonsense).ok());
    EXPECT_EQ(runner_->run({"hosts_of_day", "", {}, "cron/day"}).status, 200) << nonsense;
    EXPECT_TRUE(days_->wait_until_written());
  }
  ASSERT_TRUE(cache_->set_preference("days.keep", "1").ok());
  for (uint32_t minute = 0; minute < 36 * 60 + 10; minute += 5) pass_minute(minute);
  EXPECT_THAT(errors_, IsEmpty());
  const std::string days = runner_->run({"days", "", {}}).body;
  EXPECT_THAT(days, HasSubstr("2026-11-29"));
  EXPECT_THAT(days, HasSubstr("2026-11-28"));
  EXPECT_THAT(days, Not(HasSubstr("2026-11-27")));
}

TEST_F(KeptDays, MissNobodyWhenWeirEnds) {
  pass_minute(0);
  test_traffic::feed(*eth0_->shards().front(), {{.source = "10.3.0.1",
                                                 .destination = "10.0.0.2",
                                                 .when = {static_cast<uint32_t>(now_) + 1, 0}}});
  write_today(days_.get());
  EXPECT_EQ(hosts_of("2026-11-27").count("10.3.0.1"), 1U);
  write_today(nullptr);
}

TEST(KeptDaysWithoutAFolder, AreNotKept) {
  EXPECT_EQ(keep_days("", {}, {}), nullptr);
  EXPECT_EQ(keep_days("/nowhere/at/all", {}, {}), nullptr);
  const auto eth0 = test_traffic::watch("eth0", {});
  const LiveQuestions questions = test_traffic::questions_about({eth0.get()});
  const auto runner = *ScriptRunner::open({.folder = WEIR_SOURCE_DIR "/scripts"}, questions);
  const ScriptResponse none = runner->run({"days", "", {}});
  EXPECT_EQ(none.status, 404);
  EXPECT_THAT(none.body, HasSubstr("--data DIR"));
}

}  // namespace
}  // namespace weir

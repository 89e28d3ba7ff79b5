// SPDX-License-Identifier: GPL-3.0-or-later
// The bundled scripts under scripts/cron, and the resource that shows what they keep.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "script/fake_questions.h"
#include "script/test_scripts.h"

namespace weir {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Two hosts of an interface, of which the test says how fast they are and when a packet came last.
class TwoHosts final : public FakeQuestions {
 public:
  std::array<uint64_t, 2> rates{};
  double last_seen = 0;
  static constexpr std::string_view kName = "eth0\xff";  // no UTF-8

  [[nodiscard]] Answer interfaces(const ListRequest& /*request*/) const override {
    Value eth0;
    eth0.set("id", kName);
    eth0.set("bits_per_second", rates[0] + rates[1]);
    eth0.set("last_seen", last_seen);
    Value eth1;  // nothing happens there
    eth1.set("id", "eth1");
    Value answer;
    answer.set("time", time.load());
    answer.set("rows", Value::Array{eth0, eth1});
    return answer;
  }
  [[nodiscard]] Answer hosts(const ListRequest& request) const override {
    EXPECT_EQ(request.interface, kName);
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

class CronScripts : public BundledScripts<TwoHosts> {
 protected:
  void run(const std::string& group, const std::string& name, double time) {
    questions_.time = time;
    if (time_goes_on_) questions_.last_seen = time;
    EXPECT_EQ(runner_->run({name, "", {}, group}).status, 200);
    EXPECT_THAT(errors_, IsEmpty());
  }
  std::string tops(Parameters parameters = {}) {
    return runner_->run({"tops", "", std::move(parameters)}).body;
  }

  bool time_goes_on_ = true;
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

TEST_F(CronScripts, AddNoSecondTwiceWherePacketsStandStill) {
  time_goes_on_ = false;  // a file at its end
  questions_.last_seen = 1000;
  questions_.rates = {800, 8000};
  for (int second = 0; second < 60; ++second) run("cron/second", "talkers", 6000 + second);
  run("cron/minute", "top_talkers", 6060.02);
  EXPECT_EQ(tops(),
            R"({"rows":[{"hosts":[{"bytes":1000,"key":"10.0.0.1"},{"bytes":100,"key":"10.0.0.0"}],)"
            R"("time":6000}],"total":1})");
  for (int second = 0; second < 60; ++second) run("cron/second", "talkers", 6060 + second);
  run("cron/minute", "top_talkers", 6120.02);
  EXPECT_THAT(tops(), HasSubstr(R"("total":1)")) << "a minute in which nothing came";
  questions_.rates = {80, 0};  // a silent interface: its last second is over only now
  for (int second = 0; second < 2; ++second) run("cron/second", "talkers", 6120 + second);
  questions_.last_seen = 1001;  // the pipe goes on as fast as before
  for (int second = 2; second < 5; ++second) run("cron/second", "talkers", 6120 + second);
  run("cron/minute", "top_talkers", 6180.02);
  EXPECT_EQ(tops({{"limit", "1"}}),
            R"({"rows":[{"hosts":[{"bytes":20,"key":"10.0.0.0"}],"time":6120}],"total":1})");
}

// Hosts that come when the test says so, one each second.
class NewHosts final : public FakeQuestions {
 public:
  int made = 0;
  mutable int asked_for_hosts = 0;

  [[nodiscard]] Answer interfaces(const ListRequest& /*request*/) const override {
    Value eth0;
    eth0.set("id", "eth0");
    eth0.set("hosts_total", made);
    if (made > 0) eth0.set("last_seen", time.load());
    Value eth1;  // nothing happens there
    eth1.set("id", "eth1");
    eth1.set("hosts_total", 0);
    Value answer;
    answer.set("time", 1'700'000'000.0);  // of packets it is another time
    answer.set("rows", Value::Array{eth0, eth1});
    return answer;
  }
  [[nodiscard]] Answer hosts(const ListRequest& request) const override {
    ++asked_for_hosts;
    EXPECT_EQ(request.interface, "eth0");
    EXPECT_EQ(request.sort, "first_seen");
    EXPECT_TRUE(request.descending);
    Value::Array rows;
    for (int i = made; i > 0 && rows.size() < request.limit; --i) {
      Value row;
      row.set("key", "10.0.0." + std::to_string(i));
      row.set("first_seen", 5000.5 + i);
      row.set("is_local", true);
      rows.push_back(row);
    }
    Value answer;
    answer.set("time", time.load());
    answer.set("rows", std::move(rows));
    return answer;
  }
};

class NewHostsScript : public BundledScripts<NewHosts> {
 protected:
  // The events since the last call, the oldest first.
  std::vector<std::string> events() {
    EXPECT_EQ(runner_->run({"new_hosts", "", {}, "cron/second"}).status, 200);
    EXPECT_THAT(errors_, IsEmpty());
    std::vector<std::string> texts;
    for (CacheMessage& message : cache_->messages("events", last_, 1000)) {
      last_ = message.number;
      texts.push_back(std::move(message.text));
    }
    return texts;
  }
  std::string rest(Parameters parameters = {}) {
    return runner_->run({"events", "", std::move(parameters)}).body;
  }

  uint64_t last_ = 0;
};

TEST_F(NewHostsScript, TellsOfEachHostOnce) {
  (void)cache_->messages("events", 0, 0);
  questions_.time = 5010;
  questions_.made = 8;  // first seen up to 5008.5
  EXPECT_THAT(events(), ElementsAre(HasSubstr(R"("host":"10.0.0.8")"))) << "not of the older ones";
  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(questions_.asked_for_hosts, 1) << "nothing was made meanwhile";
  questions_.made = 10;
  EXPECT_THAT(
      events(),
      ElementsAre(
          R"({"event":"host_added","host":"10.0.0.10","interface":"eth0","is_local":true,"time":5010.5})",
          HasSubstr(R"("host":"10.0.0.9")")));
  questions_.made = 3;  // after a restart
  questions_.time = 5020;
  EXPECT_THAT(events(), IsEmpty());
  questions_.made = 20;
  EXPECT_EQ(events().size(), 3U) << "those that came since";
}

TEST_F(NewHostsScript, TellsOfAllThatComeAfterTheStart) {
  (void)cache_->messages("events", 0, 0);
  EXPECT_THAT(events(), IsEmpty());
  questions_.made = 2;
  EXPECT_EQ(events().size(), 2U);
}

TEST_F(NewHostsScript, TellsHowManyMoreThereWere) {
  (void)cache_->messages("events", 0, 0);
  questions_.time = 5002;
  questions_.made = 1;
  EXPECT_EQ(events().size(), 1U);
  questions_.made = 251;
  const auto told = events();
  ASSERT_EQ(told.size(), 101U);
  EXPECT_EQ(told.back(),
            R"({"event":"hosts_not_told","hosts":150,"interface":"eth0","time":5251.5})");
  questions_.asked_for_hosts = 0;
  questions_.time = 5300;
  questions_.made = 251 + 10'001;
  EXPECT_THAT(
      events(),
      ElementsAre(R"({"event":"hosts_not_told","hosts":10001,"interface":"eth0","time":5300})"));
  EXPECT_EQ(questions_.asked_for_hosts, 0);
}

TEST_F(NewHostsScript, ItsEventsAreAResource) {
  EXPECT_EQ(rest(), R"({"rows":[],"total":0})");
  cache_->publish("events", R"({"event":"a","number":99})");
  cache_->publish("events", "nonsense");
  cache_->publish("events", "[1]");
  cache_->publish("events", R"({"event":"b"})");
  EXPECT_EQ(rest(), R"({"rows":[{"event":"b","number":4},{"event":"a","number":1}],"total":4})");
  EXPECT_EQ(rest({{"after", "1"}}), R"({"rows":[{"event":"b","number":4}],"total":3})");
  EXPECT_EQ(rest({{"limit", "1"}}), R"({"rows":[{"event":"b","number":4}],"total":4})");
  EXPECT_THAT(rest({{"after", "x"}}), HasSubstr(R"("parameter":"after")"));
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
// lib/watched.lua: the resource that tells of what users watch, and the alerts about it.
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "script/fake_questions.h"
#include "script/test_scripts.h"

namespace weir {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// One host that is there, and flows by their filter.
class WatchedTraffic final : public FakeQuestions {
 public:
  double host_seen = 0;  // 0: it is not there
  std::map<std::string, double> flows_seen;

  [[nodiscard]] Answer interfaces(const ListRequest& /*request*/) const override {
    Value eth0;
    eth0.set("id", "eth0");
    eth0.set("last_seen", time.load());
    return list_of({eth0});
  }
  [[nodiscard]] Answer host(const WantedHost& wanted) const override {
    const std::string_view key = wanted.key;
    if (key == "10.0.0") return QueryError{QueryError::Kind::kBadParameter, "key", "no key", 0};
    if (key != "10.0.0.1" || host_seen == 0)
      return QueryError{QueryError::Kind::kNotFound, "", "no such host", 0};
    Value host = sums(8'000, 1'000, host_seen);
    host.set("key", key);
    return host;
  }
  [[nodiscard]] Answer hosts(const ListRequest& request) const override {
    EXPECT_EQ(request.filter, "host = cafe");
    return list_of({});
  }
  [[nodiscard]] Answer flows(const ListRequest& request) const override {
    EXPECT_THAT(request.group_by, ElementsAre("protocol_name"));
    const auto seen = flows_seen.find(request.filter);
    if (request.filter == "bad")
      return QueryError{QueryError::Kind::kBadParameter, "filter", "there is no field bad", 1};
    if (seen == flows_seen.end()) return list_of({});
    Value tcp = sums(1'000, 100, seen->second);
    tcp.set("count", 2);
    Value udp = sums(500, 10, seen->second - 1);
    udp.set("count", 1);
    return list_of({tcp, udp});
  }

 private:
  static Value sums(uint64_t rate, uint64_t bytes, double seen) {
    Value row;
    row.set("bits_per_second", rate);
    row.set("bytes", bytes);
    row.set("last_seen", seen);
    return row;
  }
  [[nodiscard]] Value list_of(Value::Array rows) const {
    Value answer;
    answer.set("time", time.load() + 0.5);
    answer.set("total", uint64_t{rows.size()});
    answer.set("rows", std::move(rows));
    return answer;
  }
};

class WatchedScripts : public BundledScripts<WatchedTraffic> {
 protected:
  WatchedScripts() { questions_.time = 5000; }
  void watch(const std::string& id, const std::string& value) {
    ASSERT_TRUE(cache_->set_preference("watch/" + id, value).ok());
  }
  std::string watched(Parameters parameters = {}) {
    const std::string body = runner_->run({"watched", "", std::move(parameters)}).body;
    EXPECT_THAT(errors_, IsEmpty());
    return body;
  }
  std::string alerts() {
    EXPECT_EQ(runner_->run({"watched", "", {}, "cron/minute"}).status, 200);
    EXPECT_THAT(errors_, IsEmpty());
    return runner_->run({"alerts", "", {}}).body;
  }
};

TEST_F(WatchedScripts, TellOfHostsAndFlowsWhetherTheyAreThere) {
  EXPECT_EQ(watched(), R"({"left_out":0,"offset":0,"rows":[],"time":5000.5,"total":0})");
  watch("a", R"({"list":"hosts","filter":"host = 10.0.0.1"})");
  watch("b", R"({"list":"flows","filter":"app = \"TLS\""})");
  questions_.flows_seen[R"(app = "TLS")"] = 4990;
  const Parameters parameters{{"sort", "id"}, {"order", "asc"}};
  EXPECT_EQ(watched(parameters),
            R"({"left_out":0,"offset":0,"rows":[{"bits_per_second":0,"bytes":0,"count":0,)"
            R"("entity":"10.0.0.1","filter":"host = 10.0.0.1","id":"a","is_there":false,)"
            R"("list":"hosts"},{"bits_per_second":1500,"bytes":110,"count":3,)"
            R"("entity":"app = \"TLS\"","filter":"app = \"TLS\"","id":"b","is_there":true,)"
            R"("last_seen":4990,"list":"flows"}],"time":5000.5,"total":2})");
  questions_.host_seen = 4999;
  questions_.flows_seen[R"(app = "TLS")"] = 4940;
  EXPECT_THAT(watched(parameters), HasSubstr(R"("id":"a","is_there":true,"last_seen":4999)"));
  EXPECT_THAT(watched(parameters), HasSubstr(R"("id":"b","is_there":false,"last_seen":4940)"))
      << "nothing for a minute";
}

TEST_F(WatchedScripts, SayWhatIsWrongAndPassOverWhatIsNoneOfTheirs) {
  watch("wrong", R"({"list":"flows","filter":"bad"})");
  watch("nothing", "dark");
  watch("other", R"({"list":"secrets","filter":"x"})");
  watch("number", R"({"list":"flows","filter":5})");
  watch("address", R"({"list":"hosts","filter":"host = 10.0.0"})");
  watch("name", R"({"list":"hosts","filter":"host = cafe"})");
  EXPECT_THAT(watched(), HasSubstr(R"("error":"there is no field bad")"));
  EXPECT_THAT(watched(), HasSubstr(R"("error":"no key")"));
  EXPECT_THAT(watched(), HasSubstr(R"("entity":"host = cafe")"));
  EXPECT_THAT(watched(), HasSubstr(R"("total":3})"));
  EXPECT_THAT(watched({{"filter", "x"}}), HasSubstr("unknown parameter"));
  EXPECT_EQ(runner_->run({"watched", "wrong", {}}).status, 404);
}

TEST_F(WatchedScripts, LookAtFiftyAndSayHowManyMore) {
  for (int i = 0; i < 53; ++i)
    watch("w" + std::to_string(i), R"({"list":"hosts","filter":"host = 10.0.0.9"})");
  EXPECT_THAT(watched({{"limit", "0"}}), HasSubstr(R"("left_out":3,)"));
  EXPECT_THAT(watched({{"limit", "0"}}), HasSubstr(R"("total":50})"));
}

TEST_F(WatchedScripts, AlertWhileItIsThere) {
  watch("a", R"({"list":"hosts","filter":"host = 10.0.0.1"})");
  EXPECT_THAT(alerts(), HasSubstr(R"("total":0})"));
  questions_.host_seen = 4999;
  EXPECT_EQ(alerts(),
            R"({"left_out":0,"offset":0,"rows":[{"check":"watched","entity":"10.0.0.1",)"
            R"("severity":"info","since":5000.5,"state":"active","text":"1 host, 8.00 kbit/s"}],)"
            R"("total":1})");
  questions_.time = 5120;
  EXPECT_THAT(alerts(), HasSubstr(R"("ended":5120.5,)"));
}

TEST_F(WatchedScripts, AlertNoMoreWhenItIsNotWatched) {
  watch("b", R"({"list":"flows","filter":"port = 23"})");
  questions_.flows_seen["port = 23"] = 4999;
  EXPECT_THAT(alerts(), HasSubstr(R"("text":"3 active flows, 1.50 kbit/s")"));
  ASSERT_TRUE(cache_->erase_preference("watch/b").ok());
  EXPECT_THAT(alerts(), HasSubstr(R"("state":"over")"));
}

}  // namespace
}  // namespace weir

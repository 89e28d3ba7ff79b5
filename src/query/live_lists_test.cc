// SPDX-License-Identifier: GPL-3.0-or-later
// Lists, hosts and flows of a real engine.
#include <gtest/gtest.h>

#include "query/test_traffic.h"

namespace weir {
namespace {

using test_traffic::a_second_of_traffic;
using test_traffic::feed;
using test_traffic::questions_about;
using test_traffic::Sent;
using test_traffic::setting_about;
using test_traffic::watch;

std::string json(const Answer& answer) {
  return answer ? to_json(*answer) : answer.error().parameter + ": " + answer.error().message;
}
std::string rows(const Answer& answer) {
  return answer ? to_json((*answer)["rows"]) : json(answer);
}

TEST(LiveLists, SortFlowsByRateUnlessToldOtherwise) {
  const auto eth0 = watch("eth0", a_second_of_traffic());
  const LiveQuestions questions = questions_about({eth0.get()});
  EXPECT_EQ(
      json(questions.flows({.columns = {"application", "bits_per_second", "bytes"}})),
      R"({"time":2000,"total":4,"offset":0,"rows":[)"
      R"({"application":"TLS","bits_per_second":2800,"bytes":350},{"application":"DNS","bits_per_second":1920,"bytes":1240},)"
      R"({"application":"NTP","bits_per_second":720,"bytes":90},{"application":"ICMP","bits_per_second":512,"bytes":64}]})");
  EXPECT_EQ(rows(questions.flows({.sort = "bytes", .descending = false, .columns = {"bytes"}})),
            R"([{"bytes":64},{"bytes":90},{"bytes":350},{"bytes":1240}])");
}

TEST(LiveLists, FilterAndPageFlows) {
  const auto eth0 = watch("eth0", a_second_of_traffic());
  const LiveQuestions questions = questions_about({eth0.get()});
  EXPECT_EQ(
      json(questions.flows({.filter = "host in 10.0.0.0/8",
                            .sort = "bytes",
                            .offset = 1,
                            .limit = 1,
                            .columns = {"client_ip", "server_port", "state"}})),
      R"({"time":2000,"total":3,"offset":1,"rows":[{"client_ip":"10.0.0.1","server_port":443,"state":"established"}]})");
  EXPECT_EQ(rows(questions.flows({.filter = "ntp", .columns = {"client_ip", "server_ip"}})),
            R"([{"client_ip":"2001:db8::1","server_ip":"2001:db8::2"}])");
  EXPECT_EQ(json(questions.flows({.filter = "bytes >"})),
            "filter: expected a value, but the filter ends");
  EXPECT_EQ(json(questions.hosts({.sort = "colour"})), "sort: there is no field \"colour\"");
}

TEST(LiveLists, CountHosts) {
  const auto eth0 = watch("eth0", a_second_of_traffic());
  const LiveQuestions questions = questions_about({eth0.get()});
  EXPECT_EQ(
      json(questions.hosts({.filter = "is_local = true",
                            .sort = "bytes",
                            .columns = {"key", "bytes_sent", "bytes_received", "flows", "mac"}})),
      R"({"time":2000,"total":3,"offset":0,"rows":[)"
      R"({"key":"10.0.0.3","bytes_sent":1080,"bytes_received":224,"flows":2,"mac":"04:00:03:00:00:03"},)"
      R"({"key":"10.0.0.2","bytes_sent":160,"bytes_received":1080,"flows":1,"mac":"04:00:02:00:00:02"},)"
      R"({"key":"10.0.0.1","bytes_sent":214,"bytes_received":200,"flows":2,"mac":"04:00:01:00:00:01"}]})");
}

TEST(LiveLists, SumApplicationsOverLiveAndEndedFlows) {
  const auto eth0 = watch("eth0", a_second_of_traffic());
  const LiveQuestions questions = questions_about({eth0.get()});
  const ListRequest request{.columns = {"name", "category", "packets", "bytes", "flows"}};
  const std::string expected =
      R"([{"name":"DNS","category":"Network","packets":3,"bytes":1240,"flows":1},)"
      R"({"name":"TLS","category":"Web","packets":3,"bytes":350,"flows":1},)"
      R"({"name":"NTP","category":"System","packets":1,"bytes":90,"flows":1},)"
      R"({"name":"ICMP","category":"Network","packets":1,"bytes":64,"flows":1}])";
  EXPECT_EQ(rows(questions.applications(request)), expected);
  eth0->shards().front()->finish();
  EXPECT_EQ(rows(questions.applications(request)), expected);
  EXPECT_EQ(rows(questions.applications({.filter = "app = DNS", .columns = {"bits_per_second"}})),
            R"([{"bits_per_second":0}])");
}

TEST(LiveFlow, IsFoundByItsIdUntilItEnds) {
  const auto eth0 = watch("eth0", a_second_of_traffic(), 1, 5);
  const LiveQuestions questions = questions_about({eth0.get()});
  const Answer list = questions.flows({.filter = "app = TLS"});
  ASSERT_TRUE(list);
  const Value row = (*(*list)["rows"].as<Value::Array>())[0];
  const std::string id = *row["id"].as<std::string>();
  EXPECT_TRUE(id.starts_with("5-")) << id;
  EXPECT_EQ(json(questions.flow(id)), to_json(row));

  eth0->shards().front()->finish();
  // The next flows take the places of those that ended.
  feed(*eth0->shards().front(), a_second_of_traffic());
  const Answer ended = questions.flow(id);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().kind, QueryError::Kind::kNotFound);
  EXPECT_EQ(ended.error().message, "that flow is over or was never there");
}

TEST(LiveFlow, RefusesWhatIsNoId) {
  const auto eth0 = watch("eth0", a_second_of_traffic());
  const LiveQuestions questions = questions_about({eth0.get()});
  for (const char* id :
       {"", "1", "1-2", "1-2-", "1-2-3-4", "x-1-1", "1--1", "-1-1-1", "100000000-1-1"}) {
    const Answer answer = questions.flow(id);
    ASSERT_FALSE(answer) << id;
    EXPECT_EQ(answer.error().kind, QueryError::Kind::kBadParameter) << id;
  }
  for (const char* id : {"0-0-0", "0-1-ffffffff", "7-1-1", "ffffffff-1-1"}) {
    EXPECT_EQ(questions.flow(id).error().kind, QueryError::Kind::kNotFound) << id;
  }
}

std::vector<Sent> many_flows() {
  std::vector<Sent> packets = a_second_of_traffic();
  for (uint16_t i = 0; i < 300; ++i) {
    const uint8_t last = static_cast<uint8_t>(10 + i % 40);
    packets.push_back({.source = "10.0.1." + std::to_string(last),
                       .destination = "10.0.0.2",
                       .source_port = static_cast<uint16_t>(20000 + i),
                       .destination_port = 53,
                       .length = 60U + i,
                       .when = {1001, 1000U + i}});
  }
  packets.push_back({.source = "10.0.7.7", .when = {1002, 0}});
  return packets;
}

TEST(SeveralShards, AnswerAsOneDoes) {
  const auto one = watch("eth0", many_flows());
  const auto three = watch("eth0", many_flows(), 3);
  const LiveQuestions single = questions_about({one.get()});
  const LiveQuestions merged = questions_about({three.get()});
  for (const auto& shard : three->shards())
    ASSERT_GT(shard->flows().live(), 20U) << "each has a share";
  // The rates of a shard are of its own last second: they agree once time has passed in all.
  for (const auto& shard : one->shards()) shard->idle({1002, 500});
  for (const auto& shard : three->shards()) shard->idle({1002, 500});
  const ListRequest hosts{.sort = "key", .limit = 1000};
  EXPECT_EQ(json(single.hosts(hosts)), json(merged.hosts(hosts)));
  const ListRequest flows{.sort = "bytes",
                          .limit = 1000,
                          .columns = {"client_ip", "client_port", "bytes", "packets",
                                      "bits_per_second", "application", "state"}};
  EXPECT_EQ((*single.flows(flows))["total"], (*merged.flows(flows))["total"]);
  const ListRequest some{.filter = "client_port >= 20000",
                         .sort = "client_port",
                         .limit = 50,
                         .columns = flows.columns};
  EXPECT_EQ(json(single.flows(some)), json(merged.flows(some)));
  EXPECT_EQ(json(single.applications({})), json(merged.applications({})));
  for (const SeriesBy by : {SeriesBy::kClass, SeriesBy::kDirection, SeriesBy::kApplication})
    EXPECT_EQ(json(single.series({"", 5, by})), json(merged.series({"", 5, by})));
  EXPECT_EQ(json(single.host({"10.0.0.2"})), json(merged.host({"10.0.0.2"})));
}

TEST(SeveralInterfaces, AreOneListOrOneEach) {
  const auto eth0 = watch("eth0", {{.source_port = 40000, .destination_port = 53, .length = 100}});
  const auto eth1 =
      watch("eth1", {{.source_port = 40001, .destination_port = 53, .length = 200}}, 1, 1);
  const LiveQuestions questions = questions_about({eth0.get(), eth1.get()});
  const std::vector<std::string> columns{"interface", "client_port"};
  EXPECT_EQ(
      rows(questions.flows({.sort = "bytes", .columns = columns})),
      R"([{"interface":"eth1","client_port":40001},{"interface":"eth0","client_port":40000}])");
  EXPECT_EQ(rows(questions.flows({.interface = "eth0", .columns = columns})),
            R"([{"interface":"eth0","client_port":40000}])");
  EXPECT_EQ(rows(questions.hosts({.filter = "if = eth1", .sort = "key", .columns = {"key"}})),
            R"([{"key":"10.0.0.2"},{"key":"10.0.0.1"}])");
  EXPECT_EQ(rows(questions.applications({.columns = {"bytes"}})), R"([{"bytes":300}])");
  EXPECT_EQ((*questions.host({"10.0.0.1"}))["interface"], Value("eth1")) << "the busiest";
  EXPECT_EQ((*questions.host({"10.0.0.1", "eth0"}))["interface"], Value("eth0"));
  EXPECT_EQ((*questions.archived_host({"10.0.0.1", "eth0"}))["interface"], Value("eth0"));
  EXPECT_TRUE(questions.host_record({"10.0.0.1", "eth0"}).ok());
  const Answer nowhere = questions.host({"10.0.0.1", "eth7"});
  EXPECT_EQ(nowhere.error().kind, QueryError::Kind::kNotFound);
  EXPECT_EQ(nowhere.error().parameter, "interface");
  const Answer list = questions.flows({.interface = "eth1"});
  const Value id = (*(*list)["rows"].as<Value::Array>())[0]["id"];
  EXPECT_EQ((*questions.flow(*id.as<std::string>()))["interface"], Value("eth1"));
  const Answer unknown = questions.flows({.interface = "eth7"});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, QueryError::Kind::kNotFound);
  EXPECT_EQ(json(unknown), "interface: there is no interface \"eth7\"");
}

}  // namespace
}  // namespace weir

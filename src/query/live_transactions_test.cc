// SPDX-License-Identifier: GPL-3.0-or-later
// The list of transactions of a real engine.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "query/test_traffic.h"

namespace weir {
namespace {

using test_traffic::converse;
using test_traffic::questions_about;

std::string rows(const Answer& answer) {
  return answer ? to_json((*answer)["rows"])
                : answer.error().parameter + ": " + answer.error().message;
}

std::string request(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: example.org\r\n\r\n";
}
constexpr const char* kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

std::unique_ptr<Interface> watch_web(uint32_t shards) {
  ShardOptions options;
  options.memory_bytes = size_t{32} << 20;
  options.inspects = true;
  options.count = shards;
  std::vector<std::unique_ptr<Shard>> made;
  std::vector<Shard*> all;
  for (options.index = 0; options.index < shards; ++options.index) {
    made.push_back(std::move(*Shard::create(options, nullptr)));
    all.push_back(made.back().get());
  }
  // Round trips of 0.25 ms to the client and 1 ms to the server; /slow thinks half a second.
  for (uint16_t i = 0; i < 20; ++i) {
    const double start = 1000 + i / 16.0;
    converse(all, static_cast<uint16_t>(40'000 + i),
             {{start, true, 2},
              {start + 0.001, false, 0x12},
              {start + 0.00125, true, 0x10},
              {start + 0.25, true, 0x10, request("/slow")},
              {start + 0.751, false, 0x10, kAnswer},
              {start + 1, true, 0x10, request("/fast?id=" + std::to_string(i))},
              {start + 1.003, false, 0x10, kAnswer}});
  }
  return std::make_unique<Interface>("eth0", "eth0", 0, std::move(made));
}

TEST(LiveTransactions, TellWhichUrlIsSlowAndWhoseFaultItIs) {
  for (const uint32_t shards : {1U, 3U}) {
    const auto eth0 = watch_web(shards);
    const LiveQuestions questions = questions_about({eth0.get()});
    EXPECT_EQ(
        rows(questions.transactions(
            {.columns = {"key", "transactions", "slowest_part", "servers", "interface"}})),
        R"([{"key":"GET example.org/slow","transactions":20,"slowest_part":"server_thinking","servers":1,"interface":"eth0"},)"
        R"({"key":"GET example.org/fast","transactions":20,"slowest_part":"server_thinking","servers":1,"interface":"eth0"}])")
        << shards;
    const Answer slow = questions.transactions({.filter = "url = *slow"});
    ASSERT_TRUE(slow.ok());
    const Value& row = (*(*slow)["rows"].as<Value::Array>())[0];
    const auto value = [&](const char* field) { return *row[field].as<double>(); };
    for (const char* field : {"p50_ms", "p95_ms", "p99_ms", "mean_ms", "recent_p95_ms"})
      EXPECT_NEAR(value(field), 501, 1) << field;
    EXPECT_NEAR(value("server_thinking_ms"), 500, 0.01);
    EXPECT_NEAR(value("server_network_ms"), 1, 0.01);
    EXPECT_NEAR(value("client_network_ms"), 0.25, 0.01);
    EXPECT_EQ(value("sender_idle_ms"), 0);
    EXPECT_NEAR(value("total_s"), 20 * 0.501, 0.001);
    EXPECT_EQ(*row["server_ip"].as<std::string>(), "10.0.0.2");
  }
}

TEST(LiveTransactions, NameTheFlowThatHadThemLast) {
  const auto eth0 = watch_web(1);
  const LiveQuestions questions = questions_about({eth0.get()});
  const Answer answer = questions.transactions({.filter = "app = http and key ~ slow"});
  ASSERT_TRUE(answer.ok());
  const std::string id = *(*(*answer)["rows"].as<Value::Array>())[0]["flow"].as<std::string>();
  const Answer flow = questions.flow(id);
  ASSERT_TRUE(flow.ok());
  EXPECT_EQ(*(*flow)["transactions"].as<uint64_t>(), 2U);
  EXPECT_NEAR(*(*flow)["application_latency_ms"].as<double>(), 500, 0.01);
  EXPECT_NEAR(*(*flow)["server_thinking_ms"].as<double>(), 502, 0.01);
  EXPECT_NEAR(*(*flow)["client_network_ms"].as<double>(), 0.5, 0.01);
}

TEST(LiveTransactions, CanChooseFlowsByTheirTime) {
  const auto eth0 = watch_web(1);
  const LiveQuestions questions = questions_about({eth0.get()});
  const Answer some = questions.flows({.filter = "server_thinking_ms > 400", .limit = 1});
  ASSERT_TRUE(some.ok());
  EXPECT_EQ(*(*some)["total"].as<uint64_t>(), 20U);
  const Answer none = questions.flows({.filter = "loss_recovery_ms > 0"});
  ASSERT_TRUE(none.ok());
  EXPECT_EQ(*(*none)["total"].as<uint64_t>(), 0U);
}

TEST(LiveTransactions, AreNoneWhereNoPayloadIsLookedAt) {
  const auto eth0 = test_traffic::watch("eth0", test_traffic::a_second_of_traffic());
  EXPECT_EQ(rows(questions_about({eth0.get()}).transactions({})), "[]");
  EXPECT_EQ(rows(questions_about({eth0.get()}).transactions({.sort = "flow"})),
            "sort: \"flow\" has no order");
}

}  // namespace
}  // namespace weir

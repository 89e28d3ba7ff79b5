// SPDX-License-Identifier: GPL-3.0-or-later
// Flows chosen by what may be wrong with them, in a real engine.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "query/test_traffic.h"

namespace weir {
namespace {

using test_traffic::questions_about;

// A harmless request, one of a scanner, and one that asks an address for a program.
std::unique_ptr<Interface> watch_web() {
  ShardOptions options;
  options.memory_bytes = size_t{32} << 20;
  options.inspects = true;
  std::vector<std::unique_ptr<Shard>> shards;
  shards.push_back(std::move(*Shard::create(options, nullptr)));
  const std::vector<std::string> requests{
      "GET / HTTP/1.1\r\nHost: example.org\r\nUser-Agent: Mozilla/5.0\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: example.org\r\nUser-Agent: sqlmap/1.7\r\n\r\n",
      "GET /setup.exe HTTP/1.1\r\nHost: 192.0.2.1\r\nUser-Agent: Mozilla/5.0\r\n\r\n"};
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  uint16_t port = 40'000;
  for (const std::string& request : requests)
    test_traffic::converse({shards.front().get()}, port++,
                           {{1000, true, 2},
                            {1000.001, false, 0x12},
                            {1000.002, true, 0x10, request},
                            {1000.003, false, 0x10, answer}});
  return std::make_unique<Interface>("eth0", "eth0", 0, std::move(shards));
}

std::string rows(const Answer& answer) {
  return answer ? to_json((*answer)["rows"])
                : answer.error().parameter + ": " + answer.error().message;
}

TEST(LiveRisks, ChooseFlows) {
  const auto eth0 = watch_web();
  const LiveQuestions questions = questions_about({eth0.get()});
  const auto ports = [&](const std::string& filter) {
    return rows(questions.flows({.filter = filter,
                                 .sort = "client_port",
                                 .descending = false,
                                 .columns = {"client_port"}}));
  };
  EXPECT_EQ(ports("risk = http_suspicious_user_agent"), R"([{"client_port":40001}])");
  EXPECT_EQ(ports("risks = http_numeric_host"), R"([{"client_port":40002}])") << "one of two";
  EXPECT_EQ(ports("risk ~ http"), R"([{"client_port":40001},{"client_port":40002}])");
  EXPECT_EQ(ports("risk in (dns_error, http_binary_transfer)"), R"([{"client_port":40002}])");
  EXPECT_EQ(ports("risks exists"), R"([{"client_port":40001},{"client_port":40002}])");
  EXPECT_EQ(ports("not risk exists"), R"([{"client_port":40000}])");
  EXPECT_EQ(ports("risk = dns_error"), "[]");
  EXPECT_EQ(ports("score > 100"), R"([{"client_port":40002}])");
  EXPECT_EQ(ports("score = 100"), R"([{"client_port":40001}])");
}

TEST(LiveRisks, OrderFlowsByTheirScore) {
  const auto eth0 = watch_web();
  const LiveQuestions questions = questions_about({eth0.get()});
  EXPECT_EQ(rows(questions.flows({.sort = "score", .columns = {"risks", "score"}})),
            R"([{"risks":["http_numeric_host","http_binary_transfer"],"score":160},)"
            R"({"risks":"http_suspicious_user_agent","score":100},{}])");
}

}  // namespace
}  // namespace weir

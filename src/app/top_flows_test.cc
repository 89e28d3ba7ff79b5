// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/top_flows.h"

#include <gtest/gtest.h>

#include "record/test_records.h"

namespace weir {
namespace {

FlowRecord flow(uint64_t bytes) {
  FlowRecord record = test_records::full_flow();
  record.to_server = {1, bytes};
  record.to_client = {};
  return record;
}

std::vector<uint64_t> bytes_of(const Value& rows) {
  std::vector<uint64_t> bytes;
  for (const Value& row : *rows.as<Value::Array>())
    bytes.push_back(*row["bytes_to_server"].as<uint64_t>());
  return bytes;
}

struct Counter final : FlowSink {
  size_t flows = 0;
  void accept(const FlowRecord& /*record*/) override { ++flows; }
};

TEST(TopFlows, KeepsTheLargestAndHandsOnAll) {
  Counter counter;
  TopFlows top(&counter);
  for (uint64_t i = 0; i < 25; ++i) top.accept(flow(i * 7 % 25));
  EXPECT_EQ(counter.flows, 25U);
  EXPECT_EQ(bytes_of(TopFlows::rows({&top})),
            (std::vector<uint64_t>{24, 23, 22, 21, 20, 19, 18, 17, 16, 15}));
}

TEST(TopFlows, OfSeveralAreTheLargestOfAll) {
  TopFlows even(nullptr);
  TopFlows odd(nullptr);
  for (uint64_t i = 0; i < 30; ++i) (i % 2 == 0 ? even : odd).accept(flow(i));
  EXPECT_EQ(bytes_of(TopFlows::rows({&even, &odd})),
            (std::vector<uint64_t>{29, 28, 27, 26, 25, 24, 23, 22, 21, 20}));
  EXPECT_TRUE(bytes_of(TopFlows::rows({})).empty());
}

TEST(TopFlows, AmongEqualsAreThoseThatBeganFirst) {
  TopFlows top(nullptr);
  for (uint32_t second = 40; second > 20; --second) {
    FlowRecord record = flow(5);
    record.first_seen = {second, 0};
    record.client_port = static_cast<uint16_t>(second);
    top.accept(record);
  }
  const Value rows = TopFlows::rows({&top});
  ASSERT_EQ(rows.as<Value::Array>()->size(), TopFlows::kKept);
  for (size_t i = 0; i < TopFlows::kKept; ++i) {
    EXPECT_EQ((*rows.as<Value::Array>())[i]["client_port"], Value(uint64_t{21 + i}));
  }
}

TEST(TopFlows, AreShownAsRows) {
  TopFlows top(nullptr);
  top.accept(flow(300));
  EXPECT_EQ(
      to_json(TopFlows::rows({&top})),
      R"([{"client_ip":"10.1.2.3","client_port":40000,"server_ip":"192.0.2.1","server_port":443,)"
      R"("application":"TLS","bytes_to_server":300,"bytes_to_client":0}])");
}

}  // namespace
}  // namespace weir

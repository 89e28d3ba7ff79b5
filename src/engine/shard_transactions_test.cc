// SPDX-License-Identifier: GPL-3.0-or-later
// Transactions through the whole shard: from packets to sums, and to the record of the flow.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/test_traffic.h"

namespace weir {
namespace {

using test_traffic::PacketSpec;
using test_traffic::TestShard;

constexpr double kStart = 1'700'000'000;
constexpr double kTolerance = 10'000;  // nanoseconds

ShardOptions inspecting() {
  ShardOptions options;
  options.memory_bytes = size_t{48} << 20;
  options.inspects = true;
  return options;
}

// A TCP connection to port 8081 whose handshake took `client_trip` and `server_trip` seconds on
// either side of weir.
class Connection {
 public:
  std::vector<PacketSpec> handshake(double client_trip, double server_trip) {
    return {packet(0, true, kTcpSyn), packet(server_trip, false, kTcpSyn | kTcpAck),
            packet(server_trip + client_trip, true, kTcpAck)};
  }
  PacketSpec packet(double when, bool from_client, uint8_t flags, std::string payload = {}) {
    PacketSpec spec;
    spec.protocol = kProtocolTcp;
    spec.tcp_flags = flags;
    spec.source_port = from_client ? 40'000 : 8081;
    spec.destination_port = from_client ? 8081 : 40'000;
    if (!from_client) std::swap(spec.source, spec.destination);
    uint32_t& next = next_[from_client ? 0 : 1];
    spec.tcp_sequence = next;
    spec.tcp_acknowledgement = next_[from_client ? 1 : 0];
    next += static_cast<uint32_t>(payload.size()) + ((flags & kTcpSyn) != 0 ? 1 : 0);
    spec.payload = std::move(payload);
    spec.seconds = kStart + when;
    return spec;
  }
  PacketSpec get(double when, const std::string& path) {
    return packet(when, true, kTcpAck, "GET " + path + " HTTP/1.1\r\nHost: example.org\r\n\r\n");
  }
  PacketSpec answer(double when, const std::string& status = "200 OK") {
    return packet(when, false, kTcpAck, "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
  }

 private:
  std::array<uint32_t, 2> next_{100, 200};
};

std::vector<TransactionRecord> records(const TestShard& test) {
  std::vector<TransactionRecord> all;
  const TransactionTable& table = *test.shard->transactions();
  for (uint32_t i = 0; i < table.limit(); ++i) {
    if (auto record = table.snapshot(i, test.shard->clock_second())) all.push_back(*record);
  }
  return all;
}

TEST(ShardTransactions, SumsTheRequestsOfAConnectionAndSplitsTheirTime) {
  TestShard test(inspecting());
  Connection connection;
  test.see(connection.handshake(0.002, 0.010));
  test.see({connection.get(1, "/slow"), connection.answer(1.510)});
  test.see({connection.get(2, "/slow"), connection.answer(2.530, "500 No")});
  const auto sums = records(test);
  ASSERT_EQ(sums.size(), 1U);
  EXPECT_EQ(sums[0].protocol, "HTTP");
  EXPECT_EQ(sums[0].key, "GET example.org/slow");
  EXPECT_EQ(sums[0].count, 2U);
  EXPECT_EQ(sums[0].errors, 1U);
  EXPECT_EQ(sums[0].server.to_string(), "10.0.0.2");
  EXPECT_EQ(sums[0].server_port, 8081);
  EXPECT_NEAR(static_cast<double>(sums[0].total_ns), 1.04e9, kTolerance);
  const TimeSplit& split = sums[0].split;
  EXPECT_NEAR(static_cast<double>(split[TimePart::kServerThinking]), 1.02e9, kTolerance);
  EXPECT_NEAR(static_cast<double>(split[TimePart::kServerNetwork]), 0.02e9, kTolerance);
  EXPECT_NEAR(static_cast<double>(split[TimePart::kClientNetwork]), 0.004e9, kTolerance);
  EXPECT_EQ(split[TimePart::kSenderIdle], 0U);

  const auto flow = test.shard->flows().full_snapshot(1, test.shard->clock_second());
  ASSERT_TRUE(flow.has_value());
  EXPECT_EQ(sums[0].flow, flow->id);
  EXPECT_EQ(flow->transactions.count, 2U);
  EXPECT_EQ(flow->transactions.split, split);
  EXPECT_NEAR(static_cast<double>(flow->transactions.first_latency_ns), 0.5e9, kTolerance);
}

// What a response that says no length leaves open until its connection ends.
std::vector<PacketSpec> unbounded_answer(Connection& connection) {
  return {connection.get(1, "/whole"),
          connection.packet(1.1, false, kTcpAck, "HTTP/1.1 200 OK\r\n\r\nsome"),
          connection.packet(1.2, false, kTcpAck, " content")};
}
constexpr uint8_t kFinAck = kTcpFin | kTcpAck;

TEST(ShardTransactions, CompletesWithTheConnectionThatEndsAnAnswer) {
  TestShard test(inspecting());
  Connection connection;
  test.see(connection.handshake(0.001, 0.001));
  test.see(unbounded_answer(connection));
  test.see({connection.packet(1.3, false, kFinAck)});
  EXPECT_TRUE(records(test).empty()) << "the client may still ask";
  PacketSpec fin = connection.packet(1.4, true, kFinAck);
  fin.tcp_acknowledgement += 1;
  test.see({fin});
  const auto sums = records(test);
  ASSERT_EQ(sums.size(), 1U);
  EXPECT_EQ(sums[0].count, 1U);
  EXPECT_EQ(sums[0].unanswered, 0U);
  EXPECT_NEAR(static_cast<double>(sums[0].total_ns), 0.2e9, kTolerance) << "the last content";
  EXPECT_EQ(sums[0].split_count, 1U);
  EXPECT_TRUE(test.log.records.empty()) << "the flow waits for late packets";
  test.shard->finish();
  EXPECT_EQ(records(test)[0].count, 1U) << "and is not counted again";
}

TEST(ShardTransactions, CountsAQuestionWithoutAnAnswerWhenItsConnectionIsReset) {
  TestShard test(inspecting());
  Connection connection;
  test.see(connection.handshake(0.001, 0.001));
  test.see({connection.get(1, "/first"), connection.answer(1.1), connection.get(2, "/second")});
  ASSERT_EQ(records(test).size(), 1U);
  test.see({connection.packet(3, false, kTcpRst)});
  const auto sums = records(test);
  ASSERT_EQ(sums.size(), 2U);
  EXPECT_EQ(sums[1].key, "GET example.org/second");
  EXPECT_EQ(sums[1].unanswered, 1U);
}

TEST(ShardTransactions, WaitsForWhatIsMissingBeforeTheEndOfAConnection) {
  TestShard test(inspecting());
  Connection connection;
  test.see(connection.handshake(0.001, 0.001));
  const auto packets = unbounded_answer(connection);
  const PacketSpec server_fin = connection.packet(1.3, false, kFinAck);
  const PacketSpec client_fin = connection.packet(1.3, true, kFinAck);
  test.see({packets[0], packets[1], server_fin, client_fin});
  EXPECT_TRUE(records(test).empty());
  PacketSpec late = packets[2];
  late.seconds = kStart + 1.5;
  test.see({late});
  const auto sums = records(test);
  ASSERT_EQ(sums.size(), 1U);
  EXPECT_NEAR(static_cast<double>(sums[0].total_ns), 0.5e9, kTolerance);
}

TEST(ShardTransactions, GivesWhatWasFoundToTheRecordOfAFlowThatEnds) {
  TestShard test(inspecting());
  Connection connection;
  test.see(connection.handshake(0.001, 0.001));
  test.see({connection.get(1, "/a"), connection.answer(1.1)});
  test.shard->finish();
  ASSERT_EQ(test.log.records.size(), 1U);
  EXPECT_EQ(test.log.records[0].transactions.count, 1U);
  EXPECT_EQ(records(test).size(), 1U) << "the sums outlive the flow";
}

TEST(ShardTransactions, KnowsNothingOfTheNetworkOfDatagrams) {
  TestShard test(inspecting());
  std::vector<PacketSpec> specs(2);
  for (PacketSpec& spec : specs) {
    const bool is_answer = &spec != specs.data();
    spec.source_port = is_answer ? 53 : 40'000;
    spec.destination_port = is_answer ? 40'000 : 53;
    if (is_answer) std::swap(spec.source, spec.destination);
    spec.seconds = kStart + (is_answer ? 0.025 : 0);
    spec.payload = std::string("\x12\x34", 2) + (is_answer ? "\x81\x83" : "\x01") +
                   std::string(is_answer ? 0 : 1, '\0') +
                   std::string(
                       "\x00\x01\x00\x00\x00\x00\x00\x00\x07"
                       "example\x03"
                       "org\x00"
                       "\x00\x01\x00\x01",
                       25);
  }
  test.see(specs);
  const auto sums = records(test);
  ASSERT_EQ(sums.size(), 1U);
  EXPECT_EQ(sums[0].protocol, "DNS");
  EXPECT_EQ(sums[0].key, "A example.org");
  EXPECT_EQ(sums[0].errors, 1U) << "NXDOMAIN";
  EXPECT_EQ(sums[0].split_count, 0U);
  EXPECT_NEAR(static_cast<double>(sums[0].max_ns), 25e6, kTolerance);
  const auto flow = test.shard->flows().full_snapshot(1, test.shard->clock_second());
  ASSERT_TRUE(flow.has_value());
  EXPECT_NEAR(static_cast<double>(flow->transactions.first_latency_ns), 25e6, kTolerance);
}

TEST(ShardTransactions, KeepsNothingForFlowsWithoutAny) {
  TestShard test(inspecting());
  Connection connection;
  test.see(connection.handshake(0.001, 0.001));
  test.see({connection.packet(1, true, kTcpAck, "SSH-2.0-OpenSSH_9.2\r\n"),
            connection.packet(2, false, kTcpAck, "SSH-2.0-OpenSSH_9.2\r\n")});
  test.shard->finish();
  ASSERT_EQ(test.log.records.size(), 1U);
  EXPECT_EQ(test.log.records[0].transactions, FlowTransactions());
  EXPECT_EQ(test.shard->transactions()->transactions(), 0U);
}

}  // namespace
}  // namespace weir

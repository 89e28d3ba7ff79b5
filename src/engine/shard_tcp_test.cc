// SPDX-License-Identifier: GPL-3.0-or-later
// What the TCP analysis says of flows and shards.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "engine/test_traffic.h"
#include "record/record_fields.h"

namespace weir {
namespace {

using test_traffic::PacketSpec;
using test_traffic::TestShard;

constexpr double kStart = 1'700'000'000;
constexpr uint32_t kLow = 0x0a000001;
constexpr uint32_t kHigh = 0x0a000002;

// One connection as its client and server send it.
struct Connection {
  uint32_t client = kLow;
  uint32_t server = kHigh;
  bool is_v6 = false;

  [[nodiscard]] PacketSpec send(bool is_from_client, uint8_t flags, double seconds) const {
    PacketSpec spec;
    spec.protocol = kProtocolTcp;
    spec.is_v6 = is_v6;
    spec.source = is_from_client ? client : server;
    spec.destination = is_from_client ? server : client;
    spec.source_port = is_from_client ? 40000 : 80;
    spec.destination_port = is_from_client ? 80 : 40000;
    spec.tcp_flags = flags;
    spec.seconds = kStart + seconds;
    return spec;
  }
  // A handshake of 20 ms to the server and 5 ms to the client; two segments from the server, the
  // first of them again, and a gap before the next.
  [[nodiscard]] std::vector<PacketSpec> packets() const {
    std::vector<PacketSpec> all{send(true, kTcpSyn, 0), send(false, kTcpSyn | kTcpAck, 0.02),
                                send(true, kTcpAck, 0.025)};
    all[0].tcp_sequence = 9;
    all[1].tcp_sequence = 99;
    all[1].tcp_acknowledgement = 10;
    all[2].tcp_sequence = 10;
    all[2].tcp_acknowledgement = 100;
    double seconds = 0.1;
    for (const uint32_t sequence : {100U, 200U, 100U, 400U}) {
      PacketSpec data = send(false, kTcpAck, seconds);
      data.tcp_sequence = sequence;
      data.tcp_acknowledgement = 10;
      data.tcp_payload = 100;
      all.push_back(data);
      seconds += 0.1;
    }
    return all;
  }
};

std::string json_of(const FlowRecord& flow) {
  std::string out;
  append_flow_json(out, flow, {});
  return out;
}

void expect_its_story(const FlowRecord& flow) {
  TcpQuality to_client;
  to_client.retransmissions = 1;
  to_client.lost_segments = 1;
  EXPECT_TRUE(flow.has_tcp_quality);
  EXPECT_EQ(flow.quality_to_server, TcpQuality{});
  EXPECT_EQ(flow.quality_to_client, to_client);
  EXPECT_NEAR(static_cast<double>(flow.round_trips.server.count()), 20e6, 2e3);
  EXPECT_NEAR(static_cast<double>(flow.round_trips.client.count()), 5e6, 2e3);
}

TEST(ShardTcp, SaysHowWellAFlowGoesWhicheverEndIsTheClient) {
  for (const bool is_v6 : {false, true}) {
    for (const auto& [client, server] : {std::pair(kLow, kHigh), std::pair(kHigh, kLow)}) {
      TestShard test;
      test.see(Connection{client, server, is_v6}.packets());
      ASSERT_EQ(test.flows().size(), 1U);
      expect_its_story(test.flows().front());
      test.shard->finish();
      ASSERT_EQ(test.log.records.size(), 1U);
      expect_its_story(test.log.records.front());
      EXPECT_EQ(test.shard->flows().tcp().totals().retransmissions, 1U);
    }
  }
}

TEST(ShardTcp, SaysNothingOfOtherProtocols) {
  TestShard test;
  test.see({PacketSpec{}});
  EXPECT_FALSE(test.flows().front().has_tcp_quality);
  EXPECT_EQ(test.flows().front().round_trips, TcpRoundTrips{});
}

TEST(ShardTcp, LeavesNothingOfAFlowInARecordThatIsReadOver) {
  TestShard test;
  test.see(Connection{}.packets());
  PacketSpec datagram;
  datagram.seconds = kStart + 1;
  test.see({datagram});
  const FlowTable& flows = test.shard->flows();
  FlowRecord record;
  for (const uint32_t slot : {1U, 2U, 1U}) {
    ASSERT_TRUE(flows.read(slot, test.shard->clock_second(), record));
    const auto alone = flows.snapshot(slot, test.shard->clock_second());
    ASSERT_TRUE(alone);
    EXPECT_EQ(json_of(record), json_of(*alone));
    EXPECT_EQ(record.has_tcp_quality, slot == 1);
    EXPECT_EQ(record.round_trips == TcpRoundTrips{}, slot == 2);
  }
  EXPECT_FALSE(flows.read(3, test.shard->clock_second(), record));
}

TEST(ShardTcp, BeginsEachFlowAfresh) {
  TestShard test;
  test.see(Connection{}.packets());
  test.shard->finish();
  PacketSpec data = Connection{}.send(false, kTcpAck, 1);
  data.tcp_sequence = 77;
  test.see({data});
  EXPECT_EQ(test.flows().front().quality_to_client, TcpQuality{});
  EXPECT_EQ(test.flows().front().round_trips, TcpRoundTrips{});
}

TEST(ShardTcp, GivesBackWhatItTookForCounts) {
  TestShard test;
  const size_t before = test.shard->memory().used();
  std::vector<PacketSpec> resets;
  for (uint32_t i = 0; i < 20'000; ++i) {
    PacketSpec reset = Connection{}.send(true, kTcpRst, 0);
    reset.source += i << 8;
    resets.push_back(reset);
  }
  test.see(resets);
  EXPECT_EQ(test.shard->flows().tcp().totals().resets, 20'000U);
  test.shard->finish();
  for (const FlowRecord& record : test.log.records) EXPECT_EQ(record.quality_to_server.resets, 1U);
  while (
      test.shard->idle(Timestamp::from_nanoseconds(static_cast<int64_t>((kStart + 1000) * 1e9)))) {
  }
  while (
      test.shard->idle(Timestamp::from_nanoseconds(static_cast<int64_t>((kStart + 2000) * 1e9)))) {
  }
  // What stays is the chunk that stands for "none" and what the hosts' tables keep.
  EXPECT_LE(test.shard->memory().used(), before + (size_t{4} << 20));
}

// Every packet is a reset and a batch of its own, so a reader that saw the counts of another flow,
// or half of a change, would see a flow with more resets than packets, or more than one fewer: a
// packet is counted first and analysed next.
TEST(ShardTcp, NeverShowsReadersTheCountsOfAnother) {
  ShardOptions options;
  options.timeouts.flow = options.timeouts.flow_closed = std::chrono::seconds(1);
  TestShard test(options);
  std::atomic<bool> done{false};
  std::atomic<uint64_t> seen{0};
  std::atomic<uint64_t> wrong{0};
  std::jthread reader([&] {
    while (!done.load()) {
      for (const FlowRecord& flow : test.flows()) {
        seen.fetch_add(1);
        const auto agree = [](uint64_t resets, uint64_t packets) {
          return resets == packets || resets + 1 == packets;
        };
        const bool is_right = agree(flow.quality_to_server.resets, flow.to_server.packets) &&
                              agree(flow.quality_to_client.resets, flow.to_client.packets);
        if (flow.has_tcp_quality && !is_right) wrong.fetch_add(1);
      }
      std::this_thread::yield();
    }
  });
  test_traffic::Random random(7);
  double seconds = 0;
  for (int round = 0; round < 300; ++round) {
    for (int i = 0; i < 256; ++i) {
      seconds += 0.0005;
      const Connection connection{kLow + static_cast<uint32_t>(round / 20) * 1000 + random() % 300,
                                  kHigh + 0x10000 + random() % 2};
      test.see({connection.send(random() % 2 == 0, kTcpRst, seconds)});
    }
    test.shard->idle(Timestamp::from_nanoseconds(static_cast<int64_t>((kStart + seconds) * 1e9)));
  }
  while (seen.load() == 0) std::this_thread::yield();
  done.store(true);
  reader.join();
  EXPECT_EQ(wrong.load(), 0U);
  EXPECT_GT(test.log.records.size(), 1000U) << "flows ended under the reader's eyes";
}

}  // namespace
}  // namespace weir

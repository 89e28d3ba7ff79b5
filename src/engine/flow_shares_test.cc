// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/flow_shares.h"

#include <gtest/gtest.h>

#include <set>
#include <tuple>
#include <vector>

#include "engine/test_traffic.h"

namespace weir {
namespace {

using namespace test_traffic;

constexpr double kStart = 1'700'000'000;

// Flows of both protocols and both versions, ARP, and later fragments, which only decoding can
// give to their first.
std::vector<std::vector<uint8_t>> mixed_frames(std::vector<PacketSpec>& specs) {
  Random random(11);
  double now = kStart;
  std::vector<std::vector<uint8_t>> frames;
  for (int i = 0; i < 5000; ++i) {
    PacketSpec spec;
    spec.source = 0x0a000000 + random() % 300;
    spec.destination = 0x0a000000 + random() % 300;
    spec.is_v6 = random() % 4 == 0;
    spec.protocol = random() % 2 == 0 ? kProtocolTcp : kProtocolUdp;
    now += i % 1000 == 999 ? 400 : 0.02;
    spec.seconds = now + random() % 500 * 0.001;
    specs.push_back(spec);
    frames.push_back(frame_of(spec));
    if (i % 50 == 0) frames.back()[13] = 0x06;
    if (i % 70 == 0 && !spec.is_v6) frames.back()[21] = static_cast<uint8_t>(i % 3);
  }
  return frames;
}

struct Batches {
  std::vector<PacketBatch> packets;
  std::vector<BatchShares> shares;
};

Batches batches_of(const std::vector<std::vector<uint8_t>>& frames,
                   const std::vector<PacketSpec>& specs, const FlowShares& shares) {
  Batches batches;
  for (size_t i = 0; i < frames.size(); ++i) {
    if (batches.packets.empty() || batches.packets.back().full()) batches.packets.emplace_back();
    TestShard::add(batches.packets.back(), frames[i], specs[i]);
  }
  for (const PacketBatch& batch : batches.packets) batches.shares.push_back(shares.of(batch));
  return batches;
}

using Line = std::tuple<IpAddress, IpAddress, uint16_t, uint8_t, uint64_t, uint64_t, Timestamp,
                        Timestamp, EndReason>;
std::multiset<Line> lines(const std::vector<FlowRecord>& flows) {
  std::multiset<Line> lines;
  for (const FlowRecord& flow : flows)
    lines.emplace(flow.client, flow.server, flow.server_port, flow.protocol, flow.to_server.bytes,
                  flow.to_client.packets, flow.first_seen, flow.last_seen, flow.end_reason);
  return lines;
}

TEST(FlowShares, LetShardsWorkOnManyBatchesAtOnceAsOnOneAfterTheOther) {
  std::vector<PacketSpec> specs;
  const auto frames = mixed_frames(specs);
  TestShard alone;
  for (const PacketBatch& batch : batches_of(frames, specs, alone.shard->shares()).packets)
    alone.shard->process(batch);
  alone.shard->finish();

  constexpr uint32_t kShards = 3;
  std::vector<FlowRecord> together;
  Traffic total;
  for (uint32_t index = 0; index < kShards; ++index) {
    ShardOptions options;
    options.index = index;
    options.count = kShards;
    TestShard part(options);
    TestShard same(options);
    const Batches batches = batches_of(frames, specs, part.shard->shares());
    part.shard->process(batches.packets, batches.shares);
    for (const PacketBatch& batch : batches.packets) same.shard->process(batch);
    part.shard->finish();
    same.shard->finish();
    expect_sums_agree(*part.shard, "part");
    EXPECT_EQ(lines(part.log.records), lines(same.log.records));
    EXPECT_FALSE(part.log.records.empty());
    together.insert(together.end(), part.log.records.begin(), part.log.records.end());
    total += part.shard->counters().total.read();
  }
  EXPECT_EQ(lines(together), lines(alone.log.records));
  EXPECT_EQ(total, alone.shard->counters().total.read());
}

TEST(FlowShares, ReachEveryShardAndLeaveNothingElse) {
  std::vector<PacketSpec> specs;
  const auto frames = mixed_frames(specs);
  constexpr uint32_t kShards = 5;
  std::set<uint8_t> seen;
  const FlowShares shares(KeyedHash(kSecret), kShards);
  const Batches batches = batches_of(frames, specs, shares);
  for (size_t i = 0; i < batches.packets.size(); ++i) {
    for (size_t at = 0; at < batches.packets[i].count; ++at)
      seen.insert(batches.shares[i].shard[at]);
  }
  EXPECT_EQ(seen, (std::set<uint8_t>{0, 1, 2, 3, 4, BatchShares::kToBeDecoded}));
}

TEST(FlowShares, SayWhenABatchBeginsAndEnds) {
  PacketBatch batch;
  PacketSpec spec;
  const auto frame = frame_of(spec);
  for (const double seconds : {kStart + 5, kStart + 2, kStart + 9}) {
    spec.seconds = seconds;
    TestShard::add(batch, frame, spec);
  }
  const BatchShares shares = FlowShares(KeyedHash(kSecret), 2).of(batch);
  EXPECT_EQ(shares.first.seconds, static_cast<uint32_t>(kStart + 2));
  EXPECT_EQ(shares.last.seconds, static_cast<uint32_t>(kStart + 9));
}

}  // namespace
}  // namespace weir

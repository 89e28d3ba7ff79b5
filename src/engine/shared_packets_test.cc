// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/shared_packets.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "decode/decode.h"
#include "decode/ends_glance.h"
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

std::vector<PacketBatch> batches_of(const std::vector<std::vector<uint8_t>>& frames,
                                    const std::vector<PacketSpec>& specs) {
  std::vector<PacketBatch> batches;
  for (size_t i = 0; i < frames.size(); ++i) {
    if (batches.empty() || batches.back().full()) batches.emplace_back();
    TestShard::add(batches.back(), frames[i], specs[i]);
  }
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

TEST(SharedPackets, LetShardsWorkOnManyBatchesAtOnceAsOnOneAfterTheOther) {
  std::vector<PacketSpec> specs;
  const auto frames = mixed_frames(specs);
  const auto batches = batches_of(frames, specs);
  TestShard alone;
  for (const PacketBatch& batch : batches) alone.shard->process(batch);
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
    SharedPackets shared;
    shared.read(batches, part.shard->shares());
    part.shard->process(shared);
    for (const PacketBatch& batch : batches) same.shard->process(batch);
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

TEST(SharedPackets, GiveEachShardItsPlainPacketsAndAllTheOnesNobodyCanTell) {
  std::vector<PacketSpec> specs;
  const auto frames = mixed_frames(specs);
  const auto batches = batches_of(frames, specs);
  constexpr uint32_t kShards = 5;
  const FlowShares shares(KeyedHash(kSecret), kShards);
  SharedPackets shared;
  shared.read(batches, shares);
  std::map<const uint8_t*, std::vector<uint32_t>> shown;  // to which shards, by the packet's bytes
  for (uint32_t shard = 0; shard < kShards; ++shard) {
    for (size_t i = 0; i < shared.batches(); ++i) {
      for (const SharedPacket& packet : shared.of(shard, i)) {
        shown[packet.view.data].push_back(shard);
        DecodedPacket decoded;
        decode(packet.view, decoded);
        if (!packet.is_plain()) continue;
        EXPECT_EQ(shares.shard_of(folded_ends(decoded)), shard);
        EXPECT_EQ(packet.plain.source, decoded.source.v4_bits());
        if (!has_tcp_segment(decoded)) continue;
        EXPECT_EQ(packet.segment, tcp_segment(decoded));
      }
    }
  }
  EXPECT_EQ(shown.size(), frames.size());
  std::set<uint32_t> alone;
  std::set<size_t> times;
  for (const auto& [data, shards] : shown) {
    times.insert(shards.size());
    if (shards.size() == 1) alone.insert(shards[0]);
  }
  EXPECT_EQ(times, (std::set<size_t>{1, kShards}));
  EXPECT_EQ(alone, (std::set<uint32_t>{0, 1, 2, 3, 4}));
}

TEST(SharedPackets, ForgetWhatWasReadBefore) {
  std::vector<PacketSpec> specs;
  const auto frames = mixed_frames(specs);
  const auto batches = batches_of(frames, specs);
  const FlowShares shares(KeyedHash(kSecret), 2);
  SharedPackets shared;
  shared.read(batches, shares);
  shared.read(std::span(batches).first(1), shares);
  ASSERT_EQ(shared.batches(), 1U);
  size_t count = 0;
  for (const uint32_t shard : {0U, 1U}) count += shared.of(shard, 0).size();
  EXPECT_GE(count, batches[0].count);
  EXPECT_LT(count, 2 * batches[0].count);
  shared.read({}, shares);
  EXPECT_EQ(shared.batches(), 0U);
}

TEST(SharedPackets, SayWhenABatchBeginsAndEnds) {
  PacketBatch batch;
  PacketSpec spec;
  const auto frame = frame_of(spec);
  for (const double seconds : {kStart + 5, kStart + 2, kStart + 9}) {
    spec.seconds = seconds;
    TestShard::add(batch, frame, spec);
  }
  SharedPackets shared;
  shared.read({&batch, 1}, FlowShares(KeyedHash(kSecret), 2));
  EXPECT_EQ(shared.times(0).first.seconds, static_cast<uint32_t>(kStart + 2));
  EXPECT_EQ(shared.times(0).last.seconds, static_cast<uint32_t>(kStart + 9));
}

}  // namespace
}  // namespace weir

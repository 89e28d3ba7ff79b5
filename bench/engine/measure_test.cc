// SPDX-License-Identifier: GPL-3.0-or-later
#include "measure.h"

#include <gtest/gtest.h>

#include "engine/shard.h"
#include "flood.h"
#include "packet_stream.h"
#include "throughput.h"

namespace weir::bench {
namespace {

TEST(Measure, GivesMedianAndEnds) {
  EXPECT_EQ(spread_of({}).median, 0);
  const Spread odd = spread_of({5, 1, 3});
  EXPECT_EQ(odd.median, 3);
  EXPECT_EQ(odd.min, 1);
  EXPECT_EQ(odd.max, 5);
  EXPECT_EQ(spread_of({4, 1, 3, 2}).median, 2.5);
}

TEST(Measure, NeverGivesAQuantileBelowTheMedianOfFewValues) {
  EXPECT_EQ(quantile({}, 0.5), 0);
  EXPECT_EQ(quantile({7, 1}, 0.999), 7);
  std::vector<double> values;
  for (int i = 1000; i >= 0; --i) values.push_back(i);
  EXPECT_EQ(quantile(values, 0.5), 500);
  EXPECT_EQ(quantile(values, 0.999), 999);
}

TEST(PacketStream, HandsOutEveryPacketOfThePlanOnceInTime) {
  TrafficOptions options;
  options.packets = 150;
  options.packets_per_second = 1000;
  PacketStream stream(TrafficPlan::make(options).value(), 100);
  uint64_t packets = 0;
  const auto check = [&](const PacketBatch& batch) {
    for (size_t i = 0; i < batch.count; ++i, ++packets) {
      ASSERT_EQ(batch.packets[i].wire_length, 64U);
      ASSERT_EQ(batch.packets[i].timestamp.nanoseconds, packets * 1'000'000);
    }
  };
  EXPECT_EQ(stream.fill(1000), 100U) << "a stretch holds no more";
  stream.replay(stream.packets(), check);
  EXPECT_EQ(stream.fill(1000), 50U) << "the plan has no more";
  stream.replay(stream.packets(), check);
  EXPECT_EQ(packets, 150U);
  EXPECT_TRUE(stream.done());
}

TEST(Flood, LeavesEstablishedFlowsAndTotalsAloneAndPasses) {
  FloodRequest request;
  request.memory_bytes = Shard::kMinMemory;
  request.established = 100;
  request.syns_per_second = 90'000;
  request.seconds = 3;
  const auto result = measure_flood(request);
  ASSERT_TRUE(result.ok());
  EXPECT_GT(result->syns, 260'000U);
  EXPECT_EQ(result->ended_in_flood, 0U);
  EXPECT_EQ(result->ended_after, 0U);
  EXPECT_EQ(result->flows_after, 100U) << "two idle timeouts later the flood is gone";
  EXPECT_EQ(result->hosts_after, 100U);
  EXPECT_TRUE(result->exact);
}

TEST(Throughput, MeasuresEveryEngineAndRefusesUnknownOnes) {
  ThroughputRequest request;
  request.traffic.hosts = 20;
  request.traffic.flows = 30;
  request.engines = {"weir", "absl", "unordered_map"};
  request.rounds = 2;
  request.stretch_bytes = 6400;
  const auto results = measure_throughput(request);
  ASSERT_TRUE(results.ok()) << "each counted every packet and flow";
  ASSERT_EQ(results->size(), 3U);
  for (const EngineThroughput& result : *results) EXPECT_GT(result.mpps.min, 0) << result.engine;
  EXPECT_EQ(results->back().ratio.median, 1) << "to itself";
  request.engines = {"abacus"};
  EXPECT_FALSE(measure_throughput(request).ok());
}

}  // namespace
}  // namespace weir::bench

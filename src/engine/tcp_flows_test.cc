// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tcp_flows.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

constexpr uint32_t kFlows = 2 * SlotAllocator::kChunkSlots;
constexpr size_t kCountsChunk = SlabArray<TcpCounts>::kChunkBytes;

TcpQuality resets(uint64_t count) {
  TcpQuality quality;
  quality.resets = count;
  return quality;
}

// The TCP flows of a table, with room for the counts of `count_chunks` chunks of them.
class Fixture {
 public:
  explicit Fixture(size_t count_chunks) : budget(count_chunks * kCountsChunk) {
    auto reserved = SlabArray<TcpAnalysis>::reserve(kFlows);
    EXPECT_TRUE(reserved.ok());
    analyses = std::move(*reserved);
    EXPECT_TRUE(analyses.commit_chunks(2));
    auto made = TcpFlows::create(analyses, kFlows, budget);
    EXPECT_TRUE(made.ok());
    flows = std::move(*made);
  }
  void send(uint32_t slot, unsigned sender, uint8_t flags, uint32_t sequence = 1) {
    DecodedPacket packet;
    packet.tcp_flags = flags;
    packet.tcp_sequence = sequence;
    packet.tcp_window = 100;
    flows->account(slot, sender, tcp_segment(packet), now);
  }
  [[nodiscard]] TcpSnapshot read(uint32_t slot) const { return flows->read(slot); }

  MemoryBudget budget;
  SlabArray<TcpAnalysis> analyses;
  std::unique_ptr<TcpFlows> flows;
  Timestamp now{1'700'000'000, 0};
};

TEST(TcpFlows, KnowWhatHappenedToEachSide) {
  Fixture tcp(1);
  tcp.flows->begin(7);
  tcp.send(7, 1, kTcpRst);
  tcp.send(7, 1, kTcpRst);
  tcp.send(7, 0, kTcpRst);
  EXPECT_EQ(tcp.read(7).quality[0], resets(1));
  EXPECT_EQ(tcp.read(7).quality[1], resets(2));
  EXPECT_EQ(tcp.flows->totals(), resets(3));
}

TEST(TcpFlows, MeasureHandshakes) {
  Fixture tcp(1);
  tcp.flows->begin(7);
  tcp.send(7, 0, kTcpSyn, 10);
  tcp.now.nanoseconds = 2'048'000;
  tcp.send(7, 0, kTcpAck, 11);
  EXPECT_EQ(tcp.read(7).round_trips.initial, std::chrono::nanoseconds(2'048'000));
  // The next flow in the slot knows nothing of it.
  tcp.flows->end(7);
  tcp.flows->begin(7);
  EXPECT_EQ(tcp.read(7).round_trips, TcpRoundTrips{});
}

TEST(TcpFlows, TakeMemoryForCountsOnlyWhenSomethingHappens) {
  Fixture tcp(1);
  tcp.flows->begin(1);
  tcp.send(1, 0, kTcpAck);
  EXPECT_EQ(tcp.budget.used(), 0U);
  EXPECT_TRUE(tcp.read(1).has_quality);
  EXPECT_EQ(tcp.read(1).quality[0], TcpQuality{});
  tcp.send(1, 0, kTcpRst);
  EXPECT_EQ(tcp.budget.used(), kCountsChunk);
}

TEST(TcpFlows, GiveCountsToOthersWhenTheyEnd) {
  Fixture tcp(1);
  for (int round = 0; round < 3; ++round) {
    for (uint32_t slot = 1; slot < SlotAllocator::kChunkSlots; ++slot) {
      tcp.flows->begin(slot);
      tcp.send(slot, 0, kTcpRst);
      ASSERT_EQ(tcp.read(slot).quality[0], resets(1)) << slot;
    }
    for (uint32_t slot = 1; slot < SlotAllocator::kChunkSlots; ++slot) tcp.flows->end(slot);
  }
  EXPECT_EQ(tcp.flows->uncounted(), 0U);
}

TEST(TcpFlows, GiveMemoryBackChunkByChunk) {
  Fixture tcp(2);
  for (uint32_t slot = 1; slot < kFlows; ++slot) {
    tcp.flows->begin(slot);
    tcp.send(slot, 0, kTcpRst);
  }
  EXPECT_EQ(tcp.budget.used(), 2 * kCountsChunk);
  for (uint32_t slot = SlotAllocator::kChunkSlots; slot < kFlows; ++slot) tcp.flows->end(slot);
  EXPECT_EQ(tcp.budget.used(), kCountsChunk);
  EXPECT_EQ(tcp.read(1).quality[0], resets(1));
}

TEST(TcpFlows, SayNothingOfAFlowForWhoseCountsThereIsNoRoom) {
  Fixture tcp(0);
  tcp.flows->begin(1);
  tcp.send(1, 0, kTcpRst);
  tcp.send(1, 0, kTcpRst);
  EXPECT_FALSE(tcp.read(1).has_quality);
  EXPECT_EQ(tcp.flows->uncounted(), 1U);
  EXPECT_EQ(tcp.flows->totals(), resets(2));
  tcp.flows->end(1);
  tcp.flows->begin(1);
  EXPECT_TRUE(tcp.read(1).has_quality);
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
// Which way packets went, and what came at once.
#include <array>
#include <vector>

#include <gtest/gtest.h>

#include "engine/shard.h"
#include "engine/test_traffic.h"

namespace weir {
namespace {

using test_traffic::PacketSpec;
using test_traffic::TestShard;

constexpr double kStart = 1'700'000'000;

// Of each direction in the first second: bytes.
std::array<uint64_t, kDirections> bytes_by_direction(const Shard& shard) {
  std::array<uint64_t, kDirections> bytes{};
  const auto point = shard.series().at(static_cast<uint32_t>(kStart));
  for (size_t i = 0; point && i < kDirections; ++i) bytes[i] = point->directions[i].bytes;
  return bytes;
}

// Plain packets, and those that are counted one by one because of what is among them.
TEST(ShardSeries, TellsTheDirectionsOfPacketsApart) {
  constexpr uint32_t kOurs = 0x0a000001;
  constexpr uint32_t kAlsoOurs = 0x0a000002;
  constexpr uint32_t kTheirs = 0xc0000201;
  constexpr uint32_t kAlsoTheirs = 0xc0000202;
  for (const bool is_plain : {true, false}) {
    ShardOptions options;
    options.memory_bytes = size_t{64} << 20;
    options.local_networks = {*Prefix::parse("10.0.0.0/8"), *Prefix::parse("2001:db8::a00:1/128")};
    TestShard test(options);
    const auto packet = [](uint32_t source, uint32_t destination, uint32_t length) {
      PacketSpec spec;
      spec.source = source;
      spec.destination = destination;
      spec.wire_length = length;
      return spec;
    };
    std::vector<PacketSpec> packets{
        packet(kOurs, kTheirs, 100), packet(kTheirs, kOurs, 200), packet(kOurs, kAlsoOurs, 300),
        packet(kTheirs, kAlsoTheirs, 400), packet(kTheirs, kOurs, 1000)};
    packets[3].protocol = kProtocolTcp;
    packets[4].is_v6 = !is_plain;
    test.see(packets);
    const std::array<uint64_t, kDirections> expected{400, 100, 1200, 300};
    EXPECT_EQ(bytes_by_direction(*test.shard), expected) << is_plain;
  }
}

TEST(ShardSeries, TellsWhatCameAtOnce) {
  TestShard test;
  const auto at = [](double seconds) {
    PacketSpec spec;
    spec.seconds = kStart + seconds;
    return spec;
  };
  test.see({at(0.001), at(0.002), at(0.003)});
  test.see({at(0.004), at(0.5), at(0.501), at(0.999)});
  BurstSeries::Windows windows{};
  ASSERT_TRUE(test.shard->bursts().add_to(windows, static_cast<uint32_t>(kStart)));
  EXPECT_EQ(windows[0], 400U);
  EXPECT_EQ(windows[50], 200U);
  EXPECT_EQ(windows[99], 100U);
}

// Also where packets are counted one by one.
TEST(ShardSeries, CountsEachPacketAtOnceOnce) {
  TestShard test;
  PacketSpec v4;
  PacketSpec v6;
  v6.is_v6 = true;
  test.see({v4, v6, v4});
  std::vector<uint8_t> arp(42);
  arp[12] = 0x08;
  arp[13] = 0x06;
  PacketBatch batch;
  TestShard::add(batch, arp, v4);
  test.shard->process(batch);
  BurstSeries::Windows windows{};
  ASSERT_TRUE(test.shard->bursts().add_to(windows, static_cast<uint32_t>(kStart)));
  EXPECT_EQ(windows[0], 400U);
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
// Readers on other threads, beside a writer that creates, updates and purges: meant for
// ThreadSanitizer as well.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <thread>

#include "engine/test_traffic.h"

namespace weir {
namespace {

using test_traffic::frame_of;
using test_traffic::PacketSpec;
using test_traffic::TestShard;

constexpr double kStart = 1'700'000'000;
// Every packet of a host has a length that its address alone decides, so a torn record betrays
// itself.
constexpr uint32_t length_of(uint32_t address) {
  return 60 + address % 97;
}

bool is_whole(const FlowRecord& flow) {
  const auto fits = [&](const Traffic& traffic) {
    return traffic.packets == 0
               ? traffic.bytes == 0
               : traffic.bytes % traffic.packets == 0 && traffic.bytes / traffic.packets < 160;
  };
  return fits(flow.to_server) && fits(flow.to_client) && flow.last_seen >= flow.first_seen &&
         flow.protocol == kProtocolUdp;
}

TEST(ShardReaders, NeverSeeATornRecord) {
  ShardOptions options;
  options.timeouts.flow = options.timeouts.flow_two_way = std::chrono::seconds(2);
  options.timeouts.host = std::chrono::seconds(2);
  TestShard test(options);
  std::atomic<bool> done{false};
  std::atomic<uint64_t> seen{0};
  std::atomic<uint64_t> torn{0};
  const auto read = [&] {
    while (!done.load()) {
      const Shard& shard = *test.shard;
      for (uint32_t slot = 1; slot < shard.flows().limit(); ++slot) {
        if (const auto flow = shard.flows().snapshot(slot, shard.clock_second())) {
          seen.fetch_add(1);
          if (!is_whole(*flow)) torn.fetch_add(1);
        }
      }
      for (uint32_t slot = 1; slot < shard.hosts().limit(); ++slot) {
        const auto host = shard.hosts().snapshot(slot, shard.clock_second());
        if (!host) continue;
        const Traffic sent = host->total_sent();
        if (sent.packets > 0 && sent.bytes % sent.packets != 0) torn.fetch_add(1);
      }
      (void)shard.series().at(shard.clock_second());
      // What was told and what was not, in that order, is never more than what there was.
      const uint32_t second = shard.clock_second() - 1;
      Traffic found;
      shard.applications().visit(second,
                                 [&](uint16_t, const Traffic& traffic) { found += traffic; });
      shard.flows().visit_untold(second, [&](uint16_t, uint32_t when, const Traffic& traffic) {
        if (when == second) found += traffic;
      });
      Traffic all;
      if (const auto point = shard.series().at(second)) {
        for (const Traffic& traffic : point->classes) all += traffic;
      }
      if (found.packets > all.packets || found.bytes > all.bytes) torn.fetch_add(1);
      std::this_thread::yield();
    }
  };
  std::jthread first(read);
  std::jthread second(read);

  test_traffic::Random random(5);
  double now = kStart;
  for (int round = 0; round < 300; ++round) {
    std::vector<PacketSpec> specs(256);
    const uint32_t base = static_cast<uint32_t>(round / 20) * 1000;
    for (PacketSpec& spec : specs) {
      now += 0.0005;
      spec.source = 0x0a000000 + base + random() % 300;
      spec.destination = 0x0a000000 + base + random() % 300;
      spec.wire_length = length_of(spec.source);
      spec.seconds = now;
    }
    test.see(specs);
    test.shard->idle(Timestamp::from_nanoseconds(static_cast<int64_t>(now * 1e9)));
  }
  while (seen.load() == 0) std::this_thread::yield();
  done.store(true);
  first.join();
  second.join();
  EXPECT_EQ(torn.load(), 0U);
  EXPECT_GT(test.log.records.size(), 1000U) << "flows were purged under the readers' eyes";
}

bool is_hundreds(const Traffic& traffic) {
  return traffic.bytes == 100 * traffic.packets;
}
bool is_hundreds(const HostRecord& host) {
  return is_hundreds(host.total_sent()) && is_hundreds(host.total_received()) &&
         is_hundreds(host.rate_sent) && is_hundreds(host.rate_received) &&
         host.last_seen >= host.first_seen;
}

// Every packet has 100 bytes, so every copy of anything has a hundred times as many bytes as
// packets. Hosts come, go to the tail and come back all the while.
TEST(ShardReaders, SeeSumsThatFitWhileHostsComeAndGo) {
  ShardOptions options;
  options.memory_bytes = Shard::kMinMemory;
  TestShard test(options);
  const Shard& shard = *test.shard;
  std::atomic<bool> done{false};
  std::atomic<uint64_t> torn{0};
  std::array<std::atomic<uint64_t>, 3> seen{};  // flows, hosts, hosts in the tail
  const auto read = [&] {
    while (!done.load()) {
      const uint32_t now = shard.clock_second();
      shard.flows().visit_live([&](uint32_t slot) {
        const auto flow = shard.flows().snapshot(slot, now);
        if (!flow) return;
        seen[0].fetch_add(1, std::memory_order_relaxed);
        const bool fits = is_hundreds(flow->to_server) && is_hundreds(flow->to_client) &&
                          is_hundreds(flow->rate_to_server) && is_hundreds(flow->rate_to_client);
        if (!fits) torn.fetch_add(1);
      });
      shard.hosts().visit_live([&](uint32_t slot) {
        const auto host = shard.hosts().snapshot(slot, now);
        if (!host) return;
        seen[1].fetch_add(1, std::memory_order_relaxed);
        if (!is_hundreds(*host)) torn.fetch_add(1);
      });
      for (size_t entry = 0; entry < shard.tail().limit(); ++entry) {
        const auto host = shard.tail().snapshot(entry, now);
        if (!host) continue;
        seen[2].fetch_add(1, std::memory_order_relaxed);
        if (!is_hundreds(*host)) torn.fetch_add(1);
      }
      DistinctCount::Registers registers{};
      shard.distinct_hosts().merge_into(registers);
    }
  };
  std::jthread first(read);
  std::jthread second(read);

  // A tenth of the hosts has most of the traffic, so that some stay and most come and go.
  constexpr int kPackets = 300'000;
  std::vector<uint8_t> frames[kBatchSize];
  for (auto& frame : frames) frame = frame_of(PacketSpec{});
  test_traffic::Random random(7);
  PacketBatch batch;
  const auto pick = [&] { return random() % (random() % 10 == 0 ? 60'000 : 100); };
  for (int i = 0; i < kPackets || seen[2].load() == 0; ++i) {
    std::vector<uint8_t>& frame = frames[batch.count];
    for (const size_t offset : {28, 32}) {
      const uint32_t host = pick();
      frame[offset] = static_cast<uint8_t>(host >> 8);
      frame[offset + 1] = static_cast<uint8_t>(host);
    }
    PacketView& view = batch.add() = {};
    view.data = frame.data();
    view.captured_length = static_cast<uint32_t>(frame.size());
    view.wire_length = 100;
    view.timestamp = {static_cast<uint32_t>(kStart) + static_cast<uint32_t>(i) / 5000,
                      static_cast<uint32_t>(i) % 5000};
    if (!batch.full()) continue;
    test.shard->process(batch);
    batch.clear();
  }
  while (seen[0].load() == 0 || seen[1].load() == 0) std::this_thread::yield();
  done.store(true);
  first.join();
  second.join();
  EXPECT_EQ(torn.load(), 0U);
  EXPECT_GT(shard.counters().hosts_evicted.read(), 1000U) << "hosts came and went";
  test_traffic::expect_sums_agree(shard, "after it");
}

}  // namespace
}  // namespace weir

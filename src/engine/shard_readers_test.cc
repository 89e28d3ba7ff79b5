// SPDX-License-Identifier: GPL-3.0-or-later
// Readers on other threads, beside a writer that creates, updates and purges: meant for
// ThreadSanitizer as well.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "engine/test_traffic.h"

namespace weir {
namespace {

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

}  // namespace
}  // namespace weir

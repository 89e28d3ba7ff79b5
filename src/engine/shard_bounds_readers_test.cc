// SPDX-License-Identifier: GPL-3.0-or-later
// What readers on other threads may conclude from bytes_error and from TCP quality while hosts and
// flows give way to the memory budget: meant for ThreadSanitizer as well.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "engine/test_traffic.h"

namespace weir {
namespace {

using test_traffic::frame_of;
using test_traffic::PacketSpec;
using test_traffic::TestShard;

constexpr uint32_t kHosts = 60'000;
constexpr uint32_t kNet = 0x0a000000;
constexpr uint32_t kStart = 1'700'000'000;
constexpr uint8_t kTcpReset = 4;
constexpr uint32_t kLength = 100;

// What a host sent and received in truth: what the shard may have begun to account, and what it has
// accounted for certain.
struct Truth {
  std::atomic<uint64_t> begun{0};
  std::atomic<uint64_t> done{0};
};

// Resets between hosts, some of which talk all the time, shown to a shard one by one.
class Resets {
 public:
  explicit Resets(Shard& shard) : shard_(shard), truth_(kHosts) {
    PacketSpec spec;
    spec.protocol = kProtocolTcp;
    spec.tcp_flags = kTcpReset;
    spec.source = spec.destination = kNet;
    frame_ = frame_of(spec);
  }

  [[nodiscard]] const Truth& truth(const HostKey& key) const {
    return truth_[key.address.bytes()[14] << 8 | key.address.bytes()[15]];
  }
  // 80,000 in a second of packet time: nothing is silent for as long as its timeout.
  void send() {
    const uint32_t source = pick();
    const uint32_t destination = pick();
    put(28, source);
    put(32, destination);
    PacketView& view = batch_.add() = {};
    view.data = frame_.data();
    view.captured_length = static_cast<uint32_t>(frame_.size());
    view.wire_length = kLength;
    view.timestamp = {kStart + sent_ / 80'000, sent_ % 80'000};
    ++sent_;
    for (const uint32_t host : {source, destination}) truth_[host].begun.fetch_add(kLength);
    shard_.process(batch_);
    for (const uint32_t host : {source, destination}) truth_[host].done.fetch_add(kLength);
    batch_.clear();
  }

 private:
  uint32_t pick() { return random_() % (random_() % 4 == 0 ? kHosts : 50); }
  void put(size_t offset, uint32_t host) {
    frame_[offset] = static_cast<uint8_t>(host >> 8);
    frame_[offset + 1] = static_cast<uint8_t>(host);
  }

  Shard& shard_;
  std::vector<Truth> truth_;
  std::vector<uint8_t> frame_;
  PacketBatch batch_;
  test_traffic::Random random_{11};
  uint32_t sent_ = 0;
};

// Looks on until it is told to stop, and counts what it sees and what cannot be.
class Onlooker {
 public:
  Onlooker(const Shard& shard, const Resets& resets) : shard_(shard), resets_(resets) {}

  void look() {
    const uint32_t now = shard_.clock_second();
    shard_.flows().visit_live([&](uint32_t slot) { see_flow(shard_.flows().snapshot(slot, now)); });
    shard_.hosts().visit_live([&](uint32_t slot) {
      const auto host = shard_.hosts().snapshot(slot, now);
      if (host) see_host(host->key, [&] { return shard_.hosts().snapshot(slot, now); });
    });
    for (size_t entry = 0; entry < shard_.tail().limit(); ++entry) {
      if (const auto host = shard_.tail().snapshot(entry, now))
        see_host(host->key, [&] { return shard_.tail().snapshot(entry, now); });
    }
  }

  uint64_t flows = 0;
  uint64_t hosts = 0;
  uint64_t uncertain_hosts = 0;
  uint64_t wrong_flows = 0;
  uint64_t wrong_hosts = 0;

 private:
  // Each packet is a reset; it is counted first and analysed next.
  void see_flow(const std::optional<FlowRecord>& flow) {
    if (!flow || !flow->has_tcp_quality) return;
    ++flows;
    const auto agree = [](uint64_t resets, uint64_t packets) {
      return resets == packets || resets + 1 == packets;
    };
    const bool is_right = agree(flow->quality_to_server.resets, flow->to_server.packets) &&
                          agree(flow->quality_to_client.resets, flow->to_client.packets);
    if (!is_right) ++wrong_flows;
  }

  // bytes <= truth <= bytes + bytes_error, at the moment of the copy. When another than `key` has
  // moved in by then there is nothing to say.
  template <typename Copy>
  void see_host(const HostKey& key, Copy&& copy) {
    const Truth& truth = resets_.truth(key);
    const uint64_t before = truth.done.load();
    const std::optional<HostRecord> host = copy();
    if (!host || host->key != key) return;
    const uint64_t after = truth.begun.load();
    ++hosts;
    if (host->bytes_error > 0) ++uncertain_hosts;
    const uint64_t bytes = host->total_sent().bytes + host->total_received().bytes;
    if (bytes > after || bytes + host->bytes_error < before) ++wrong_hosts;
  }

  const Shard& shard_;
  const Resets& resets_;
};

TEST(ShardBoundsReaders, HoldAtEveryMoment) {
  ShardOptions options;
  options.memory_bytes = Shard::kMinMemory;
  TestShard test(options);
  Resets resets(*test.shard);
  std::array<Onlooker, 2> onlookers{Onlooker(*test.shard, resets), Onlooker(*test.shard, resets)};
  std::atomic<bool> done{false};
  std::atomic<int> rounds{0};
  std::vector<std::jthread> threads;
  for (Onlooker& onlooker : onlookers) {
    threads.emplace_back([&] {
      while (!done.load()) {
        onlooker.look();
        rounds.fetch_add(1);
      }
      onlooker.look();
    });
  }
  for (int i = 0; i < 150'000 || (rounds.load() < 4 && i < 3'000'000); ++i) resets.send();
  done.store(true);
  for (std::jthread& thread : threads) thread.join();
  for (const Onlooker& onlooker : onlookers) {
    EXPECT_EQ(onlooker.wrong_flows, 0U) << "of " << onlooker.flows;
    EXPECT_EQ(onlooker.wrong_hosts, 0U) << "of " << onlooker.hosts;
    EXPECT_GT(onlooker.flows, 1000U);
    EXPECT_GT(onlooker.uncertain_hosts, 100U) << "hosts came back that had been dropped";
  }
  EXPECT_GT(test.shard->counters().hosts_evicted.read(), 1000U);
}

}  // namespace
}  // namespace weir

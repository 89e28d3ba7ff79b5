// SPDX-License-Identifier: GPL-3.0-or-later
// Hosts on their way from shards to the cache and back.
#include "app/host_keeper.h"

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "base/test_sanitizer.h"
#include "cache/sqlite_cache.h"
#include "engine/test_traffic.h"

namespace weir {
namespace {

using test::TestFolder;
using test_traffic::expect_sums_agree;
using test_traffic::PacketSpec;
using test_traffic::TestShard;

constexpr double kStart = 1'700'000'000;
constexpr size_t kMega = size_t{1} << 20;

std::unique_ptr<Cache> open_cache(const std::string& file = "") {
  SqliteCacheOptions options;
  options.file = file;
  options.limit_bytes = 96 * kMega;
  return *SqliteCache::open(options);
}

// A shard whose hosts go to a keeper's store.
class Kept {
 public:
  explicit Kept(HostKeeper& keeper, size_t memory_bytes = 192 * kMega)
      : keeper_(keeper), shard_(options_for(keeper, memory_bytes)) {}

  Shard& shard() { return *shard_.shard; }
  TestShard& test_shard() { return shard_; }

  // Pairs of hosts, of which each sends one packet; the numbers of the pairs are first to last - 1.
  void send(uint32_t first, uint32_t last, double seconds) {
    std::vector<PacketSpec> packets;
    for (uint32_t i = first; i < last; ++i) {
      for (const bool is_answer : {false, true}) {
        PacketSpec spec;
        spec.source = (is_answer ? 0x0b000000 : 0x0a000000) + i;
        spec.destination = (is_answer ? 0x0a000000 : 0x0b000000) + i;
        spec.source_port = is_answer ? 53 : 1000;
        spec.destination_port = is_answer ? 1000 : 53;
        spec.wire_length = 100 + i % 1000;
        spec.seconds = seconds + i * 1e-6;
        packets.push_back(spec);
      }
    }
    shard_.see(packets);
  }
  // Until no host is left. False when some do not go.
  bool let_all_go(double seconds) {
    const auto now = Timestamp::from_nanoseconds(static_cast<int64_t>(seconds * 1e9));
    for (int i = 0; i < 10'000 && shard().hosts().live() > 0; ++i) {
      shard().idle(now);
      keeper_.work();
    }
    keeper_.work();
    return shard().hosts().live() == 0;
  }
  // Lets the keeper answer, until so many pasts have come back since the start.
  bool await_restored(uint64_t hosts) {
    const PacketBatch none;
    for (int i = 0; i < 1000 && shard().counters().hosts_restored.read() < hosts; ++i) {
      keeper_.work();
      for (int step = 0; step < 10; ++step) shard().process(none);
    }
    return shard().counters().hosts_restored.read() == hosts;
  }
  [[nodiscard]] std::unique_ptr<Interface> into_interface() {
    std::vector<std::unique_ptr<Shard>> shards;
    shards.push_back(std::move(shard_.shard));
    return std::make_unique<Interface>("eth0", "eth0", 0, std::move(shards));
  }

 private:
  static ShardOptions options_for(HostKeeper& keeper, size_t memory_bytes) {
    ShardOptions options;
    options.memory_bytes = memory_bytes;
    options.archive = keeper.add_shard("eth0");
    options.estimate_secret = keeper.estimate_secret();
    return options;
  }

  HostKeeper& keeper_;
  TestShard shard_;
};

using Known = std::map<HostKey, HostRecord>;
Known known_to(const Shard& shard) {
  Known known;
  for (uint32_t slot = 1; slot < shard.hosts().limit(); ++slot) {
    if (auto host = shard.last_word(slot)) known.emplace(host->key, *std::move(host));
  }
  return known;
}

// That each host has `times` what it had before, of as many packets.
void expect_continued(const Known& before, const Known& after, uint64_t times) {
  ASSERT_EQ(after.size(), before.size());
  for (const auto& [key, host] : before) {
    const auto own = after.find(key);
    ASSERT_NE(own, after.end()) << key.address.to_string();
    ASSERT_EQ(own->second.total_sent().bytes, times * host.total_sent().bytes);
    ASSERT_EQ(own->second.total_received().packets, times * host.total_received().packets);
    ASSERT_NEAR(own->second.first_seen.as_seconds(), host.first_seen.as_seconds(), 2.5e-7);
    ASSERT_EQ(own->second.flows_ever[0], times * host.flows_ever[0]);
    ASSERT_EQ(own->second.profile.set(HostSet::kServers).count(),
              host.profile.set(HostSet::kServers).count());
    ASSERT_EQ(own->second.profile.applications.size(), host.profile.applications.size());
  }
}

void expect_within_a_tenth(size_t value, size_t expected) {
  EXPECT_LE(value, expected + expected / 10);
  EXPECT_GE(value, expected - expected / 10);
}

TEST(HostKeeper, TakesAHundredThousandHostsAndGivesThemBack) {
#ifdef WEIR_UNDER_THREAD_SANITIZER
  constexpr uint32_t kPairs = 5'000;  // minutes, else
#else
  constexpr uint32_t kPairs = 50'000;
#endif
  const auto cache = open_cache();
  HostKeeper keeper(*cache, {});
  Kept kept(keeper);
  const size_t at_first = kept.shard().memory().used();
  kept.send(0, kPairs, kStart);
  const size_t with_hosts = kept.shard().memory().used();
  const Known before = known_to(kept.shard());
  ASSERT_EQ(before.size(), 2 * kPairs);

  ASSERT_TRUE(kept.let_all_go(kStart + 5000));
  expect_within_a_tenth(kept.shard().memory().used(), at_first);
  EXPECT_EQ(*keeper.statistics()["hosts"].as<uint64_t>(), 2 * kPairs);
  expect_sums_agree(kept.shard(), "when all are gone");

  // Slowly enough for each to be asked for.
  constexpr uint32_t kAtOnce = 500;
  for (uint32_t first = 0; first < kPairs; first += kAtOnce) {
    kept.send(first, first + kAtOnce, kStart + 6000);
    ASSERT_TRUE(kept.await_restored(2 * (first + kAtOnce)));
  }
  expect_continued(before, known_to(kept.shard()), 2);
  expect_within_a_tenth(kept.shard().memory().used(), with_hosts);
  expect_sums_agree(kept.shard(), "when all are back");
  EXPECT_EQ(kept.shard().counters().hosts_earlier_sent.read(), Traffic{});
  EXPECT_EQ(*keeper.statistics()["hosts"].as<uint64_t>(), 0U);
  EXPECT_EQ(*keeper.statistics()["unasked"].as<uint64_t>(), 0U);
}

TEST(HostKeeper, HostsOutliveARestart) {
  constexpr uint32_t kPairs = 2'000;
  constexpr uint32_t kGone = 500;  // pairs that were forgotten before weir ended
  const TestFolder folder;
  const std::string file = folder.path() / "hosts.sqlite";
  Known before;
  {
    const auto cache = open_cache(file);
    HostKeeper keeper(*cache, {});
    Kept kept(keeper);
    kept.send(0, kGone, kStart);
    before = known_to(kept.shard());
    ASSERT_TRUE(kept.let_all_go(kStart + 1000));
    kept.send(kGone, kPairs, kStart + 2000);
    before.merge(known_to(kept.shard()));
    ASSERT_EQ(before.size(), 2 * kPairs);
    kept.shard().finish();
    const auto interface = kept.into_interface();
    keeper.close({interface.get()}, std::chrono::minutes(1));
  }
  const auto cache = open_cache(file);
  HostKeeper keeper(*cache, {});
  EXPECT_EQ(*keeper.statistics()["hosts"].as<uint64_t>(), 2 * kPairs);
  Kept kept(keeper);
  for (uint32_t first = 0; first < kPairs; first += 500) {
    kept.send(first, first + 500, kStart + 9000);
    ASSERT_TRUE(kept.await_restored(2 * (first + 500)));
  }
  expect_continued(before, known_to(kept.shard()), 2);
  expect_sums_agree(kept.shard(), "in the second run");
  const Traffic total = kept.shard().counters().total.read();
  EXPECT_EQ(kept.shard().counters().hosts_earlier_sent.read(), total)
      << "both runs saw the same, and only one is in the interface's totals";
}

TEST(HostKeeper, WhatWasNotTakenWhenItEndsGoesBack) {
  const auto cache = open_cache();
  HostKeeper keeper(*cache, {});
  Kept kept(keeper);
  kept.send(0, 10, kStart);
  ASSERT_TRUE(kept.let_all_go(kStart + 1000));
  kept.send(0, 10, kStart + 2000);
  keeper.work();  // answers, but the shard looks no more
  kept.shard().finish();
  const auto interface = kept.into_interface();
  keeper.close({interface.get()}, std::chrono::minutes(1));
  HostKeeper next(*cache, {});
  Kept again(next);
  again.send(0, 10, kStart + 3000);
  ASSERT_TRUE(again.await_restored(20));
  for (const auto& [key, host] : known_to(again.shard()))
    EXPECT_EQ(host.total_sent().packets, 3U) << key.address.to_string();
}

TEST(HostKeeper, HostsWaitWhileTheQueueIsFull) {
  const auto cache = open_cache();
  HostKeeper keeper(*cache, {});
  Kept kept(keeper);
  kept.send(0, 1000, kStart);
  const auto now = Timestamp::from_nanoseconds(static_cast<int64_t>((kStart + 5000) * 1e9));
  for (int i = 0; i < 1000; ++i) kept.shard().idle(now);
  EXPECT_EQ(kept.shard().hosts().live(), 2000 - HostChannel::kGone);
  EXPECT_EQ(kept.shard().counters().hosts_not_archived.read(), 0U);
  ASSERT_TRUE(kept.let_all_go(kStart + 5001));
  EXPECT_EQ(*keeper.statistics()["hosts"].as<uint64_t>(), 2000U);
}

TEST(HostKeeper, CountsHostsOfWhichNobodyCouldBeAsked) {
  const auto cache = open_cache();
  HostKeeper keeper(*cache, {});
  Kept kept(keeper);
  constexpr uint32_t kPairs = 2 * HostChannel::kAsked;
  kept.send(0, kPairs, kStart);
  ASSERT_TRUE(kept.let_all_go(kStart + 1000));
  kept.send(0, kPairs, kStart + 2000);
  ASSERT_TRUE(kept.await_restored(HostChannel::kAsked));
  EXPECT_EQ(*keeper.statistics()["unasked"].as<uint64_t>(), 2 * kPairs - HostChannel::kAsked);
  // Nothing is lost: their parts meet in the store.
  ASSERT_TRUE(kept.let_all_go(kStart + 9000));
  for (const uint32_t i : {0U, kPairs - 1}) {
    const std::array<uint8_t, 4> bytes{10, 0, static_cast<uint8_t>(i >> 8),
                                       static_cast<uint8_t>(i)};
    const auto host = keeper.find("eth0", {IpAddress::from_v4(bytes.data()), {}});
    ASSERT_TRUE(host);
    EXPECT_EQ(host->total_sent().packets, 2U);
  }
  expect_sums_agree(kept.shard(), "after all");
}

TEST(HostKeeper, SharesAHostBetweenShards) {
  const auto cache = open_cache();
  HostKeeper keeper(*cache, {});
  Kept one(keeper);
  Kept other(keeper);
  one.send(0, 1, kStart);
  other.send(0, 1, kStart + 1);
  ASSERT_TRUE(one.let_all_go(kStart + 1000));
  ASSERT_TRUE(other.let_all_go(kStart + 1000));
  other.send(0, 1, kStart + 2000);
  ASSERT_TRUE(other.await_restored(2));
  for (const auto& [key, host] : known_to(other.shard()))
    EXPECT_EQ(host.total_sent().packets, 3U) << "with what the other shard had";
  expect_sums_agree(one.shard(), "one");
  expect_sums_agree(other.shard(), "the other");
}

TEST(HostKeeper, WorksOnAThreadOfItsOwn) {
  constexpr uint32_t kPairs = 300;
  const auto cache = open_cache();
  HostKeeper keeper(*cache, {});
  Kept kept(keeper, 64 * kMega);
  keeper.start();
  kept.send(0, kPairs, kStart);
  const auto now = Timestamp::from_nanoseconds(static_cast<int64_t>((kStart + 1000) * 1e9));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  const auto is_time_left = [&] { return std::chrono::steady_clock::now() < deadline; };
  const auto written = [&] { return *keeper.statistics()["written"].as<uint64_t>(); };
  while (is_time_left() && (kept.shard().hosts().live() > 0 || written() < 2 * kPairs))
    kept.shard().idle(now);
  kept.send(0, kPairs, kStart + 2000);
  const PacketBatch none;
  while (is_time_left() && kept.shard().counters().hosts_restored.read() < 2 * kPairs) {
    (void)keeper.find("eth0", {*IpAddress::parse("10.0.0.1"), {}});
    kept.shard().process(none);
  }
  EXPECT_EQ(kept.shard().counters().hosts_restored.read(), 2 * kPairs);
  expect_sums_agree(kept.shard(), "with a thread");
  kept.shard().finish();
  const auto interface = kept.into_interface();
  keeper.close({interface.get()}, std::chrono::minutes(1));
  EXPECT_EQ(*keeper.statistics()["hosts"].as<uint64_t>(), 2 * kPairs);
}

TEST(HostKeeper, KeepsTheHeaviestWhenItMayKeepFew) {
  const auto cache = open_cache();
  HostKeeper keeper(*cache, {.max_hosts = 10});
  Kept kept(keeper);
  kept.send(0, 500, kStart);
  kept.shard().finish();
  const auto interface = kept.into_interface();
  keeper.close({interface.get()}, std::chrono::minutes(1));
  HostKeeper next(*cache, {.max_hosts = 10});
  EXPECT_EQ(*next.statistics()["hosts"].as<uint64_t>(), 10U);
  Kept again(next);
  again.send(495, 500, kStart + 1000);
  EXPECT_TRUE(again.await_restored(10));
}

TEST(HostKeeper, WithoutTimeKeepsNothingMore) {
  const auto cache = open_cache();
  HostKeeper keeper(*cache, {});
  Kept kept(keeper);
  kept.send(0, 10, kStart);
  kept.shard().finish();
  const auto interface = kept.into_interface();
  keeper.close({interface.get()}, std::chrono::seconds(-1));
  EXPECT_EQ(*keeper.statistics()["hosts"].as<uint64_t>(), 0U);
}

}  // namespace
}  // namespace weir

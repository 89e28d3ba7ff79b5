// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/host_store.h"

#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/import_hosts_command.h"
#include "cache/sqlite_cache.h"
#include "engine/flow_key.h"
#include "record/host_json.h"

namespace weir {
namespace {

using ::testing::HasSubstr;

std::unique_ptr<Cache> memory_cache(size_t limit_bytes = size_t{64} << 20) {
  SqliteCacheOptions options;
  options.limit_bytes = limit_bytes;
  options.commit_after = std::chrono::milliseconds(0);
  return *SqliteCache::open(options);
}

HostPast past_of(std::string_view address, uint64_t packets, uint32_t first = 1000) {
  HostPast past;
  past.host.key.address = *IpAddress::parse(address);
  past.host.sent[1] = {packets, 100 * packets};
  past.host.first_seen = {first, 0};
  past.host.last_seen = {first + 10, 0};
  past.host.profile.complete(0, past.host.total_sent(), past.host.total_received());
  past.counted_sent = past.host.total_sent();
  return past;
}
HostKey key_of(std::string_view address) {
  return {*IpAddress::parse(address), {}};
}

std::string address_text(uint64_t number) {
  return fmt::format("10.{}.{}.{}", number >> 16, number >> 8 & 255, number & 255);
}

TEST(HostStore, GivesBackWhatWasPut) {
  const auto cache = memory_cache();
  HostStore store(*cache, {});
  store.put("eth0", past_of("10.0.0.1", 3));
  EXPECT_EQ(store.hosts(), 1U);
  const auto past = store.take("eth0", key_of("10.0.0.1"));
  ASSERT_TRUE(past);
  EXPECT_EQ(past->host.sent[1], (Traffic{3, 300}));
  EXPECT_EQ(past->counted_sent, (Traffic{3, 300}));
  EXPECT_EQ(past->host.first_seen.seconds, 1000U);
  EXPECT_FALSE(store.take("eth0", key_of("10.0.0.1"))) << "it is out";
  EXPECT_EQ(store.hosts(), 0U);
  EXPECT_EQ(store.restored(), 1U);
}

TEST(HostStore, AddsWhatPartsOfAHostHave) {
  const auto cache = memory_cache();
  HostStore store(*cache, {});
  store.put("eth0", past_of("10.0.0.1", 3, 1000));
  store.put("eth0", past_of("10.0.0.1", 5, 500));
  const auto past = store.take("eth0", key_of("10.0.0.1"));
  ASSERT_TRUE(past);
  EXPECT_EQ(past->host.sent[1].packets, 8U);
  EXPECT_EQ(past->counted_sent.packets, 8U);
  EXPECT_EQ(past->host.first_seen.seconds, 500U);
  // Once it is out, what is put has it in itself.
  store.put("eth0", past_of("10.0.0.1", 9));
  EXPECT_EQ(store.take("eth0", key_of("10.0.0.1"))->host.sent[1].packets, 9U);
}

TEST(HostStore, KeepsInterfacesAndVlansApart) {
  const auto cache = memory_cache();
  HostStore store(*cache, {});
  HostPast tagged = past_of("10.0.0.1", 2);
  tagged.host.key.vlan.push(7);
  store.put("eth0", past_of("10.0.0.1", 1));
  store.put("eth0", std::move(tagged));
  store.put("eth1", past_of("10.0.0.1", 3));
  EXPECT_EQ(store.hosts(), 3U);
  EXPECT_EQ(store.take("eth1", key_of("10.0.0.1"))->host.sent[1].packets, 3U);
  EXPECT_EQ(store.take("eth0", key_of("10.0.0.1"))->host.sent[1].packets, 1U);
  EXPECT_FALSE(store.take("eth2", key_of("10.0.0.1")));
}

TEST(HostStore, NobodyIsAskedForAStranger) {
  const auto cache = memory_cache();
  HostStore store(*cache, {});
  const KeyedHash hash = store.hash_for("eth0");
  const auto hash_of = [&](std::string_view address) {
    return hash_host(key_of(address).address, {}, hash);
  };
  EXPECT_FALSE(store.may_have(hash_of("10.0.0.1")));
  store.put("eth0", past_of("10.0.0.1", 1));
  EXPECT_TRUE(store.may_have(hash_of("10.0.0.1")));
  EXPECT_FALSE(store.may_have(hash_of("10.0.0.2")));
  EXPECT_FALSE(store.take("eth0", key_of("10.0.0.2")));
  EXPECT_EQ(store.missed(), 0U);
}

TEST(HostStore, TheNextRunKnowsThem) {
  const auto cache = memory_cache();
  constexpr uint64_t kHosts = 200;
  std::string estimator;
  {
    HostStore store(*cache, {});
    estimator = store.estimator();
    for (uint64_t i = 1; i <= kHosts; ++i) store.put("eth0", past_of(address_text(i), i));
    // One that was taken out and not put back, as when weir is killed.
    EXPECT_TRUE(store.take("eth0", key_of(address_text(7))));
    store.save();
  }
  HostStore next(*cache, {});
  EXPECT_EQ(next.hosts(), kHosts);
  EXPECT_EQ(next.estimator(), estimator);
  for (uint64_t i = 1; i <= kHosts; ++i) {
    const auto past = next.take("eth0", key_of(address_text(i)));
    ASSERT_TRUE(past) << i;
    EXPECT_EQ(past->host.sent[1].packets, i);
    EXPECT_EQ(past->counted_sent, Traffic{}) << "another run counted it";
  }
}

TEST(HostStore, KnowsManyHostsInSeveralPieces) {
  const auto cache = memory_cache(size_t{256} << 20);
  constexpr uint64_t kHosts = 70'000;
  {
    HostStore store(*cache, {});
    for (uint64_t i = 0; i < kHosts; ++i) store.put("eth0", past_of(address_text(i), 1));
    store.save();
  }
  EXPECT_EQ(HostStore(*cache, {}).hosts(), kHosts);
  HostStore few(*cache, {.max_hosts = 1000});
  EXPECT_EQ(few.hosts(), 1000U);
}

TEST(HostStore, WhatTheCacheDroppedIsMissed) {
  const auto cache = memory_cache();
  HostStore store(*cache, {});
  store.put("eth0", past_of("10.0.0.1", 1));
  cache->erase("host:eth0:10.0.0.1");
  EXPECT_FALSE(store.take("eth0", key_of("10.0.0.1")));
  EXPECT_EQ(store.missed(), 1U);
}

TEST(HostStore, WhatIsNoHostIsNoHarm) {
  const auto cache = memory_cache();
  HostStore store(*cache, {});
  store.put("eth0", past_of("10.0.0.1", 1));
  const std::string good = *cache->get("host:eth0:10.0.0.1");
  uint64_t unreadable = 0;
  for (const std::string& text :
       {std::string("{"), std::string("[]"), std::string(R"({"host":{"address":"x"}})"),
        std::string(R"({"host":{"address":"10.0.0.2"}})"), good.substr(0, good.size() / 2)}) {
    cache->set("host:eth0:10.0.0.1", text, Cache::kForever);
    EXPECT_FALSE(store.find("eth0", key_of("10.0.0.1"))) << text;
    EXPECT_EQ(store.unreadable(), ++unreadable);
  }
  store.put("eth0", past_of("10.0.0.1", 4));
  EXPECT_EQ(store.find("eth0", key_of("10.0.0.1"))->sent[1].packets, 4U);
}

TEST(HostStore, AFileThatIsNoIndexIsNoHarm) {
  const auto cache = memory_cache();
  cache->set("hosts:secret", "short", Cache::kForever);
  cache->set("hosts:index:0", "not a whole hash", Cache::kForever);
  HostStore store(*cache, {});
  EXPECT_EQ(store.hosts(), 0U);
  store.put("eth0", past_of("10.0.0.1", 1));
  EXPECT_TRUE(store.take("eth0", key_of("10.0.0.1")));
}

TEST(ImportHosts, BringsWhatAnotherKnew) {
  const auto from = memory_cache();
  HostStore exporting(*from, {});
  exporting.put("eth0", past_of("10.0.0.1", 3));
  const HostRecord host = *exporting.find("eth0", key_of("10.0.0.1"));
  const std::string line = to_json(host_to_value(host, exporting.estimator()));

  const auto to = memory_cache();
  HostStore store(*to, {});
  std::istringstream lines("\n" + line + "\r\n" +
                           to_json(host_to_value(past_of("10.0.0.9", 1).host, "")));
  const auto count = import_hosts(lines, "wan", store);
  ASSERT_TRUE(count.ok()) << count.error().message;
  EXPECT_EQ(*count, 2U);
  const auto past = store.take("wan", key_of("10.0.0.1"));
  ASSERT_TRUE(past);
  EXPECT_EQ(past->host.sent, host.sent);
  EXPECT_EQ(past->host.first_seen, host.first_seen);
  EXPECT_EQ(past->host.profile.applications, host.profile.applications);
  EXPECT_EQ(past->counted_sent, Traffic{}) << "this run did not see it";
}

TEST(ImportHosts, NamesTheLineThatIsWrong) {
  const auto cache = memory_cache();
  HostStore store(*cache, {});
  const auto error_of = [&](const std::string& text) {
    std::istringstream lines(R"({"address":"10.0.0.1"})"
                             "\n" +
                             text + "\n");
    const auto count = import_hosts(lines, "eth0", store);
    return count.ok() ? "" : count.error().message;
  };
  EXPECT_THAT(error_of("{"), HasSubstr("line 2: "));
  EXPECT_EQ(error_of("{}"), "line 2: address: is no address");
  EXPECT_EQ(error_of(R"({"address":"10.0.0.1","bytes_error":"many"})"),
            "line 2: bytes_error: is no count");
  EXPECT_EQ(error_of(std::string(Cache::kMaxValueBytes + 1, ' ') + "x"), "line 2: is too long");
}

}  // namespace
}  // namespace weir

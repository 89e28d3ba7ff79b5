// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/merged_hosts.h"

#include <gtest/gtest.h>

#include <malloc.h>

#include <algorithm>
#include <map>
#include <vector>

#include "query/scan.h"
#include "query/test_traffic.h"

namespace weir {
namespace {

using test_traffic::Sent;
using test_traffic::watch;

// Each host talks to 10.0.0.1 in two flows, which may fall to two shards.
std::vector<Sent> two_flows_each(uint32_t hosts) {
  std::vector<Sent> packets;
  for (uint32_t i = 0; i < hosts; ++i) {
    for (const uint16_t port : {uint16_t{1}, uint16_t{2}}) {
      packets.push_back(
          {.source = "10.1." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1),
           .destination = "10.0.0.1",
           .source_port = port,
           .destination_port = 9,
           .length = 100 + i % 7,
           .when = {1000, i}});
    }
  }
  return packets;
}

uint64_t bytes_of(const HostRecord& host) {
  return (host.total_sent() + host.total_received()).bytes;
}

TEST(MergedHosts, AreWhatOneShardWouldKnow) {
  const auto one = watch("eth0", two_flows_each(1000));
  const auto four = watch("eth0", two_flows_each(1000), 4);
  std::map<HostKey, uint64_t> expected;
  visit_hosts(*one, [&](const HostRecord& host) { expected[host.key] = bytes_of(host); });
  ASSERT_EQ(expected.size(), 1001U);
  std::vector<HostKey> keys;
  visit_merged_hosts(*four, [&](const HostRecord& host) {
    keys.push_back(host.key);
    EXPECT_EQ(bytes_of(host), expected[host.key]) << host.key.address.to_string();
    EXPECT_EQ(host.bytes_error, 0U);
  });
  EXPECT_EQ(keys.size(), 1001U);
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
  EXPECT_EQ(count_merged_hosts(*four), 1001U);
}

TEST(MergedHosts, AreBoundedWhereAShardForgot) {
  // 16 MB in two shards do not remember 60,000 hosts each; one of them is heavy.
  std::vector<Sent> packets;
  for (int i = 0; i < 50; ++i)
    packets.push_back({.source = "10.200.0.1", .destination = "10.200.0.2", .length = 1500});
  for (const Sent& light : two_flows_each(62'000)) packets.push_back(light);
  const auto eth0 = watch("eth0", packets, 2);
  ASSERT_GT(eth0->shards().front()->counters().hosts_evicted.read(), 0U);
  std::map<HostKey, size_t> seen;
  visit_merged_hosts(*eth0, [&](const HostRecord& host) {
    ++seen[host.key];
    const std::string name = host.key.address.to_string();
    if (name == "10.0.0.1") return;
    const bool is_heavy = name.starts_with("10.200.");
    EXPECT_LE(bytes_of(host), is_heavy ? 75'000U : 212U) << name;
    EXPECT_GE(bytes_of(host) + host.bytes_error, is_heavy ? 75'000U : 200U) << name;
  });
  EXPECT_TRUE(std::all_of(seen.begin(), seen.end(), [](const auto& s) { return s.second == 1; }));
  EXPECT_EQ(count_merged_hosts(*eth0), seen.size());
}

// Under a sanitizer, whose allocator tells nothing, both figures are 0.
TEST(MergedHosts, AreNotCopiedAllAtOnce) {
  const auto in_use = [] {
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
  };
  const auto eth0 = watch("eth0", two_flows_each(10'000), 4);
  size_t places = 0;
  for (const auto& shard : eth0->shards()) places += shard->hosts().live();
  const size_t before = in_use();
  size_t most = before;
  visit_merged_hosts(*eth0, [&](const HostRecord&) { most = std::max(most, in_use()); });
  EXPECT_LE(most - before, places * kMergeBytesPerHost * 5 / 4);
}

}  // namespace
}  // namespace weir

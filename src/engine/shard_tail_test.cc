// SPDX-License-Identifier: GPL-3.0-or-later
// More hosts than the memory budget holds.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "engine/test_traffic.h"

namespace weir {
namespace {

using test_traffic::expect_sums_agree;
using test_traffic::PacketSpec;
using test_traffic::TestShard;

constexpr double kStart = 1'700'000'000;
constexpr uint8_t kSyn = 2;
constexpr uint8_t kAck = 0x10;

// Shows a shard many UDP packets that differ in addresses and length.
class Feeder {
 public:
  explicit Feeder(Shard& shard) : shard_(shard), frames_(kBatchSize, frame_of(PacketSpec{})) {}

  void add(uint32_t source, uint32_t destination, uint32_t length, Timestamp when) {
    std::vector<uint8_t>& frame = frames_[batch_.count];
    for (size_t i = 0; i < 4; ++i) {
      frame[26 + i] = static_cast<uint8_t>(source >> (24 - 8 * i));
      frame[30 + i] = static_cast<uint8_t>(destination >> (24 - 8 * i));
    }
    PacketView& view = batch_.add() = {};
    view.data = frame.data();
    view.captured_length = static_cast<uint32_t>(frame.size());
    view.wire_length = length;
    view.timestamp = when;
    if (batch_.full()) flush();
  }
  void flush() {
    if (batch_.count > 0) shard_.process(batch_);
    batch_.clear();
  }

 private:
  Shard& shard_;
  std::vector<std::vector<uint8_t>> frames_;
  PacketBatch batch_;
};

// Rank r of n with a probability of about 1 / r.
uint32_t zipf(test_traffic::Random& random, uint32_t n) {
  const double uniform = random() / 4294967296.0;
  return std::min(static_cast<uint32_t>(std::exp(uniform * std::log(n))) - 1, n - 1);
}
// An odd factor is a bijection: ranks say nothing about addresses.
constexpr uint32_t address_of(uint32_t rank) {
  return (rank + 1) * 2654435761U;
}
constexpr uint32_t rank_of(uint32_t address) {
  return address * 244002641U - 1;
}
static_assert(rank_of(address_of(12345)) == 12345);

struct Listed {
  uint32_t address;
  uint64_t bytes;
  uint64_t error;
};
Listed listed(const HostRecord& host) {
  return {__builtin_bswap32(host.key.address.v4_bits()),
          host.total_sent().bytes + host.total_received().bytes, host.bytes_error};
}

// All hosts that a shard can name, the heaviest first.
std::vector<Listed> hosts_of(const Shard& shard) {
  const uint32_t now = shard.clock_second();
  std::vector<Listed> all;
  for (uint32_t slot = 1; slot < shard.hosts().limit(); ++slot) {
    if (const auto host = shard.hosts().snapshot(slot, now)) all.push_back(listed(*host));
  }
  for (size_t entry = 0; entry < shard.tail().limit(); ++entry) {
    if (const auto host = shard.tail().snapshot(entry, now)) all.push_back(listed(*host));
  }
  std::sort(all.begin(), all.end(),
            [](const Listed& a, const Listed& b) { return a.bytes > b.bytes; });
  return all;
}

double distinct_hosts(const Shard& shard) {
  DistinctCount::Registers registers{};
  shard.distinct_hosts().merge_into(registers);
  return DistinctCount::estimate(registers);
}

TEST(ShardTail, ListsTheTopHundredOfAMillionInABudgetForFiftyThousand) {
  constexpr uint32_t kHosts = 1'000'000;
  ShardOptions options;
  options.memory_bytes = size_t{34} << 20;
  options.timeouts.host = IdleTimeouts::kNever;
  options.secret = {0x1234567, 0x9abcdef1, 0x2468ace1, 0x13579bdf};
  const auto made = Shard::create(options, nullptr);
  ASSERT_TRUE(made.ok());
  Shard& shard = **made;
  std::vector<uint64_t> truth(kHosts);  // by rank
  Feeder feeder(shard);
  test_traffic::Random random(11);
  // Every host is heard at least once; most packets are of few.
  for (uint32_t i = 0; i < 2 * kHosts; ++i) {
    const uint32_t source = i % 2 == 0 ? i / 2 : zipf(random, kHosts);
    const uint32_t destination = zipf(random, kHosts);
    const uint32_t length = 60 + random() % 1400;
    const Timestamp when{static_cast<uint32_t>(kStart) + i / 20'000, 0};
    feeder.add(address_of(source), address_of(destination), length, when);
    truth[source] += length;
    truth[destination] += length;
  }
  feeder.flush();
  EXPECT_LT(shard.hosts().live(), 60'000U) << "the budget is that of a twentieth";
  EXPECT_LE(shard.memory().used(), options.memory_bytes);
  expect_sums_agree(shard, "far beyond the budget");
  EXPECT_EQ(shard.counters().hosts_refused.read(), 0U);
  EXPECT_NEAR(distinct_hosts(shard), kHosts, kHosts * 4 * DistinctCount::kRelativeError);

  const std::vector<Listed> hosts = hosts_of(shard);
  std::vector<std::pair<uint64_t, uint32_t>> exact;
  for (uint32_t rank = 0; rank < kHosts; ++rank) exact.emplace_back(truth[rank], address_of(rank));
  std::partial_sort(exact.begin(), exact.begin() + 100, exact.end(), std::greater<>());
  for (size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(hosts[i].address, exact[i].second) << "place " << i;
    EXPECT_EQ(hosts[i].bytes, exact[i].first) << "place " << i;
  }
  uint64_t wrong = 0;
  for (const Listed& host : hosts) {
    uint64_t& bytes = truth[rank_of(host.address)];
    if (host.bytes > bytes || bytes > host.bytes + host.error) ++wrong;
    bytes = 0;
  }
  EXPECT_EQ(wrong, 0U) << "of " << hosts.size() << " that are listed";
  const KeyedHash hash(options.secret);
  uint64_t beyond = 0;
  for (uint32_t rank = 0; rank < kHosts; ++rank) {
    const uint32_t bits = __builtin_bswap32(address_of(rank));
    std::array<uint8_t, 4> octets{};
    std::memcpy(octets.data(), &bits, octets.size());
    const uint64_t key = hash_host(IpAddress::from_v4(octets.data()), {}, hash);
    if (truth[rank] > shard.tail().floor(key, shard.clock_second())) ++beyond;
  }
  EXPECT_EQ(beyond, 0U) << "of those that are not";
}

TEST(ShardTail, AHostThatComesBackGoesOnWhereItWas) {
  ShardOptions options;
  options.memory_bytes = size_t{8} << 20;
  TestShard test(options);
  Feeder feeder(*test.shard);
  const uint32_t second = static_cast<uint32_t>(kStart);
  feeder.add(0x0a000001, 0x0a000002, 90'000, {second, 0});
  for (uint32_t i = 0; i < 100'000; ++i)
    feeder.add(0x0b000000 + 2 * i, 0x0b000001 + 2 * i, 100, {second + 1 + i / 20'000, 0});
  feeder.flush();
  const auto find = [&] {
    for (const HostRecord& host : test.hosts()) {
      if (listed(host).address == 0x0a000001) return std::optional(host);
    }
    return std::optional<HostRecord>();
  };
  ASSERT_FALSE(find()) << "it gave way";
  EXPECT_EQ(hosts_of(*test.shard).front().bytes, 90'000U) << "and is listed all the same";
  feeder.add(0x0a000001, 0x0a000002, 500, {second + 8, 0});
  feeder.flush();
  const auto again = find();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->total_sent(), (Traffic{2, 90'500}));
  EXPECT_EQ(again->bytes_error, 0U);
  EXPECT_EQ(again->first_seen.seconds, second);
  test.shard->idle({second + 9, 0});
  EXPECT_EQ(find()->rate_sent, (Traffic{1, 500})) << "the past is not in the rate";
  expect_sums_agree(*test.shard, "after it came back");
}

// Connections beside a flood, in packet time.
class Flood : public testing::Test {
 protected:
  static constexpr uint32_t kConnections = 200;
  static constexpr uint32_t kSynsASecond = 20'000;

  static ShardOptions options() {
    ShardOptions options;
    options.memory_bytes = size_t{12} << 20;
    options.timeouts.flow = std::chrono::seconds(30);
    options.timeouts.host = std::chrono::seconds(30);
    return options;
  }
  static PacketSpec tcp(uint32_t client, uint8_t flags, double when) {
    PacketSpec spec;
    spec.source = 0x0a000000 + client;
    spec.destination = 0x0a010000 + client;
    spec.protocol = kProtocolTcp;
    spec.tcp_flags = flags;
    spec.seconds = when;
    return spec;
  }
  static PacketSpec reply(PacketSpec spec, uint8_t flags) {
    std::swap(spec.source, spec.destination);
    std::swap(spec.source_port, spec.destination_port);
    spec.tcp_flags = flags;
    return spec;
  }

  void connect(uint32_t client, double when) {
    const PacketSpec syn = tcp(client, kSyn, when);
    test_.see({syn, reply(syn, kSyn | kAck), tcp(client, kAck, when)});
  }
  void talk(double when) {
    std::vector<PacketSpec> specs;
    for (uint32_t client = 0; client < connected_; ++client) {
      specs.push_back(tcp(client, kAck, when));
      specs.push_back(reply(specs.back(), kAck));
    }
    test_.see(specs);
  }
  void flood(double when) {
    std::vector<PacketSpec> specs(kSynsASecond);
    for (uint32_t i = 0; i < specs.size(); ++i) {
      specs[i] = tcp(0, kSyn, when + i / (kSynsASecond * 1.01));
      specs[i].source = random_();
    }
    test_.see(specs);
    sent_ += specs.size();
  }

  TestShard test_{options()};
  test_traffic::Random random_{3};
  uint32_t connected_ = kConnections;
  uint64_t sent_ = 0;
};

TEST_F(Flood, LeavesConnectionsCountersAndNewHostsAlone) {
  double now = kStart;
  for (uint32_t client = 0; client < kConnections; ++client) connect(client, now);
  for (int second = 1; second <= 20; ++second) {
    now += 1;
    talk(now);
    flood(now);
    if (second == 10) connect(connected_++, now);  // somebody arrives in the middle of it
  }
  const ShardCounters& counters = test_.shard->counters();
  EXPECT_LE(test_.shard->memory().used(), options().memory_bytes);
  EXPECT_EQ(counters.total.read().packets,
            3 * (kConnections + 1) + 2 * 20 * kConnections + 2 * 10 + sent_);
  EXPECT_GT(counters.flows_evicted.read(), sent_ / 2);
  EXPECT_EQ(counters.flows_refused.read(), 0U);
  EXPECT_EQ(counters.hosts_refused.read(), 0U) << "who is new finds room for its record";
  EXPECT_EQ(test_.shard->hosts().other(0).total_sent(), Traffic{});
  expect_sums_agree(*test_.shard, "in the flood");
  uint32_t established = 0;
  for (const FlowRecord& flow : test_.flows())
    established += flow.state == FlowState::kEstablished ? 1 : 0;
  EXPECT_EQ(established, kConnections + 1);
  for (const FlowRecord& ended : test_.log.records) ASSERT_EQ(ended.state, FlowState::kSynSent);

  // Two idle timeouts later nothing is left of it.
  for (int second = 1; second <= 62; ++second) {
    now += 1;
    talk(now);
    while (test_.shard->idle(Timestamp::from_nanoseconds(static_cast<int64_t>(now * 1e9)))) {
    }
  }
  EXPECT_EQ(test_.shard->flows().live(), kConnections + 1);
  EXPECT_EQ(test_.shard->hosts().live(), 2 * (kConnections + 1));
  EXPECT_EQ(hosts_of(*test_.shard).size(), 2 * (kConnections + 1)) << "the tail shows none of them";
  connect(connected_++, now);
  for (const Listed& host : hosts_of(*test_.shard)) {
    if (host.address == 0x0a000000 + connected_ - 1) {
      EXPECT_EQ(host.error, 0U) << "new hosts are exact again";
    }
  }
  expect_sums_agree(*test_.shard, "after the flood");
}

TEST(ShardTail, FlowsWithoutRoomForTheirHostsFindItLater) {
  ShardOptions options;
  options.memory_bytes = size_t{8} << 20;
  options.timeouts.flow_two_way = std::chrono::seconds(60);
  options.timeouts.host = std::chrono::seconds(60);
  TestShard test(options);
  const auto pair = [](uint32_t i, double when) {
    PacketSpec there;
    there.source = 0x0a000000 + 2 * i;
    there.destination = 0x0a000001 + 2 * i;
    there.seconds = when;
    PacketSpec back = there;
    std::swap(back.source, back.destination);
    std::swap(back.source_port, back.destination_port);
    return std::vector<PacketSpec>{there, back, there};
  };
  // Conversations both ways do not give way: two hosts each, until there is no room for a host.
  uint32_t pairs = 0;
  while (test.shard->counters().hosts_refused.read() == 0) test.see(pair(pairs++, kStart));
  const uint32_t late = pairs - 1;
  EXPECT_EQ(test.shard->flows().live(), pairs);
  EXPECT_GT(test.shard->hosts().other(0).total_sent().packets, 0U);
  expect_sums_agree(*test.shard, "without room");
  // Only the last one goes on talking; the others end and their hosts are forgotten.
  for (double when = kStart + 10; when < kStart + 300; when += 10) {
    test.see(pair(late, when));
    while (test.shard->idle(Timestamp::from_nanoseconds(static_cast<int64_t>(when * 1e9)))) {
    }
  }
  EXPECT_EQ(test.shard->hosts().live(), 2U);
  EXPECT_EQ(test.shard->hosts().other(0).total_sent(), Traffic{});
  EXPECT_EQ(test.shard->hosts().other(0).total_received(), Traffic{});
  for (const HostRecord& host : test.hosts()) {
    EXPECT_EQ((host.total_sent() + host.total_received()).packets, 30U * 3);
    EXPECT_EQ(host.first_seen.seconds, static_cast<uint32_t>(kStart));
    EXPECT_EQ(host.active_flows, 1U);
  }
  expect_sums_agree(*test.shard, "with room");
  test.shard->finish();
  expect_sums_agree(*test.shard, "at the end");
}

TEST(ShardTail, TrafficWithoutARecordIsNamedWhenItsFlowEnds) {
  ShardOptions options;
  options.memory_bytes = size_t{8} << 20;
  TestShard test(options);
  uint32_t pairs = 0;
  while (test.shard->counters().hosts_refused.read() < 2) {
    PacketSpec there;
    there.source = 0x0a000000 + 2 * pairs;
    there.destination = 0x0a000001 + 2 * pairs;
    there.wire_length = 1000;
    PacketSpec back = there;
    std::swap(back.source, back.destination);
    std::swap(back.source_port, back.destination_port);
    test.see({there, back, there});
    ++pairs;
  }
  test.shard->finish();
  EXPECT_EQ(test.shard->hosts().other(0).total_sent(), Traffic{});
  expect_sums_agree(*test.shard, "at the end");
  uint64_t bytes = 0;
  for (const Listed& host : hosts_of(*test.shard)) bytes += host.bytes;
  EXPECT_EQ(bytes, uint64_t{pairs} * 6000) << "each host is named with all of its traffic";
}

// A stream in one direction alone, as of syslog: it waits until there is room, and then has a name.
TEST(ShardTail, AStreamOfOneDirectionFindsItsHostsOnceThereIsRoom) {
  ShardOptions options;
  options.memory_bytes = size_t{8} << 20;
  options.timeouts.flow_two_way = std::chrono::seconds(60);
  options.timeouts.host = std::chrono::seconds(60);
  TestShard test(options);
  uint32_t pairs = 0;
  while (test.shard->counters().hosts_refused.read() == 0) {
    PacketSpec there;
    there.source = 0x0a000000 + 2 * pairs;
    there.destination = 0x0a000001 + 2 * pairs++;
    PacketSpec back = there;
    std::swap(back.source, back.destination);
    std::swap(back.source_port, back.destination_port);
    test.see({there, back});
  }
  const uint64_t refused = test.shard->counters().hosts_refused.read();
  PacketSpec log;
  log.source = 0x0b000001;
  log.destination = 0x0b000002;
  test.see({log});
  EXPECT_GT(test.shard->counters().hosts_refused.read(), refused);
  for (double when = kStart + 1; when < kStart + 300; when += 1) {
    log.seconds = when;
    test.see({log});
    test.shard->idle(Timestamp::from_nanoseconds(static_cast<int64_t>(when * 1e9)));
  }
  EXPECT_EQ(test.shard->hosts().live(), 2U);
  EXPECT_EQ(test.shard->hosts().other(0).total_sent(), Traffic{});
  for (const HostRecord& host : test.hosts())
    EXPECT_EQ((host.total_sent() + host.total_received()).packets, 300U);
  expect_sums_agree(*test.shard, "with room");
}

}  // namespace
}  // namespace weir

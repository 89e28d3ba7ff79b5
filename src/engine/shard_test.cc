// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/shard.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>

#include "base/test_sanitizer.h"
#include "engine/test_traffic.h"

namespace weir {
namespace {

using test_traffic::expect_sums_agree;
using test_traffic::PacketSpec;
using test_traffic::TestShard;

constexpr double kStart = 1'700'000'000;

PacketSpec answer_to(PacketSpec spec) {
  std::swap(spec.source, spec.destination);
  std::swap(spec.source_port, spec.destination_port);
  return spec;
}

PacketSpec segment(uint8_t flags, double seconds = kStart) {
  PacketSpec spec;
  spec.protocol = kProtocolTcp;
  spec.tcp_flags = flags;
  spec.destination_port = 80;
  spec.seconds = seconds;
  return spec;
}

// P50 of the checklist.
TEST(Shard, CountsBothDirectionsInOneFlow) {
  TestShard test;
  PacketSpec request;
  request.wire_length = 70;
  PacketSpec reply = answer_to(request);
  reply.wire_length = 500;
  test.see({request, reply, request});
  ASSERT_EQ(test.flows().size(), 1U);
  const FlowRecord flow = test.flows().front();
  EXPECT_EQ(flow.client.to_string(), "10.0.0.1");
  EXPECT_EQ(flow.server_port, 2000);
  EXPECT_EQ(flow.to_server, (Traffic{2, 140}));
  EXPECT_EQ(flow.to_client, (Traffic{1, 500}));
  EXPECT_EQ(flow.state, FlowState::kTwoWay);
}

// P50: the VLAN is part of the key, of flows as of hosts.
TEST(Shard, TellsVlansApart) {
  TestShard test;
  PacketSpec in_ten;
  in_ten.vlan = {10};
  PacketSpec in_twenty;
  in_twenty.vlan = {20};
  PacketSpec untagged;
  PacketSpec stacked;
  stacked.vlan = {10, 20, 30};
  test.see({in_ten, in_twenty, untagged, stacked, answer_to(in_ten), answer_to(stacked)});
  EXPECT_EQ(test.flows().size(), 4U);
  EXPECT_EQ(test.hosts().size(), 8U);
  expect_sums_agree(*test.shard, "vlans");
}

TEST(Shard, FindsTheSixTupleInIpv6) {
  TestShard test;
  PacketSpec spec;
  spec.is_v6 = true;
  PacketSpec other_port = spec;
  other_port.source_port = 1001;
  test.see({spec, answer_to(spec), other_port, spec});
  EXPECT_EQ(test.flows().size(), 2U);
  EXPECT_EQ(test.hosts().size(), 2U);
}

// P51: a flow is there with its first packet and ends when no more come.
TEST(Shard, BeginsAFlowWithItsFirstPacketAndEndsItWhenIdle) {
  TestShard test;
  test.see({PacketSpec{}});
  ASSERT_EQ(test.flows().size(), 1U);
  test.shard->idle({static_cast<uint32_t>(kStart) + 119, 0});
  EXPECT_EQ(test.flows().size(), 1U);
  test.shard->idle({static_cast<uint32_t>(kStart) + 122, 0});
  EXPECT_TRUE(test.flows().empty());
  ASSERT_EQ(test.log.records.size(), 1U);
  EXPECT_EQ(test.log.records.front().end_reason, EndReason::kIdle);
  EXPECT_EQ(test.log.records.front().to_server, (Traffic{1, 100}));
  expect_sums_agree(*test.shard, "after the flow");
}

// P52: a flow's two hosts carry what it carries.
TEST(Shard, TellsOfFlowsThatGoOnWhenTheyAreDue) {
  TestShard test;
  std::map<uint64_t, int> asked;
  test.log.due = [&](uint64_t id, Timestamp first, Timestamp last) {
    EXPECT_EQ(first, (Timestamp{static_cast<uint32_t>(kStart), 0}));
    ++asked[id];
    return last.seconds == first.seconds + 30;
  };
  PacketSpec packet;
  for (int second = 0; second <= 60; second += 5) {
    packet.seconds = kStart + second;
    test.see({packet});
    for (size_t step = 0; step < Shard::kIdleSteps; ++step)
      (void)test.shard->idle({static_cast<uint32_t>(packet.seconds), 0});
  }
  const std::vector<FlowRecord> flows = test.flows();
  ASSERT_EQ(flows.size(), 1U);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked.begin()->first, flows[0].id);
  // Once in each of the looks while it was due; what is told is what a question would see.
  ASSERT_FALSE(test.log.records.empty());
  for (const FlowRecord& told : test.log.records) {
    EXPECT_EQ(told.id, flows[0].id);
    EXPECT_EQ(told.end_reason, EndReason::kActive);
    EXPECT_EQ(told.to_server.packets, 7U);
  }
}

TEST(Shard, GivesAFlowsTrafficToItsTwoHosts) {
  TestShard test;
  PacketSpec spec;
  spec.protocol = kProtocolTcp;
  test.see({spec, spec, answer_to(spec)});
  ASSERT_EQ(test.hosts().size(), 2U);
  const HostRecord host = test.hosts().front();
  EXPECT_EQ(host.key.address.to_string(), "10.0.0.1");
  EXPECT_EQ(host.sent[static_cast<size_t>(ProtocolClass::kTcp)], (Traffic{2, 200}));
  EXPECT_EQ(host.received[static_cast<size_t>(ProtocolClass::kTcp)], (Traffic{1, 100}));
  EXPECT_EQ(host.active_flows, 1U);
}

// The sanitizers keep memory of their own.
#if defined(WEIR_UNDER_ADDRESS_SANITIZER) || defined(WEIR_UNDER_THREAD_SANITIZER)
constexpr bool kMeasuresMemory = false;
#else
constexpr bool kMeasuresMemory = true;
#endif

uint64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  uint64_t total = 0;
  uint64_t resident = 0;
  statm >> total >> resident;
  return resident * 4096;
}

// P54: 100,000 flows of one packet; two minutes later they, their hosts and their memory are gone.
TEST(Shard, GivesMemoryBackWhenFlowsAndHostsAreGone) {
  ShardOptions options;
  options.memory_bytes = size_t{256} << 20;
  options.timeouts.host = std::chrono::seconds(120);
  TestShard test(options);
  test.see({PacketSpec{}});
  test.log.records.reserve(200'000);
  for (auto& record : test.log.records) record = {};
  const uint64_t tables_before = test.shard->memory().used();
  std::vector<PacketSpec> specs(80'000);
  for (uint32_t i = 0; i < specs.size(); ++i) specs[i].source = 0x0b000000 + i * 7919;
  const uint64_t before = resident_bytes();
  test.see(specs);
  EXPECT_EQ(test.shard->flows().live(), 80'001U);
  const uint64_t full = resident_bytes();
  for (uint32_t tick = 0; tick < 64; ++tick)
    while (test.shard->idle({static_cast<uint32_t>(kStart) + 122 + tick, 0})) {
    }
  EXPECT_EQ(test.shard->flows().live(), 0U);
  EXPECT_EQ(test.shard->hosts().live(), 0U);
  expect_sums_agree(*test.shard, "after the purge");
  EXPECT_LE(test.shard->memory().used(), tables_before + (size_t{512} << 10))
      << "all but the slack of the two indexes";
  if (!kMeasuresMemory) return;
  // The log of ended flows grows by itself; what is left of the growth must be that alone.
  const uint64_t log_bytes = test.log.records.capacity() * sizeof(FlowRecord);
  EXPECT_GT(full, before + (size_t{20} << 20));
  EXPECT_LE(resident_bytes(), before * 11 / 10 + log_bytes);
}

TEST(Shard, SplitsAFlowThatWasSilentForTooLongEvenInsideOneBatch) {
  TestShard test;
  PacketSpec late;
  late.seconds = kStart + 121;
  PacketSpec later;
  later.seconds = kStart + 150;
  test.see({PacketSpec{}, late, later});
  ASSERT_EQ(test.log.records.size(), 1U);
  EXPECT_EQ(test.log.records.front().to_server.packets, 1U);
  ASSERT_EQ(test.flows().size(), 1U);
  EXPECT_EQ(test.flows().front().to_server.packets, 2U);
  expect_sums_agree(*test.shard, "split");
}

TEST(Shard, KeepsAFlowThatEarlierPacketsOfTheBatchKeptAlive) {
  TestShard test;
  PacketSpec spec;
  test.see({spec});
  PacketSpec middle = spec;
  middle.seconds = kStart + 100;
  PacketSpec late = spec;
  late.seconds = kStart + 200;
  test.see({middle, late});
  EXPECT_TRUE(test.log.records.empty());
  EXPECT_EQ(test.flows().front().to_server.packets, 3U);
}

TEST(Shard, FollowsATcpConnection) {
  TestShard test;
  const PacketSpec syn = segment(kTcpSyn);
  const auto state = [&] { return test.flows().front().state; };
  test.see({syn});
  EXPECT_EQ(state(), FlowState::kSynSent);
  test.see({answer_to(segment(kTcpSyn | kTcpAck))});
  EXPECT_EQ(state(), FlowState::kSynReceived);
  test.see({segment(kTcpAck)});
  EXPECT_EQ(state(), FlowState::kEstablished);
  test.see({segment(kTcpFin | kTcpAck)});
  EXPECT_EQ(state(), FlowState::kClosing);
  test.see({answer_to(segment(kTcpFin | kTcpAck)), segment(kTcpAck)});
  EXPECT_EQ(state(), FlowState::kClosed);
  EXPECT_EQ(test.flows().front().tcp_flags_to_server, kTcpSyn | kTcpAck | kTcpFin);
  test.shard->idle({static_cast<uint32_t>(kStart) + 32, 0});
  ASSERT_EQ(test.log.records.size(), 1U);
  EXPECT_EQ(test.log.records.front().end_reason, EndReason::kClosed);
}

TEST(Shard, BeginsANewFlowWhenPortsAreUsedAgain) {
  TestShard test;
  test.see({segment(kTcpSyn), answer_to(segment(kTcpSyn | kTcpAck)), segment(kTcpAck),
            segment(kTcpRst), segment(kTcpSyn)});
  ASSERT_EQ(test.log.records.size(), 1U);
  EXPECT_EQ(test.log.records.front().end_reason, EndReason::kReused);
  EXPECT_EQ(test.flows().front().state, FlowState::kSynSent);
  expect_sums_agree(*test.shard, "reuse");
}

TEST(Shard, KnowsTheServerWhenItJoinsInTheMiddle) {
  TestShard test;
  test.see({answer_to(segment(kTcpAck))});
  EXPECT_EQ(test.flows().front().server_port, 80);
  EXPECT_EQ(test.flows().front().to_client.packets, 1U);
}

TEST(Shard, TellsTheRateOfTheLastWholeSecondWhileTheFlowIsOpen) {
  TestShard test;
  std::vector<PacketSpec> specs(10);
  for (size_t i = 0; i < specs.size(); ++i)
    specs[i].seconds = kStart + 0.05 * static_cast<double>(i);
  PacketSpec next;
  next.seconds = kStart + 1.2;
  test.see(specs);
  EXPECT_EQ(test.flows().front().rate_to_server, Traffic{}) << "the second is not over";
  test.see({next});
  EXPECT_EQ(test.flows().front().rate_to_server, (Traffic{10, 1000}));
  EXPECT_EQ(test.hosts().front().rate_sent, (Traffic{10, 1000}));
  test.shard->idle({static_cast<uint32_t>(kStart) + 2, 0});
  EXPECT_EQ(test.flows().front().rate_to_server, (Traffic{1, 100}));
  test.shard->idle({static_cast<uint32_t>(kStart) + 3, 0});
  EXPECT_EQ(test.flows().front().rate_to_server, Traffic{});
  EXPECT_EQ(test.flows().front().to_server, (Traffic{11, 1100}));
}

TEST(Shard, CountsHugeClaimedLengthsToTheByte) {
  TestShard test;
  PacketSpec huge;
  huge.wire_length = 4'093'509'168;
  test.see({huge, huge, huge});
  EXPECT_EQ(test.flows().front().to_server.bytes, 3ULL * 4'093'509'168);
  expect_sums_agree(*test.shard, "huge");
}

TEST(Shard, SurvivesTimeThatJumpsAndRunsBackwards) {
  TestShard test;
  test_traffic::Random random(7);
  std::vector<PacketSpec> specs(5000);
  for (PacketSpec& spec : specs) {
    spec.source = 0x0a000000 + random() % 50;
    const uint32_t kind = random() % 20;
    spec.seconds = kind == 0 ? random() : kind == 1 ? 0 : kStart + random() % 1000;
  }
  test.see(specs);
  expect_sums_agree(*test.shard, "jumps");
  test.shard->finish();
  expect_sums_agree(*test.shard, "jumps, finished");
}

TEST(Shard, IsNotMovedByOneWrongTimestamp) {
  TestShard test;
  PacketSpec wrong;
  wrong.source = 0x0a0000ff;
  wrong.seconds = kStart + 1e8;
  PacketSpec right;
  right.seconds = kStart + 1;
  test.see({PacketSpec{}, wrong, right, right});
  EXPECT_EQ(test.shard->clock_second(), static_cast<uint32_t>(kStart) + 1);
  for (const FlowRecord& flow : test.log.records)
    EXPECT_EQ(flow.client.to_string(), "10.0.0.255") << "only the wrong one may be over";
}

// P3 of the promises: random SYNs beyond the budget cost neither the established flows nor the
// counters.
TEST(Shard, KeepsEstablishedFlowsAndExactTotalsInAFlood) {
  ShardOptions options;
  options.memory_bytes = Shard::kMinMemory;
  TestShard test(options);
  std::vector<PacketSpec> specs;
  for (uint16_t port = 1; port <= 100; ++port) {
    PacketSpec syn = segment(kTcpSyn);
    PacketSpec ack = segment(kTcpAck);
    syn.source_port = ack.source_port = port;
    PacketSpec syn_ack = answer_to(syn);
    syn_ack.tcp_flags = kTcpSyn | kTcpAck;
    specs.insert(specs.end(), {syn, syn_ack, ack});
  }
  test_traffic::Random random(3);
  for (int i = 0; i < 200'000; ++i) {
    PacketSpec syn = segment(kTcpSyn, kStart + i * 1e-5);
    syn.source = random();
    specs.push_back(syn);
  }
  test.see(specs);
  size_t established = 0;
  for (const FlowRecord& flow : test.flows())
    established += flow.state == FlowState::kEstablished ? 1 : 0;
  EXPECT_EQ(established, 100U);
  EXPECT_LE(test.shard->memory().used(), options.memory_bytes);
  EXPECT_GT(test.shard->counters().flows_evicted.read(), 100'000U);
  EXPECT_EQ(test.shard->counters().total.read().packets, specs.size());
  expect_sums_agree(*test.shard, "flood");
}

TEST(Shard, AccountsWhatDoesNotFitToOther) {
  ShardOptions options;
  options.memory_bytes = Shard::kMinMemory;
  TestShard test(options);
  std::vector<PacketSpec> specs;
  for (uint32_t i = 0; i < 60'000; ++i) {
    PacketSpec spec;
    spec.source = 0x0b000000 + i;
    specs.push_back(spec);
    specs.push_back(answer_to(spec));
  }
  test.see(specs);
  EXPECT_GT(test.shard->flows().other().packets, 0U);
  EXPECT_GT(test.shard->counters().flows_refused.read(), 0U);
  EXPECT_LE(test.shard->memory().used(), options.memory_bytes);
  expect_sums_agree(*test.shard, "other");
}

// Hosts of refused flows are held by nothing; those of the batch in work must not be evicted before
// their packets are accounted.
TEST(Shard, AccountsRefusedFlowsToHostsThatAreStillThere) {
  ShardOptions options;
  options.memory_bytes = Shard::kMinMemory;
  TestShard test(options);
  std::vector<PacketSpec> specs;
  for (uint32_t i = 0; i < 20'000; ++i) {
    PacketSpec spec;
    spec.source = 0x0b000000 + i % 100;
    spec.destination = 0x0c000000 + i % 100;
    spec.source_port = static_cast<uint16_t>(i);
    specs.push_back(spec);
    specs.push_back(answer_to(spec));
  }
  for (uint32_t i = 0; i < 50'000; ++i) {
    PacketSpec spec;
    spec.source = 0x0d000000 + i;
    spec.destination = 0x0e000000 + i;
    specs.push_back(spec);
  }
  test.see(specs);
  EXPECT_GT(test.shard->counters().flows_refused.read(), 10'000U);
  EXPECT_GT(test.shard->counters().hosts_gone.read(), 10'000U);
  expect_sums_agree(*test.shard, "refused");
}

TEST(Shard, RefusesABudgetThatHoldsNothing) {
  ShardOptions options;
  options.memory_bytes = Shard::kMinMemory - 1;
  EXPECT_FALSE(Shard::create(options, nullptr).ok());
}

TEST(Shard, SplitsTrafficOverShardsWithoutLosingAnything) {
  test_traffic::Random random(11);
  double now = kStart;
  std::vector<PacketSpec> specs(20'000);
  for (PacketSpec& spec : specs) {
    spec.source = 0x0a000000 + random() % 500;
    spec.destination = 0x0a000000 + random() % 500;
    spec.is_v6 = random() % 4 == 0;
    spec.protocol = random() % 2 == 0 ? kProtocolTcp : kProtocolUdp;
    // Packets may be half a second out of order.
    now += 0.02;
    spec.seconds = now + random() % 500 * 0.001;
  }
  Traffic whole;
  size_t flows = 0;
  for (uint32_t index = 0; index < 3; ++index) {
    ShardOptions options;
    options.index = index;
    options.count = 3;
    TestShard part(options);
    part.see(specs);
    part.shard->finish();
    expect_sums_agree(*part.shard, "part");
    whole += part.shard->counters().total.read();
    flows += part.log.records.size();
  }
  TestShard one;
  one.see(specs);
  one.shard->finish();
  EXPECT_EQ(whole, one.shard->counters().total.read());
  EXPECT_EQ(flows, one.log.records.size());
}

// What is said of a flow must not depend on where the sweep stood, nor therefore on the number of
// shards.
TEST(Shard, GivesTheSameReasonsForAnyNumberOfShards) {
  std::vector<PacketSpec> specs;
  for (uint16_t port = 1; port <= 40; ++port) {
    PacketSpec spec;
    spec.source_port = port;
    specs.push_back(spec);
  }
  for (uint16_t port = 1; port <= 12; ++port) {
    for (const auto& [flags, at] : {std::pair{kTcpSyn, 0}, std::pair{kTcpAck, 1},
                                    std::pair{kTcpRst, 1}, std::pair{kTcpSyn, 40}}) {
      PacketSpec spec = segment(static_cast<uint8_t>(flags), kStart + at);
      spec.source_port = port;
      specs.push_back(at == 1 && flags == kTcpAck ? answer_to(segment(kTcpSyn | kTcpAck, kStart))
                                                  : spec);
      specs.back().source_port = specs.back().source_port == 80 ? 80 : port;
      if (specs.back().source_port == 80) specs.back().destination_port = port;
    }
  }
  std::stable_sort(specs.begin(), specs.end(),
                   [](const PacketSpec& a, const PacketSpec& b) { return a.seconds < b.seconds; });
  PacketSpec last;
  last.source = 0x0a0000aa;
  last.seconds = kStart + 1000;
  specs.push_back(last);
  const auto reasons = [&](uint32_t count) {
    std::map<std::string, size_t> sum;
    for (uint32_t index = 0; index < count; ++index) {
      ShardOptions options;
      options.index = index;
      options.count = count;
      TestShard part(options);
      part.see(specs);
      part.shard->finish();
      for (const FlowRecord& flow : part.log.records)
        ++sum[std::string(end_reason_name(flow.end_reason))];
    }
    return sum;
  };
  EXPECT_EQ(reasons(2), reasons(1));
  EXPECT_EQ(reasons(4), reasons(1));
}

TEST(Shard, CountsNonIpByEthertype) {
  TestShard test;
  std::vector<uint8_t> arp(42);
  arp[12] = 0x08;
  arp[13] = 0x06;
  PacketBatch batch;
  PacketSpec spec;
  spec.wire_length = 60;
  TestShard::add(batch, arp, spec);
  TestShard::add(batch, arp, spec);
  test.shard->process(batch);
  EXPECT_EQ(test.shard->counters().by_ethertype[0].ethertype.read(), 0x0806);
  EXPECT_EQ(test.shard->counters().by_ethertype[0].traffic.read(), (Traffic{2, 120}));
  EXPECT_EQ(test.shard->series().at(static_cast<uint32_t>(kStart))->classes.at(kSeriesNonIp),
            (Traffic{2, 120}));
  expect_sums_agree(*test.shard, "arp");
}

}  // namespace
}  // namespace weir

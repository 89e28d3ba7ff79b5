// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic/traffic_plan.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/ip_protocol.h"
#include "traffic/scramble.h"
#include "traffic/test_read_back.h"

namespace weir {
namespace {

using test::generate;
using test::Seen;

std::string refusal(const TrafficOptions& options) {
  const auto plan = TrafficPlan::make(options);
  return plan ? "" : plan.error().message;
}

struct Case {
  const char* name;
  TrafficOptions options;
};

class ExactTraffic : public testing::TestWithParam<Case> {};

TEST_P(ExactTraffic, HasTheHostsFlowsAndPacketsAskedFor) {
  const TrafficOptions& options = GetParam().options;
  const Seen seen = generate(options);
  EXPECT_EQ(seen.packets, options.packets);
  EXPECT_EQ(seen.undecoded, 0U);
  EXPECT_EQ(seen.hosts.size(), options.hosts);
  EXPECT_EQ(seen.flows.size(), options.flows);
}

// Without churn: with it, the last flows may begin with the last packets.
class SteadyTraffic : public testing::TestWithParam<Case> {};

TEST_P(SteadyTraffic, HasBothDirectionsInEachFlowWhenPacketsAllow) {
  TrafficOptions options = GetParam().options;
  options.packets = 2 * options.flows + options.packets;
  if (options.churn != 0)
    GTEST_SKIP() << "with churn the last flows may begin with the last packets";
  for (const auto& [flow, packets] : generate(options).flows) {
    ASSERT_GT(packets.first, 0U);
    ASSERT_GT(packets.second, 0U);
  }
}

const auto kSteady = testing::Values(
    Case{"TwoHosts", {.hosts = 2, .flows = 1, .packets = 1}},
    Case{"Pairs", {.hosts = 2000, .flows = 1000, .packets = 4000}},
    Case{"OddHosts", {.hosts = 2001, .flows = 1001, .packets = 1001}},
    Case{"ThreeHosts", {.hosts = 3, .flows = 500, .packets = 500, .icmp_percent = 20}},
    Case{"ManyFlowsOfFewHosts", {.hosts = 2, .flows = 70000, .packets = 70000}},
    Case{"MoreFlowsThanPairs",
         {.hosts = 40, .flows = 3000, .packets = 5000, .tcp_percent = 10, .icmp_percent = 90}},
    Case{"Random", {.hosts = 300, .flows = 700, .packets = 3000, .shape = TrafficShape::kRandom}},
    Case{"Zipf", {.hosts = 300, .flows = 700, .packets = 3000, .shape = TrafficShape::kZipf}},
    Case{"Burst", {.hosts = 300, .flows = 700, .packets = 3000, .shape = TrafficShape::kBurst}},
    Case{"Consecutive", {.hosts = 999, .flows = 700, .packets = 3000, .consecutive = true}},
    Case{"MixedFamilies",
         {.hosts = 501,
          .flows = 2000,
          .packets = 4000,
          .size_bytes = 100,
          .ipv6_percent = 33,
          .icmp_percent = 10}},
    Case{"OnlyIpv6",
         {.hosts = 501, .flows = 2000, .packets = 4000, .size_bytes = 100, .ipv6_percent = 100}},
    Case{"Vlans",
         {.hosts = 501,
          .flows = 2000,
          .packets = 4000,
          .size_bytes = 100,
          .vlans = 7,
          .ipv6_percent = 50}},
    Case{"Colliding", {.hosts = 61, .flows = 9000, .packets = 9000, .colliding = true}},
    Case{"CollidingInOnePair", {.hosts = 2, .flows = 20000, .packets = 20000, .colliding = true}},
    Case{"Mix",
         {.hosts = 1000,
          .flows = 3000,
          .packets = 6000,
          .size_bytes = 100,
          .vlans = 4,
          .tagged_percent = 10,
          .ipv6_percent = 20,
          .icmp_percent = 5}},
    Case{"AVlanAPair", {.hosts = 21, .flows = 200, .packets = 400, .vlans = 10}});
const auto kChurning = testing::Values(
    Case{"Churn",
         {.hosts = 500, .flows = 1000, .packets = 20000, .churn = 30, .packets_per_second = 1000}},
    Case{"ChurnOfAllButOne",
         {.hosts = 50, .flows = 101, .packets = 1010, .churn = 100, .packets_per_second = 1000}});

std::string case_name(const testing::TestParamInfo<Case>& parameter) {
  return parameter.param.name;
}

INSTANTIATE_TEST_SUITE_P(Steady, ExactTraffic, kSteady, case_name);
INSTANTIATE_TEST_SUITE_P(Churning, ExactTraffic, kChurning, case_name);
INSTANTIATE_TEST_SUITE_P(Steady, SteadyTraffic, kSteady, case_name);

TEST(TrafficPlan, AddsTheFlowsOfAFloodToThoseAskedFor) {
  const TrafficOptions options{
      .hosts = 100, .flows = 200, .packets = 10'400, .shape = TrafficShape::kSynFlood};
  const auto plan = TrafficPlan::make(options).value();
  std::set<IpAddress> hosts;
  std::set<IpAddress> sources;
  std::set<IpAddress> targets;
  std::set<uint64_t> flows;
  for (uint64_t flow = 0; flow < options.flows; ++flow) {
    hosts.insert(plan.tuple(flow).client);
    hosts.insert(plan.tuple(flow).server);
  }
  uint64_t flood = 0;
  for (uint64_t packet = 0; packet < options.packets; ++packet) {
    if (const uint64_t flow = plan.flow_of_packet(packet); flow != TrafficPlan::kFloodFlow) {
      flows.insert(flow);
      continue;
    }
    ++flood;
    const FlowTuple tuple = plan.flood_tuple(packet);
    EXPECT_FALSE(hosts.contains(tuple.client));
    EXPECT_TRUE(hosts.contains(tuple.server));
    EXPECT_EQ(tuple.protocol, kProtocolTcp);
    sources.insert(tuple.client);
    targets.insert(tuple.server);
  }
  EXPECT_EQ(flows.size(), options.flows);
  EXPECT_NEAR(static_cast<double>(flood), 9000, 200);
  EXPECT_GT(sources.size(), flood - 10);
  EXPECT_LE(targets.size(), 4U);
}

uint32_t number_of(const IpAddress& v4) {
  uint32_t number = 0;
  for (size_t i = 12; i < 16; ++i) number = number << 8 | v4.bytes()[i];
  return number;
}

TEST(TrafficPlan, MakesTheTupleOfAllCollidingFlowsAddUpToTheSame) {
  for (const uint64_t hosts : {2, 61, 30'000}) {
    const TrafficOptions options{
        .hosts = hosts, .flows = 20'000, .packets = 20'000, .colliding = true, .tcp_percent = 50};
    const auto plan = TrafficPlan::make(options).value();
    std::set<uint32_t> sums;
    for (uint64_t flow = 0; flow < options.flows; ++flow) {
      const FlowTuple tuple = plan.tuple(flow);
      sums.insert(number_of(tuple.client) + number_of(tuple.server) + tuple.client_port +
                  tuple.server_port + tuple.protocol);
      ASSERT_GE(tuple.server_port, 1024);
    }
    EXPECT_EQ(sums.size(), 1U) << hosts << " hosts";
  }
}

TEST(TrafficPlan, TagsAsManyHostsAsAsked) {
  TrafficOptions options{.hosts = 2000, .flows = 1000, .packets = 1000, .size_bytes = 100};
  use_mix(options);
  const Seen seen = generate(options);
  const auto tagged = std::count_if(seen.hosts.begin(), seen.hosts.end(),
                                    [](const test::Host& host) { return host.second != 0; });
  EXPECT_EQ(tagged, 200);
  std::set<uint16_t> vlans;
  for (const auto& [address, vlan] : seen.hosts) vlans.insert(vlan);
  EXPECT_EQ(vlans, (std::set<uint16_t>{0, 1, 2, 3, 4}));
}

TEST(TrafficPlan, ScattersTheBusiestFlowsOfZipf) {
  const TrafficOptions options{
      .hosts = 20'000, .flows = 10'000, .packets = 120'000, .shape = TrafficShape::kZipf};
  const auto plan = TrafficPlan::make(options).value();
  std::vector<uint64_t> packets(options.flows);
  for (uint64_t packet = 20'000; packet < options.packets; ++packet)
    ++packets[plan.flow_of_packet(packet)];
  std::vector<std::pair<uint64_t, uint64_t>> busiest;
  for (uint64_t flow = 0; flow < options.flows; ++flow) busiest.push_back({packets[flow], flow});
  std::sort(busiest.rbegin(), busiest.rend());
  EXPECT_GT(busiest[0].first, 5'000U) << "1/1 of the sum of 1/n, which is 9.8";
  uint64_t near = 0;  // neighbours among the ten busiest
  for (size_t i = 1; i < 10; ++i) {
    const auto distance = static_cast<int64_t>(busiest[i].second - busiest[0].second);
    if (distance > -100 && distance < 100) ++near;
  }
  EXPECT_EQ(near, 0U);
}

TEST(TrafficPlan, ReachesEachOfAMillionHosts) {
  const auto plan =
      TrafficPlan::make({.hosts = 1'000'000, .flows = 500'000, .packets = 500'000}).value();
  std::vector<IpAddress> hosts;
  for (uint64_t flow = 0; flow < 500'000; ++flow) {
    const FlowTuple tuple = plan.tuple(flow);
    hosts.push_back(tuple.client);
    hosts.push_back(tuple.server);
  }
  std::sort(hosts.begin(), hosts.end());
  EXPECT_EQ(std::unique(hosts.begin(), hosts.end()) - hosts.begin(), 1'000'000);
}

TEST(TrafficPlan, DealsFlowsEvenly) {
  const auto plan = TrafficPlan::make({.hosts = 100, .flows = 1000, .packets = 1000}).value();
  std::map<IpAddress, int> flows;
  for (uint64_t flow = 0; flow < 1000; ++flow) {
    ++flows[plan.tuple(flow).client];
    ++flows[plan.tuple(flow).server];
  }
  for (const auto& [host, count] : flows) EXPECT_EQ(count, 20) << host.to_string();
}

TEST(TrafficPlan, UsesUnicastAddressesOnly) {
  const auto plan =
      TrafficPlan::make({.hosts = 200'000, .flows = 100'000, .packets = 100'000}).value();
  std::set<int> first_octets;
  for (uint64_t flow = 0; flow < 100'000; ++flow)
    first_octets.insert(plan.tuple(flow).client.bytes()[12]);
  EXPECT_EQ(first_octets.size(), 222U);
  EXPECT_FALSE(first_octets.contains(0));
  EXPECT_FALSE(first_octets.contains(127));
  EXPECT_EQ(*first_octets.rbegin(), 223);
}

TEST(TrafficPlan, CountsAddressesUpWhenAsked) {
  const auto plan =
      TrafficPlan::make({.hosts = 6, .flows = 3, .packets = 3, .consecutive = true}).value();
  EXPECT_EQ(plan.tuple(0).client.to_string(), "10.0.0.1");
  EXPECT_EQ(plan.tuple(0).server.to_string(), "10.0.0.2");
  EXPECT_EQ(plan.tuple(2).server.to_string(), "10.0.0.6");
}

TEST(TrafficPlan, GivesFewFlowsOfZipfMost) {
  const TrafficOptions options{
      .hosts = 200, .flows = 1000, .packets = 102'000, .shape = TrafficShape::kZipf};
  const auto plan = TrafficPlan::make(options).value();
  std::vector<int> packets(1000);
  for (uint64_t packet = 2000; packet < options.packets; ++packet)
    ++packets[plan.flow_of_packet(packet)];
  std::sort(packets.rbegin(), packets.rend());
  // 1/n cut into [n, n+1): ln 2 / ln 1001 of the packets go to the first, ln(3/2) / ln 1001 to the
  // second.
  EXPECT_NEAR(packets[0], 10'033, 400);
  EXPECT_NEAR(packets[1], 5'869, 300);
}

TEST(TrafficPlan, SendsBurstsAsTrains) {
  const TrafficOptions options{
      .hosts = 200, .flows = 1000, .packets = 12'000, .shape = TrafficShape::kBurst};
  const auto plan = TrafficPlan::make(options).value();
  int changes = 0;
  for (uint64_t packet = 2001; packet < options.packets; ++packet)
    changes += plan.flow_of_packet(packet) != plan.flow_of_packet(packet - 1) ? 1 : 0;
  EXPECT_NEAR(changes, 312, 5);
}

TEST(TrafficPlan, ReplacesFlowsAtTheChurnAskedFor) {
  const TrafficOptions options{
      .hosts = 200, .flows = 150, .packets = 1000, .churn = 50, .packets_per_second = 1000};
  const auto plan = TrafficPlan::make(options).value();
  std::set<uint64_t> early;
  std::set<uint64_t> late;
  for (uint64_t packet = 0; packet < 200; ++packet) early.insert(plan.flow_of_packet(packet));
  for (uint64_t packet = 900; packet < 1000; ++packet) late.insert(plan.flow_of_packet(packet));
  EXPECT_EQ(*early.begin(), 0U);
  EXPECT_LT(*early.rbegin(), 111U);  // 101 at the start, one more each 20 packets
  EXPECT_GE(*late.begin(), 44U);
  EXPECT_EQ(*late.rbegin(), 149U);
}

TEST(TrafficPlan, SpacesPacketsEvenly) {
  const auto plan =
      TrafficPlan::make(
          {.hosts = 2, .flows = 1, .packets = 10, .packets_per_second = 3, .start_seconds = 100})
          .value();
  EXPECT_EQ(plan.time_of_packet(0), (Timestamp{100, 0}));
  EXPECT_EQ(plan.time_of_packet(1), (Timestamp{100, 333'333'333}));
  EXPECT_EQ(plan.time_of_packet(3), (Timestamp{101, 0}));
}

TEST(TrafficPlan, SaysWhatContradicts) {
  using testing::HasSubstr;
  EXPECT_THAT(refusal({.hosts = 1, .flows = 1, .packets = 1}), HasSubstr("at least 2"));
  EXPECT_THAT(refusal({.hosts = 10, .flows = 4, .packets = 4}), HasSubstr("must be at least 5"));
  EXPECT_THAT(refusal({.hosts = 4'000'000'000, .flows = 2'000'000'000, .packets = 2'000'000'000}),
              HasSubstr("addresses"));
  EXPECT_THAT(refusal({.hosts = 2, .flows = 1'000'000'000, .packets = 1'000'000'000}),
              HasSubstr("ports"));
  EXPECT_THAT(refusal({.hosts = 2, .flows = 3, .packets = 2}), HasSubstr("--packets 2 is too few"));
  EXPECT_THAT(refusal({.hosts = 4, .flows = 2, .packets = 2, .vlans = 3}),
              HasSubstr("at least 6 hosts"));
  EXPECT_THAT(refusal({.ipv6_percent = 101}), HasSubstr("--ipv6"));
  EXPECT_THAT(refusal({.tcp_percent = 60, .icmp_percent = 41}), HasSubstr("together"));
  EXPECT_THAT(refusal({.size_bytes = 70'000}), HasSubstr("at most 65535"));
  EXPECT_THAT(refusal({.vlans = 1, .tagged_percent = 101}), HasSubstr("--tagged"));
  EXPECT_THAT(refusal({.size_bytes = 100, .colliding = true, .ipv6_percent = 1}),
              HasSubstr("over IPv4"));
  EXPECT_THAT(refusal({.flows = 20'001, .packets = 20'001, .colliding = true}),
              HasSubstr("20000 flows"));
  EXPECT_THAT(refusal({.packets_per_second = 0}), HasSubstr("--pps"));
  EXPECT_THAT(refusal({.packets = 10'000'000'000, .packets_per_second = 1}), HasSubstr("2106"));
  EXPECT_THAT(refusal({.flows = 9, .packets = 1000, .churn = 10, .packets_per_second = 1000}),
              HasSubstr("--churn"));
}

TEST(TrafficPlan, WantsFramesThatHoldTheirHeaders) {
  EXPECT_EQ(refusal({.size_bytes = 60}), "");
  EXPECT_NE(refusal({.size_bytes = 59}), "");
  EXPECT_EQ(refusal({.size_bytes = 74, .ipv6_percent = 1}), "");
  EXPECT_NE(refusal({.size_bytes = 73, .ipv6_percent = 1}), "");
  EXPECT_EQ(refusal({.size_bytes = 62, .ipv6_percent = 1, .tcp_percent = 0}), "");
  EXPECT_EQ(
      refusal(
          {.hosts = 4, .flows = 2, .packets = 2, .size_bytes = 78, .vlans = 1, .ipv6_percent = 1}),
      "");
  EXPECT_NE(
      refusal(
          {.hosts = 4, .flows = 2, .packets = 2, .size_bytes = 77, .vlans = 1, .ipv6_percent = 1}),
      "");
}

TEST(Scramble, KeepsDifferentNumbersDifferent) {
  std::set<uint32_t> seen;
  for (uint32_t number = 0; number < 100'000; ++number)
    seen.insert(scramble_below(number, 42, 4'000'000'000U));
  EXPECT_EQ(seen.size(), 100'000U);
  EXPECT_LT(*seen.rbegin(), 4'000'000'000U);
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
// What ended flows add up to by where their ends belong.
#include <gtest/gtest.h>

#include <map>

#include "engine/test_traffic.h"
#include "record/test_places.h"

// Packets name only what they are about.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

namespace weir {
namespace {

using test_places::FakePlaces;
using test_traffic::expect_sums_agree;
using test_traffic::PacketSpec;
using test_traffic::Random;
using test_traffic::TestShard;

const CountryCode kDe = country_code("DE");
const CountryCode kFr = country_code("FR");

// 10.1.0.0/16 in DE, in network 1; 10.2.0.0/16 in FR, AS 64500.
std::shared_ptr<const FakePlaces> places() {
  return std::make_shared<FakePlaces>(
      std::vector<FakePlaces::Known>{{*Prefix::parse("10.1.0.0/16"), {0, kDe, 1}},
                                     {*Prefix::parse("10.2.0.0/16"), {64500, kFr, 0}}});
}
ShardOptions options() {
  ShardOptions options;
  options.places = places();
  return options;
}

std::map<GroupKey, GroupSums> groups_of(const TestShard& its, GroupKind kind) {
  std::map<GroupKey, GroupSums> found;
  its.shard->groups().of(kind).visit(
      [&](GroupKey key, const GroupSums& sums) { found[key] = sums; });
  return found;
}

std::vector<PacketSpec> a_conversation() {
  return {{.source = 0x0a010001, .destination = 0x0a020001, .wire_length = 100},
          {.source = 0x0a020001,
           .destination = 0x0a010001,
           .source_port = 2000,
           .destination_port = 1000,
           .wire_length = 300},
          {.source = 0x0a010001, .destination = 0x0a010002, .vlan = {7}, .wire_length = 50}};
}

TEST(ShardGroups, AddUpFlowsThatEnded) {
  TestShard its(options());
  its.see(a_conversation());
  EXPECT_TRUE(groups_of(its, GroupKind::kCountry).empty());  // open flows are their own sums
  its.shard->finish();
  const auto countries = groups_of(its, GroupKind::kCountry);
  ASSERT_EQ(countries.size(), 2U);
  // The flow inside the country counts once as a flow, its packet as sent and as received.
  EXPECT_EQ(countries.at(kDe).sent, (Traffic{2, 150}));
  EXPECT_EQ(countries.at(kDe).received, (Traffic{2, 350}));
  EXPECT_EQ(countries.at(kDe).flows, 2U);
  EXPECT_EQ(countries.at(kFr).sent, (Traffic{1, 300}));
  EXPECT_EQ(countries.at(kFr).received, (Traffic{1, 100}));
  EXPECT_EQ(groups_of(its, GroupKind::kAs).at(64500).sent, (Traffic{1, 300}));
  EXPECT_EQ(groups_of(its, GroupKind::kAs).at(0).sent, (Traffic{2, 150}));
  EXPECT_EQ(groups_of(its, GroupKind::kNetwork).at(1).flows, 2U);
  const auto vlans = groups_of(its, GroupKind::kVlan);
  EXPECT_EQ(vlans.at(0).sent + vlans.at(0).received, (Traffic{2, 400}));
  EXPECT_EQ(vlans.at(uint64_t{1} << 48 | 7).flows, 1U);
  EXPECT_EQ(groups_of(its, GroupKind::kMac).size(), 2U);
  expect_sums_agree(*its.shard, "at the end");
}

TEST(ShardGroups, KnowTheEndsForWhichThereWasNoRecord) {
  ShardOptions tight = options();
  tight.memory_bytes = Shard::kMinMemory;
  TestShard its(tight);
  std::vector<PacketSpec> specs;
  for (uint32_t i = 0; i < 60'000; ++i) {
    specs.push_back(
        {.source = 0x0a010000 + i, .destination = 0x0a020001, .seconds = 1'700'000'000 + i * 1e-3});
  }
  its.see(specs);
  expect_sums_agree(*its.shard, "under pressure");
  its.shard->finish();
  expect_sums_agree(*its.shard, "at the end");
  GroupSums all;
  for (const auto& [country, sums] : groups_of(its, GroupKind::kCountry)) {
    EXPECT_TRUE(country == kDe || country == kFr) << country;
    all += sums;
  }
  EXPECT_EQ(all.sent + its.shard->flows().other(), its.shard->counters().total.read());
}

TEST(ShardGroups, HaveRoomForMoreNamesThanThereIsMemoryFor) {
  ShardOptions tight;
  tight.memory_bytes = Shard::kMinMemory;
  TestShard its(tight);
  Random random(1);
  std::vector<PacketSpec> specs;
  for (uint16_t i = 0; i < 4000; ++i) {
    specs.push_back({.source_port = i,
                     .vlan = {static_cast<uint16_t>(i % 4096)},
                     .wire_length = 60 + random() % 1000});
  }
  its.see(specs);
  its.shard->finish();
  EXPECT_GT(its.shard->groups().of(GroupKind::kVlan).other().flows, 0U);
  expect_sums_agree(*its.shard, "at the end");
}

TEST(ShardGroups, FollowNewPlaces) {
  TestShard its(options());
  its.see(a_conversation());
  its.shard->use_places(std::make_shared<FakePlaces>(
      std::vector<FakePlaces::Known>{{*Prefix::parse("10.0.0.0/8"), {0, kFr, 0}}}));
  (void)its.shard->idle({1'700'000'001, 0});
  its.shard->finish();
  const auto countries = groups_of(its, GroupKind::kCountry);
  ASSERT_EQ(countries.size(), 1U);
  EXPECT_EQ(countries.at(kFr).sent, its.shard->counters().total.read());
}

}  // namespace
}  // namespace weir

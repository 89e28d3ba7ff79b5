// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/group.h"

#include <gtest/gtest.h>

#include "record/test_records.h"

namespace weir {
namespace {

using test_records::full_flow;

const FlowPlaces kPlaces{{64500, country_code("DE"), 1}, {64501, country_code("FR"), 0}};

TEST(GroupKeys, AreWhatTheyWereMadeOf) {
  EXPECT_EQ(vlan_of(key_of(test_records::tags_100_20())), test_records::tags_100_20());
  VlanTags four;
  for (const uint16_t id : std::initializer_list<uint16_t>{0, 4095, 0, 7}) four.push(id);
  EXPECT_EQ(vlan_of(key_of(four)), four);
  VlanTags one;
  one.push(0);
  EXPECT_EQ(vlan_of(key_of(one)), one);  // priority-tagged is not untagged
  EXPECT_NE(key_of(one), key_of(VlanTags{}));
  EXPECT_EQ(key_of(VlanTags{}), 0U);
  const MacAddress mac{{0xfe, 1, 2, 3, 4, 0xff}};
  EXPECT_EQ(mac_of(key_of(mac)), mac);
  EXPECT_EQ(key_of(MacAddress{}), 0U);
}

TEST(GroupParts, OfAFlowBelongToItsEnds) {
  const FlowRecord flow = full_flow();
  const GroupParts parts = parts_of(flow, GroupKind::kCountry, kPlaces);
  ASSERT_EQ(parts.count, 2U);
  EXPECT_EQ(parts.parts[0].key, country_code("DE"));
  EXPECT_EQ(parts.parts[0].sums,
            (GroupSums{flow.to_server, flow.to_client, 1, flow.first_seen, flow.last_seen}));
  EXPECT_EQ(parts.parts[1].key, country_code("FR"));
  EXPECT_EQ(parts.parts[1].sums,
            (GroupSums{flow.to_client, flow.to_server, 1, flow.first_seen, flow.last_seen}));
  EXPECT_EQ(parts.parts[1].rate_sent, flow.rate_to_client);
}

TEST(GroupParts, OfAFlowInsideAGroupAreOneFlowAndEachPacketSentAndReceived) {
  const FlowRecord flow = full_flow();
  const GroupParts parts = parts_of(flow, GroupKind::kAs, {kPlaces.client, kPlaces.client});
  ASSERT_EQ(parts.count, 1U);
  EXPECT_EQ(parts.parts[0].sums.flows, 1U);
  EXPECT_EQ(parts.parts[0].sums.sent, flow.to_server + flow.to_client);
  EXPECT_EQ(parts.parts[0].sums.received, flow.to_server + flow.to_client);
}

TEST(GroupParts, OfAVlanAreTheWholeFlow) {
  const FlowRecord flow = full_flow();
  const GroupParts parts = parts_of(flow, GroupKind::kVlan, {});
  ASSERT_EQ(parts.count, 1U);
  EXPECT_EQ(parts.parts[0].key, key_of(flow.vlan));
  EXPECT_EQ(parts.parts[0].sums.sent, flow.to_server);
  EXPECT_EQ(parts.parts[0].sums.received, flow.to_client);
}

TEST(GroupSums, SpanTheTimesOfTheirParts) {
  GroupSums sums;
  sums += {{1, 10}, {2, 20}, 1, {1000, 0}, {1001, 0}};
  sums += {};
  sums += {{1, 10}, {2, 20}, 1, {900, 0}, {950, 0}};
  EXPECT_EQ(sums, (GroupSums{{2, 20}, {4, 40}, 2, {900, 0}, {1001, 0}}));
}

}  // namespace
}  // namespace weir

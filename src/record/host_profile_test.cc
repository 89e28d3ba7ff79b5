// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/host_profile.h"

#include <gtest/gtest.h>

#include "record/test_records.h"

namespace weir {
namespace {

TEST(HostProfile, PutsWhatIsInNoPartWhereTheRestGoes) {
  HostProfile profile;
  profile.add_application({7, 1, {1, 100}, {2, 200}});
  profile.rest_application = 9;
  profile.complete(3, {5, 500}, {5, 600});
  EXPECT_EQ(profile.applications,
            (std::vector<ApplicationPart>{{7, 1, {1, 100}, {2, 200}}, {9, 2, {4, 400}, {3, 400}}}));
  profile.complete(3, {5, 500}, {5, 600});
  EXPECT_EQ(profile.applications.size(), 2U) << "there is nothing left";
}

TEST(HostProfile, CallsTheRestOtherWhenNobodyKnows) {
  HostProfile profile;
  profile.complete(1, {1, 60}, {});
  ASSERT_EQ(profile.applications.size(), 1U);
  EXPECT_EQ(profile.applications[0].application, kOtherApplications);
}

TEST(HostProfile, LeavesPartsThatAreMoreThanTheWhole) {
  HostProfile profile;
  profile.add_application({7, 2, {2, 200}, {2, 200}});
  profile.complete(1, {1, 100}, {2, 200});
  EXPECT_EQ(profile.applications, (std::vector<ApplicationPart>{{7, 2, {2, 200}, {2, 200}}}));
}

TEST(HostProfile, TurnsAFlowsDirectionsIntoTheHosts) {
  const FlowRecord flow = test_records::full_flow();
  HostProfile client;
  client.add_tcp(flow, HostRole::kClient);
  HostProfile server;
  server.add_tcp(flow, HostRole::kServer);
  EXPECT_EQ(client.tcp_sent, flow.quality_to_server);
  EXPECT_EQ(client.tcp_received, flow.quality_to_client);
  EXPECT_EQ(server.tcp_sent, flow.quality_to_client);
  EXPECT_EQ(client.round_trips[0], (RoundTripSum{10'000'000, 1}));
  EXPECT_EQ(client.round_trips[1], RoundTripSum{});
  EXPECT_EQ(server.round_trips[1], (RoundTripSum{30'500'000, 1}));
  EXPECT_EQ(part_of_flow(flow, HostRole::kServer),
            (ApplicationPart{flow.application, 1, flow.to_client, flow.to_server}));
}

TEST(HostProfile, AddsPartsOfShardsUp) {
  HostProfile one;
  one.add_application({7, 1, {1, 100}, {}});
  one.tcp_sent.resets = 1;
  one.round_trips[0] = {100, 1};
  one.sets[1].add(5);
  HostProfile two;
  two.add_application({7, 2, {2, 200}, {}});
  two.add_application({8, 1, {1, 50}, {}});
  two.tcp_sent.resets = 2;
  two.round_trips[0] = {200, 2};
  two.sets[1].add(5);
  two.sets[1].add(6);
  one.merge(two);
  EXPECT_EQ(one.applications,
            (std::vector<ApplicationPart>{{7, 3, {3, 300}, {}}, {8, 1, {1, 50}, {}}}));
  EXPECT_EQ(one.tcp_sent.resets, 3U);
  EXPECT_EQ(one.round_trips[0], (RoundTripSum{300, 3}));
  EXPECT_EQ(one.set(HostSet::kClients).count(), 2U);
}

}  // namespace
}  // namespace weir

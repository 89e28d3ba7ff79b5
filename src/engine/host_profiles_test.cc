// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/host_profiles.h"

#include <gtest/gtest.h>

#include <random>

namespace weir {
namespace {

class HostProfilesTest : public testing::Test {
 protected:
  MemoryBudget budget{size_t{64} << 20};
  std::unique_ptr<HostProfiles> profiles = *HostProfiles::create(size_t{1} << 20, budget);

  HostProfile read(uint32_t profile) const {
    HostProfile out;
    profiles->read(profile, out);
    return out;
  }
};

TEST_F(HostProfilesTest, KeepSumsByApplication) {
  const uint32_t profile = profiles->begin(1);
  for (uint16_t i = 0; i < 100; ++i) {
    ASSERT_TRUE(profiles->add_application(
        profile, {static_cast<uint16_t>(i % 5), 1, {1, 10}, {2, uint64_t{1} << 40}}));
  }
  const HostProfile out = read(profile);
  ASSERT_EQ(out.applications.size(), 5U);
  for (const ApplicationPart& part : out.applications) {
    EXPECT_EQ(part, (ApplicationPart{part.application, 20, {20, 200}, {40, uint64_t{20} << 40}}));
  }
  EXPECT_TRUE(profiles->has_applications(profile));
}

TEST_F(HostProfilesTest, SumApplicationsBeyondTheMostUpAsOther) {
  const uint32_t profile = profiles->begin(1);
  for (uint16_t i = 0; i < 1000; ++i)
    ASSERT_TRUE(profiles->add_application(profile, {i, 1, {1, 10}, {}}));
  const HostProfile out = read(profile);
  EXPECT_EQ(out.applications.size(), HostProfiles::kMostApplications);
  ApplicationPart sum;
  ApplicationPart other;
  for (const ApplicationPart& part : out.applications) {
    sum.sent += part.sent;
    if (part.application == kOtherApplications) other = part;
  }
  EXPECT_EQ(sum.sent, (Traffic{1000, 10'000}));
  EXPECT_EQ(other.flows, 1000 - HostProfiles::kMostApplications + 1);
}

TEST_F(HostProfilesTest, CountDifferentOnesOfEachSet) {
  const uint32_t profile = profiles->begin(1);
  for (const uint32_t count : {2U, 16U, 17U, 3000U}) {
    std::mt19937 random(1);
    for (uint32_t i = 1; i < count; ++i) {
      const auto hash = static_cast<uint32_t>(random());
      ASSERT_TRUE(profiles->add_distinct(profile, HostSet::kPortsServed, 77, hash));
      ASSERT_TRUE(profiles->add_distinct(profile, HostSet::kPortsServed, 77, hash));
      ASSERT_TRUE(profiles->has_distinct(profile, HostSet::kPortsServed, hash));
    }
    const DistinctSet set = read(profile).set(HostSet::kPortsServed);
    EXPECT_EQ(set.is_exact(), count <= 16);
    EXPECT_NEAR(static_cast<double>(set.count()), count, count > 16 ? count * 0.2 : 0) << count;
  }
  EXPECT_TRUE(read(profile).set(HostSet::kClients).empty());
}

TEST_F(HostProfilesTest, KeepTcpAndRoundTrips) {
  const uint32_t profile = profiles->begin(1);
  ASSERT_TRUE(profiles->add_tcp(profile, {1, 2, 3, 4, 5, 6, 7}, {}));
  ASSERT_TRUE(profiles->add_tcp(profile, {1, 1, 1, 1, 1, 1, UINT32_MAX}, {0, 0, 9, 0, 0, 0, 0}));
  profiles->add_round_trips(profile, HostRole::kServer, {500, 1});
  profiles->add_round_trips(profile, HostRole::kServer, {700, 1});
  const HostProfile out = read(profile);
  EXPECT_EQ(out.tcp_sent, (TcpQuality{2, 3, 4, 5, 6, 7, UINT32_MAX}));
  EXPECT_EQ(out.tcp_received, (TcpQuality{0, 0, 9, 0, 0, 0, 0}));
  EXPECT_EQ(out.round_trips[1], (RoundTripSum{1200, 2}));
}

TEST_F(HostProfilesTest, GiveAllBackAndNothingToTheNextHost) {
  for (int round = 0; round < 3; ++round) {
    const uint32_t profile = profiles->begin(5);
    EXPECT_EQ(profiles->host_of(profile), 5U);
    for (uint32_t i = 1; i < 100; ++i) {
      ASSERT_TRUE(profiles->add_distinct(profile, HostSet::kClients, 1, i << 8 | 1));
      ASSERT_TRUE(profiles->add_distinct(profile, HostSet::kServers, 1, i % 8 + 1));
    }
    ASSERT_TRUE(profiles->add_application(profile, {1, 1, {1, 1}, {}}));
    ASSERT_TRUE(profiles->add_tcp(profile, {1, 0, 0, 0, 0, 0, 0}, {}));
    EXPECT_EQ(profiles->blocks(), 1 + 9 + 1 + 1 + 1U);
    profiles->end(profile);
    EXPECT_EQ(profiles->blocks(), 0U);
    EXPECT_EQ(profiles->profiles(), 0U);
    const uint32_t next = profiles->begin(6);
    const HostProfile out = read(next);
    EXPECT_TRUE(out.applications.empty() && out.sets[1].empty() && out.tcp_sent == TcpQuality{});
    profiles->end(next);
  }
}

TEST_F(HostProfilesTest, AreBoundedAndLeaveAHostAsItWasWhenThereIsNoRoom) {
  std::vector<uint32_t> all;
  for (uint32_t host = 1;; ++host) {
    const uint32_t profile = profiles->begin(host);
    if (profile == HostProfiles::kNone) break;
    all.push_back(profile);
  }
  EXPECT_LE(budget.used(), size_t{1} << 20);
  profiles->end(all.back());
  ASSERT_TRUE(profiles->add_application(all[0], {1, 1, {1, 1}, {}}));
  EXPECT_FALSE(profiles->add_application(all[0], {2, 1, {1, 1}, {}}));
  EXPECT_FALSE(profiles->add_distinct(all[0], HostSet::kClients, 1, 2));
  EXPECT_FALSE(profiles->add_tcp(all[0], {1, 0, 0, 0, 0, 0, 0}, {}));
  EXPECT_EQ(read(all[0]).applications.size(), 1U);
  EXPECT_TRUE(read(all[0]).sets[1].empty());
  ASSERT_TRUE(profiles->add_application(all[0], {1, 1, {1, 1}, {}})) << "which needs no room";
}

TEST_F(HostProfilesTest, KeepASmallSetWhenThereIsNoRoomForALargeOne) {
  const uint32_t profile = profiles->begin(1);
  for (uint32_t i = 2; i <= DistinctSet::kMostFew; ++i)
    ASSERT_TRUE(profiles->add_distinct(profile, HostSet::kClients, 1, i));
  std::vector<uint32_t> others;
  for (uint32_t other; (other = profiles->begin(2)) != HostProfiles::kNone;)
    others.push_back(other);
  for (int i = 0; i < 5; ++i, others.pop_back()) profiles->end(others.back());
  const uint64_t blocks = profiles->blocks();
  EXPECT_FALSE(profiles->add_distinct(profile, HostSet::kClients, 1, 100));
  EXPECT_EQ(profiles->blocks(), blocks);
  EXPECT_EQ(read(profile).set(HostSet::kClients).count(), DistinctSet::kMostFew);
  for (int i = 0; i < 4; ++i, others.pop_back()) profiles->end(others.back());
  EXPECT_TRUE(profiles->add_distinct(profile, HostSet::kClients, 1, 100));
  EXPECT_FALSE(read(profile).set(HostSet::kClients).is_exact());
}

}  // namespace
}  // namespace weir

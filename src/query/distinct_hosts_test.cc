// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/distinct_hosts.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/keyed_hash.h"

namespace weir {
namespace {

const KeyedHash kHash{
    {0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb, 0xd6e8feb86659fd93}};

TEST(DistinctHosts, OfNothingIsEmpty) {
  EXPECT_EQ(DistinctHosts().count().hosts, 0U);
}

TEST(DistinctHosts, CountsEachHostOnceAndExactlyWhileThereAreFew) {
  DistinctHosts set;
  for (uint64_t round = 0; round < 3; ++round) {
    for (uint64_t i = 0; i < DistinctHosts::kMostExact; ++i) set.add(kHash.of(i, 0));
  }
  EXPECT_EQ(set.count().hosts, DistinctHosts::kMostExact);
  EXPECT_EQ(set.count().error, 0U);
}

TEST(DistinctHosts, EstimatesManyAndSaysHowWell) {
  DistinctHosts set;
  constexpr uint64_t kHosts = 200'000;
  for (uint64_t i = 0; i < kHosts; ++i) set.add(kHash.of(i, 0));
  const HostCount count = set.count();
  EXPECT_GT(count.error, 0U);
  EXPECT_LT(std::abs(static_cast<double>(count.hosts) - kHosts),
            4.0 * static_cast<double>(count.error));
}

TEST(DistinctHosts, DoesNotDependOnTheOrder) {
  DistinctHosts forwards;
  DistinctHosts backwards;
  for (uint64_t i = 0; i < 10'000; ++i) forwards.add(kHash.of(i, 0));
  for (uint64_t i = 10'000; i > 0; --i) backwards.add(kHash.of(i - 1, 0));
  EXPECT_EQ(forwards.count().hosts, backwards.count().hosts);
}

TEST(DistinctHosts, CountsWhatIsInEitherOfTwo) {
  for (const uint64_t size : {100U, 3000U, 6000U}) {
    DistinctHosts one;
    DistinctHosts other;
    DistinctHosts both;
    for (uint64_t i = 0; i < size; ++i) {
      one.add(kHash.of(i, 0));
      other.add(kHash.of(i + size / 2, 0));
      both.add(kHash.of(i, 0));
      both.add(kHash.of(i + size / 2, 0));
    }
    DistinctHosts merged;
    merged.merge(one);
    merged.merge(other);
    EXPECT_EQ(merged.count().hosts, both.count().hosts) << size;
    EXPECT_EQ(merged.count().error, both.count().error) << size;
  }
}

TEST(DistinctHosts, TakesAnyHash) {
  DistinctHosts set;
  set.add(0);
  set.add(0);
  set.add(UINT64_MAX);
  EXPECT_EQ(set.count().hosts, 2U);
}

}  // namespace
}  // namespace weir

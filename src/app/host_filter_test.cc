// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/host_filter.h"

#include <random>

#include <gtest/gtest.h>

namespace weir {
namespace {

std::vector<uint64_t> hashes(size_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<uint64_t> made(count);
  for (uint64_t& hash : made) hash = random();
  return made;
}

TEST(HostFilter, KnowsNobodyAtFirst) {
  const HostFilter filter(100);
  for (const uint64_t hash : hashes(100, 1)) EXPECT_FALSE(filter.may_have(hash));
}

TEST(HostFilter, NeverSaysNoOfTheLastThatWereAdded) {
  constexpr size_t kHosts = 1000;
  HostFilter filter(kHosts);
  const auto all = hashes(5 * kHosts, 2);
  for (size_t i = 0; i < all.size(); ++i) {
    filter.add(all[i]);
    if (i % 97 != 0) continue;
    for (size_t back = 0; back <= std::min(i, kHosts - 1); ++back)
      ASSERT_TRUE(filter.may_have(all[i - back])) << i << " " << back;
  }
}

TEST(HostFilter, KnowsFewStrangersHoweverManyWereAdded) {
  constexpr size_t kHosts = 4096;
  HostFilter filter(kHosts);
  for (const uint64_t hash : hashes(100 * kHosts - 1, 3)) filter.add(hash);
  size_t known = 0;
  for (const uint64_t hash : hashes(10'000, 4)) known += filter.may_have(hash) ? 1 : 0;
  EXPECT_LT(known, 1200U);
}

TEST(HostFilter, MayBeForOne) {
  HostFilter filter(0);
  filter.add(42);
  EXPECT_TRUE(filter.may_have(42));
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/distinct_set.h"

#include <gtest/gtest.h>

#include <random>

namespace weir {
namespace {

TEST(DistinctSet, CountsFewExactly) {
  DistinctSet set;
  EXPECT_TRUE(set.empty());
  for (uint32_t i = 0; i < DistinctSet::kMostFew; ++i) {
    set.add(i * 7919);
    set.add(0);
    EXPECT_EQ(set.count(), i + 1);
  }
  EXPECT_TRUE(set.is_exact());
}

TEST(DistinctSet, EstimatesManyWithinFourStandardErrors) {
  std::mt19937 random(3);
  DistinctSet set;
  size_t added = 0;
  for (const size_t wanted : {20U, 100U, 1000U, 10'000U, 300'000U}) {
    for (; added < wanted; ++added) set.add(static_cast<uint32_t>(random()));
    EXPECT_FALSE(set.is_exact());
    EXPECT_NEAR(static_cast<double>(set.count()), static_cast<double>(wanted),
                static_cast<double>(wanted) * 4 * DistinctSet::kRelativeError);
  }
}

TEST(DistinctSet, IsWhatItsPartsAddUpTo) {
  for (const size_t size : {3U, 16U, 17U, 40U, 5000U}) {
    std::mt19937 random(5);
    DistinctSet whole;
    DistinctSet parts[3];
    for (size_t i = 0; i < size; ++i) {
      const auto hash = static_cast<uint32_t>(random());
      whole.add(hash);
      parts[i % 3].add(hash);
      parts[(i + 1) % 3].add(hash);
    }
    DistinctSet sum;
    for (const DistinctSet& part : parts) sum.merge(part);
    EXPECT_EQ(sum.count(), whole.count()) << size;
    EXPECT_EQ(sum.is_exact(), whole.is_exact()) << size;
  }
}

TEST(DistinctSet, HashesForPlacesGoThere) {
  for (const size_t index : {size_t{1}, size_t{100}, DistinctSet::kRegisters - 1}) {
    for (uint8_t rank = 1; rank <= DistinctSet::kMaxRank; ++rank) {
      const DistinctPlace place = DistinctSet::place_of(DistinctSet::hash_for({index, rank}));
      EXPECT_EQ(place.index, index);
      EXPECT_EQ(place.rank, rank);
    }
  }
}

}  // namespace
}  // namespace weir

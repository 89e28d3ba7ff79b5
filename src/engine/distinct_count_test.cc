// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/distinct_count.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/keyed_hash.h"

namespace weir {
namespace {

const KeyedHash kHash({0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb,
                       0xd6e8feb86659fd93});

double estimate_of(const DistinctCount& count) {
  DistinctCount::Registers registers{};
  count.merge_into(registers);
  return DistinctCount::estimate(registers);
}

TEST(DistinctCount, OfNothingIsNothing) {
  EXPECT_EQ(estimate_of(DistinctCount{}), 0);
}

TEST(DistinctCount, CountsAKeyOnce) {
  DistinctCount count;
  for (int i = 0; i < 1000; ++i) count.add(kHash.of(1, 2));
  EXPECT_NEAR(estimate_of(count), 1, 0.01);
}

TEST(DistinctCount, IsWithinItsErrorAtEverySize) {
  // The secret is fixed, so this is one throw of the dice for ever; four standard errors leave it
  // room without letting a bias of the estimator through.
  DistinctCount count;
  uint64_t keys = 0;
  for (const uint64_t size : {10U, 1000U, 10'000U, 40'000U, 100'000U, 1'000'000U}) {
    for (; keys < size; ++keys) count.add(kHash.of(keys, 7));
    const auto expected = static_cast<double>(size);
    EXPECT_NEAR(estimate_of(count), expected, 4 * DistinctCount::kRelativeError * expected) << size;
  }
}

TEST(DistinctCount, OfTwoIsThatOfTheirUnion) {
  DistinctCount low;
  DistinctCount high;
  DistinctCount both;
  for (uint64_t key = 0; key < 30'000; ++key) {
    if (key < 20'000) low.add(kHash.of(key, 7));
    if (key >= 10'000) high.add(kHash.of(key, 7));
    both.add(kHash.of(key, 7));
  }
  DistinctCount::Registers registers{};
  low.merge_into(registers);
  high.merge_into(registers);
  EXPECT_EQ(DistinctCount::estimate(registers), estimate_of(both));
}

TEST(DistinctCount, TakesAHashOfZerosAndOfOnes) {
  DistinctCount count;
  count.add(0);
  count.add(~uint64_t{0});
  EXPECT_GT(estimate_of(count), 1);
  EXPECT_TRUE(std::isfinite(estimate_of(count)));
}

}  // namespace
}  // namespace weir

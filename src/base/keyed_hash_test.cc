// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/keyed_hash.h"

#include <bit>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace weir {
namespace {

constexpr KeyedHash::Secret kSecret{0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb,
                                    0xd6e8feb86659fd93};

TEST(KeyedHash, GivesTheSameForTheSameKeyAndSecret) {
  const KeyedHash a(kSecret);
  const KeyedHash b(kSecret);
  const std::vector<uint64_t> words{1, 2, 3};
  EXPECT_EQ(a.of(1, 2), b.of(1, 2));
  EXPECT_EQ(a.of(words.data(), 3), b.of(words.data(), 3));
  EXPECT_EQ(a.mix(7), b.mix(7));
}

TEST(KeyedHash, DependsOnTheSecret) {
  KeyedHash::Secret other = kSecret;
  other[3] ^= 2;
  EXPECT_NE(KeyedHash(kSecret).of(1, 2), KeyedHash(other).of(1, 2));
}

TEST(KeyedHash, DependsOnOrderAndLength) {
  const KeyedHash hash(kSecret);
  EXPECT_NE(hash.of(1, 2), hash.of(2, 1));
  const std::vector<uint64_t> words{5, 6, 0, 0};
  std::set<uint64_t> seen;
  for (size_t count = 0; count <= words.size(); ++count) seen.insert(hash.of(words.data(), count));
  EXPECT_EQ(seen.size(), 5U);
}

TEST(KeyedHash, SpreadsNeighbouringKeysOverAllBits) {
  const KeyedHash hash(kSecret);
  std::set<uint64_t> seen;
  uint64_t ones = 0;
  uint64_t zeros = 0;
  int flipped = 0;
  constexpr int kKeys = 4096;
  for (uint64_t key = 0; key < kKeys; ++key) {
    const uint64_t value = hash.of(key, 0);
    seen.insert(value);
    ones |= value;
    zeros |= ~value;
    flipped += std::popcount(value ^ hash.of(key ^ 1, 0));
  }
  EXPECT_EQ(seen.size(), size_t{kKeys});
  EXPECT_EQ(ones, UINT64_MAX);
  EXPECT_EQ(zeros, UINT64_MAX);
  EXPECT_GT(flipped / kKeys, 24) << "bits of 64 that change with one bit of the key";
  EXPECT_LT(flipped / kKeys, 40);
}

TEST(KeyedHash, MixesIntoAnotherHash) {
  const KeyedHash hash(kSecret);
  std::set<uint64_t> seen;
  for (uint64_t key = 0; key < 1000; ++key) {
    seen.insert(hash.of(key, 1));
    seen.insert(hash.mix(hash.of(key, 1)));
  }
  EXPECT_EQ(seen.size(), 2000U);
}

TEST(KeyedHash, DrawsAnotherSecretEachTime) {
  const KeyedHash::Secret first = KeyedHash::random_secret();
  EXPECT_NE(first, KeyedHash::random_secret());
  for (const uint64_t word : first) EXPECT_EQ(word & 1, 1U);
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/store_key.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(StoreKeyPattern, PutsAQuestionMarkForWhatNamesOneThing) {
  EXPECT_EQ(store_key_pattern("user:1234:name"), "user:?:name");
  EXPECT_EQ(store_key_pattern("session:9f86d081884c"), "session:?");
  EXPECT_EQ(store_key_pattern("4711"), "?");
  EXPECT_EQ(store_key_pattern("queue"), "queue");
  EXPECT_EQ(store_key_pattern("{user:1}.cart"), "{user:?}.cart");
  EXPECT_EQ(store_key_pattern("a:3f2504e0-4f89-41d3-9a0c-0305e82c3301"), "a:?");
  EXPECT_EQ(store_key_pattern("token:abcdefghijklmnopqrstuvwxyz"), "token:?");
  EXPECT_EQ(store_key_pattern("k:\x01\xff"), "k:?");
  EXPECT_EQ(store_key_pattern("a b"), "?");
}

TEST(StoreKeyPattern, IsBounded) {
  std::string key = "a";
  for (int i = 0; i < 100; ++i) key += ":part";
  const std::string pattern = store_key_pattern(key);
  EXPECT_LE(pattern.size(), kMaxStoreKeyBytes);
  EXPECT_TRUE(key.starts_with(pattern));
  EXPECT_EQ(store_key_pattern(std::string(100'000, ':')).size(), kMaxStoreKeyBytes);
}

}  // namespace
}  // namespace weir

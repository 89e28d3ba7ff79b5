// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/wildcard.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Wildcard, StandsForAnyRunOfCharacters) {
  EXPECT_TRUE(matches_wildcard("", ""));
  EXPECT_TRUE(matches_wildcard("", "*"));
  EXPECT_TRUE(matches_wildcard("Windows NT 10.0; Win64", "*windows nt 10.0*"));
  EXPECT_TRUE(matches_wildcard("abcabd", "*ab*d"));
  EXPECT_TRUE(matches_wildcard("MSFT 5.0", "msft*"));
  EXPECT_FALSE(matches_wildcard("MSFT 5.0", "msft"));
  EXPECT_FALSE(matches_wildcard("abc", "*b"));
  EXPECT_FALSE(matches_wildcard("", "a"));
  EXPECT_FALSE(matches_wildcard("abc", ""));
}

}  // namespace
}  // namespace weir

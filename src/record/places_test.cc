// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/places.h"

#include <gtest/gtest.h>

#include <set>

namespace weir {
namespace {

TEST(CountryCode, IsTwoLettersAndBack) {
  EXPECT_EQ(country_letters(country_code("DE")), "DE");
  EXPECT_EQ(country_letters(country_code("zz")), "ZZ");
  EXPECT_EQ(country_code("AA"), 1);
  EXPECT_EQ(country_code("ZZ"), kMaxCountryCode);
}

TEST(CountryCode, IsNothingForWhatIsNoCode) {
  for (const char* text : {"", "D", "DEU", "D1", "-E", "\xc3\xa4"})
    EXPECT_EQ(country_code(text), 0);
  EXPECT_EQ(country_letters(0), "");
  EXPECT_EQ(country_letters(kMaxCountryCode + 1), "");
}

TEST(CountryCode, DiffersForEachPairOfLetters) {
  std::set<CountryCode> seen;
  for (char first = 'A'; first <= 'Z'; ++first) {
    for (char second = 'A'; second <= 'Z'; ++second)
      seen.insert(country_code(std::string{first, second}));
  }
  EXPECT_EQ(seen.size(), kMaxCountryCode);
  EXPECT_EQ(seen.count(0), 0U);
}

}  // namespace
}  // namespace weir

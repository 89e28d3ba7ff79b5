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

TEST(VendorKey, IsOfTheFirst36Bits) {
  const auto key = [](const char* mac) { return vendor_key(*MacAddress::parse(mac)); };
  EXPECT_EQ(key("00:1b:c5:0a:10:00"), key("00:1b:c5:0a:1f:ff"));
  EXPECT_NE(key("00:1b:c5:0a:10:00"), key("00:1b:c5:0a:20:00"));
  EXPECT_NE(key("00:1b:c5:0a:10:00"), key("04:1b:c5:0a:10:00"));
}

TEST(VendorKey, IsTheSameOfAllThatHaveNone) {
  // Made up, of a group, not known; but the first of those that Xerox has is.
  for (const char* mac : {"02:00:00:00:00:01", "01:00:5e:00:00:01", "00:00:00:00:00:00"})
    EXPECT_EQ(vendor_key(*MacAddress::parse(mac)), 0U) << mac;
  EXPECT_NE(vendor_key(*MacAddress::parse("00:00:00:00:00:01")), 0U);
}

}  // namespace
}  // namespace weir

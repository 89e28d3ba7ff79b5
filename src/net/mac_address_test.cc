// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/mac_address.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(MacAddress, IsWrittenInLowerCaseWithColons) {
  const MacAddress mac{{0x02, 0x00, 0x5e, 0x10, 0xAB, 0x01}};
  EXPECT_EQ(mac.to_string(), "02:00:5e:10:ab:01");
}

TEST(MacAddress, IsNotKnownWhenAllZero) {
  EXPECT_FALSE(MacAddress{}.is_known());
  EXPECT_TRUE((MacAddress{{0, 0, 0, 0, 0, 1}}).is_known());
}

TEST(MacAddress, IsReadFromWhatIsWritten) {
  const MacAddress mac{{0x02, 0x00, 0x5e, 0x10, 0xAB, 0x01}};
  EXPECT_EQ(MacAddress::parse(mac.to_string()), mac);
  EXPECT_EQ(MacAddress::parse("02:00:5E:10:AB:01"), mac);
  for (const char* text : {"", "02", "02:00:5e:10:ab", "02:00:5e:10:ab:01:", "02-00-5e-10-ab-01",
                           "02:00:5e:10:ab:0g", "02:00:5e:10:ab:-1", "2:00:5e:10:ab:001"})
    EXPECT_EQ(MacAddress::parse(text), std::nullopt) << text;
}

TEST(MacAddress, IsOrderedByItsBytes) {
  EXPECT_LT((MacAddress{{1, 0, 0, 0, 0, 9}}), (MacAddress{{2, 0, 0, 0, 0, 0}}));
}

}  // namespace
}  // namespace weir

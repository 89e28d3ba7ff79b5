// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/ip_address.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(IpAddress, ReadsAndWritesBothFamilies) {
  for (const char* text : {"0.0.0.0", "10.0.0.1", "255.255.255.255", "::", "::1", "2001:db8::1",
                           "fe80::1:2:3:4", "1:2:3:4:5:6:7:8"}) {
    const auto address = IpAddress::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->to_string(), text);
  }
}

TEST(IpAddress, WritesTheShortestForm) {
  EXPECT_EQ(IpAddress::parse("2001:DB8:0:0:1:0:0:1")->to_string(), "2001:db8::1:0:0:1");
  EXPECT_EQ(IpAddress::parse("::ffff:192.0.2.1")->to_string(), "192.0.2.1");
}

TEST(IpAddress, KnowsItsFamily) {
  EXPECT_TRUE(IpAddress::parse("10.0.0.1")->is_v4());
  EXPECT_TRUE(IpAddress::parse("0.0.0.0")->is_v4());
  EXPECT_FALSE(IpAddress::parse("::")->is_v4());
  EXPECT_FALSE(IpAddress::parse("::1:2")->is_v4());
  EXPECT_FALSE(IpAddress::parse("64:ff9b::1.2.3.4")->is_v4());
  EXPECT_FALSE(IpAddress().is_v4());
}

TEST(IpAddress, IsMadeFromBytesOfThePacket) {
  constexpr std::array<uint8_t, 4> kFour{192, 0, 2, 1};
  EXPECT_EQ(IpAddress::from_v4(kFour.data()), IpAddress::parse("192.0.2.1"));
  constexpr std::array<uint8_t, 16> kSixteen{0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0,
                                             0,    0, 0,    0,    0, 0, 0, 1};
  EXPECT_EQ(IpAddress::from_v6(kSixteen.data()), IpAddress::parse("2001:db8::1"));
  EXPECT_EQ(IpAddress(kSixteen).bytes(), kSixteen);
}

TEST(IpAddress, GivesTheFourBytesOfIpv4AsTheyLie) {
  const uint32_t bits = IpAddress::parse("1.2.3.4")->v4_bits();
  std::array<uint8_t, 4> bytes{};
  std::memcpy(bytes.data(), &bits, 4);
  EXPECT_EQ(bytes, (std::array<uint8_t, 4>{1, 2, 3, 4}));
}

TEST(IpAddress, RefusesWhatIsNone) {
  for (const char* text : {"", "10", "10.0.0", "10.0.0.256", "10.0.0.1/8", " 10.0.0.1", "10.0.0.1 ",
                           ":::", "1:2:3:4:5:6:7:8:9", "g::", "fe80::1%eth0", "host"}) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
  EXPECT_FALSE(IpAddress::parse(std::string(100, '1')));
  EXPECT_FALSE(IpAddress::parse(std::string_view("10.0.0.1\0x", 10))) << "a zero byte ends nothing";
}

TEST(IpAddress, IsOrderedByItsBytes) {
  EXPECT_LT(*IpAddress::parse("9.255.255.255"), *IpAddress::parse("10.0.0.0"));
  EXPECT_LT(*IpAddress::parse("::1"), *IpAddress::parse("1.0.0.0"));
  EXPECT_LT(*IpAddress::parse("255.255.255.255"), *IpAddress::parse("2001:db8::"));
}

}  // namespace
}  // namespace weir

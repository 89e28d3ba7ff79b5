// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/prefix.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

IpAddress ip(const char* text) {
  return *IpAddress::parse(text);
}

TEST(Prefix, ContainsWhatItsBitsSay) {
  const Prefix ten = *Prefix::parse("10.0.0.0/8");
  EXPECT_TRUE(ten.contains(ip("10.255.0.1")));
  EXPECT_FALSE(ten.contains(ip("11.0.0.1")));
  const Prefix odd = *Prefix::parse("192.168.8.0/21");
  EXPECT_TRUE(odd.contains(ip("192.168.15.255")));
  EXPECT_FALSE(odd.contains(ip("192.168.16.0")));
  const Prefix six = *Prefix::parse("2001:db8::/32");
  EXPECT_TRUE(six.contains(ip("2001:db8:1::1")));
  EXPECT_FALSE(six.contains(ip("2001:db9::1")));
}

TEST(Prefix, DoesNotMixTheFamilies) {
  EXPECT_FALSE(Prefix::parse("0.0.0.0/0")->contains(ip("::1")));
  EXPECT_FALSE(Prefix::parse("::/0")->contains(ip("10.0.0.1")));
  EXPECT_TRUE(Prefix::parse("::/0")->contains(ip("2001:db8::1")));
  EXPECT_TRUE(Prefix::parse("0.0.0.0/0")->contains(ip("255.1.2.3")));
}

TEST(Prefix, IgnoresHostBits) {
  EXPECT_EQ(Prefix::parse("10.1.2.3/8"), Prefix::parse("10.0.0.0/8"));
}

TEST(Prefix, OfAnAddressAloneIsThatAddress) {
  const Prefix one = *Prefix::parse("10.1.2.3");
  EXPECT_TRUE(one.contains(ip("10.1.2.3")));
  EXPECT_FALSE(one.contains(ip("10.1.2.2")));
}

TEST(Prefix, RefusesWhatIsNone) {
  for (const char* text : {"", "10.0.0.0/", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/8x",
                           "10.0.0.0/-1", "a/8"}) {
    EXPECT_FALSE(Prefix::parse(text)) << text;
  }
}

TEST(Prefix, IsTextOfItsFamily) {
  for (const char* text : {"10.0.0.0/8", "192.0.2.1/32", "0.0.0.0/0", "2001:db8::/32", "::/0"})
    EXPECT_EQ(Prefix::parse(text)->to_string(), text);
  EXPECT_EQ(Prefix::parse("10.1.2.3/8")->to_string(), "10.0.0.0/8");
  EXPECT_EQ(Prefix::parse("2001:db8::1")->length(), 128U);
}

// Bit by bit, at every length.
TEST(Prefix, ContainsWhatSharesItsLeadingBits) {
  const IpAddress base = ip("2001:db8:0123:4567:89ab:cdef:fedc:ba98");
  for (unsigned length = 0; length <= 128; ++length) {
    const Prefix prefix(base, length);
    for (unsigned bit = 0; bit < 128; ++bit) {
      IpAddress::Bytes bytes = base.bytes();
      bytes[bit / 8] ^= static_cast<uint8_t>(0x80U >> bit % 8);
      EXPECT_EQ(prefix.contains(IpAddress(bytes)), bit >= length) << length << " " << bit;
    }
    EXPECT_TRUE(prefix.contains(base));
  }
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "places/named_networks.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

NamedNetwork network(const char* text) {
  return *parse_named_network(text);
}
IpAddress address(const char* text) {
  return *IpAddress::parse(text);
}

TEST(NamedNetworks, ReadsNameAndPrefix) {
  EXPECT_EQ(network("head office=10.1.2.3/16").name, "head office");
  EXPECT_EQ(network("head office=10.1.2.3/16").prefix.to_string(), "10.1.0.0/16");
  for (const char* text : {"", "10.0.0.0/8", "=10.0.0.0/8", "x=", "x=10.0.0.0/33", "x=y"})
    EXPECT_FALSE(parse_named_network(text).ok()) << text;
}

TEST(NamedNetworks, TheLongestPrefixWins) {
  const NamedNetworks networks({network("all=0.0.0.0/0"), network("site=10.1.0.0/16"),
                                network("lab=10.1.2.0/24"), network("host=10.1.2.3/32"),
                                network("six=2001:db8::/32"),
                                network("sub=2001:db8:0:0:8000::/65")});
  const auto name = [&](const char* text) {
    const uint16_t number = networks.find(address(text));
    return number == 0 ? std::string() : networks.at(number).name;
  };
  EXPECT_EQ(name("192.0.2.1"), "all");
  EXPECT_EQ(name("10.1.255.255"), "site");
  EXPECT_EQ(name("10.1.2.4"), "lab");
  EXPECT_EQ(name("10.1.2.3"), "host");
  EXPECT_EQ(name("2001:db8:1::"), "six");
  EXPECT_EQ(name("2001:db8:0:0:8000::1"), "sub");
  EXPECT_EQ(name("2001:db8:0:0:7fff::1"), "six");
  EXPECT_EQ(name("2001:db9::"), "");
}

TEST(NamedNetworks, KeepsTheFamiliesApart) {
  const NamedNetworks six({network("six=::/0")});
  EXPECT_EQ(six.find(address("10.0.0.1")), 0);
  EXPECT_EQ(six.find(address("::1")), 1);
  EXPECT_EQ(NamedNetworks().find(address("10.0.0.1")), 0);
}

TEST(NamedNetworks, TheFirstOfTwoWithOnePrefixCounts) {
  const NamedNetworks networks({network("a=10.0.0.0/8"), network("b=10.0.0.0/8")});
  EXPECT_EQ(networks.count(), 1);
  EXPECT_EQ(networks.at(networks.find(address("10.9.9.9"))).name, "a");
}

TEST(NamedNetworks, LeavesOutWhatIsTooMuch) {
  std::vector<NamedNetwork> many;
  for (uint32_t i = 0; i <= NamedNetworks::kMaxNetworks; ++i) {
    const uint8_t bytes[] = {10, static_cast<uint8_t>(i >> 8), static_cast<uint8_t>(i), 0};
    many.push_back({"x", Prefix(IpAddress::from_v4(bytes), 24)});
  }
  const NamedNetworks networks(many);
  EXPECT_EQ(networks.count(), NamedNetworks::kMaxNetworks);
  EXPECT_EQ(networks.find(address("10.0.255.1")), 256);
  EXPECT_EQ(networks.find(address("10.3.0.1")), 0);
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/address_owners.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

IpAddress address(std::string_view text) {
  return IpAddress::parse(text).value_or(IpAddress());
}

AddressOwners owners_of(std::initializer_list<std::pair<std::string_view, uint16_t>> networks) {
  AddressOwners owners;
  for (const auto& [text, owner] : networks) {
    const auto range = parse_network(text);
    EXPECT_TRUE(range) << text;
    if (range) owners.add(*range, owner);
  }
  owners.build();
  return owners;
}

TEST(ParseNetwork, TakesAddressesAndPrefixesOfBothFamilies) {
  EXPECT_EQ(parse_network("10.1.2.3/8")->first, address("10.0.0.0"));
  EXPECT_EQ(parse_network("10.1.2.3/8")->last, address("10.255.255.255"));
  EXPECT_EQ(parse_network("10.1.2.3")->first, address("10.1.2.3"));
  EXPECT_EQ(parse_network("10.1.2.3")->last, address("10.1.2.3"));
  EXPECT_EQ(parse_network("2001:db8::/33")->last,
            address("2001:db8:7fff:ffff:ffff:ffff:ffff:ffff"));
  EXPECT_EQ(parse_network("0.0.0.0/0")->first, address("0.0.0.0"));
}

TEST(ParseNetwork, RefusesEverythingElse) {
  for (const char* text : {"", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x",
                           "10.0.0/8", "2001:db8::/129", "example.org", "10.0.0.0 /8"})
    EXPECT_FALSE(parse_network(text)) << text;
}

TEST(AddressOwners, GiveTheNarrowestNetworksOwner) {
  const AddressOwners owners = owners_of({{"10.0.0.0/8", 1},
                                          {"10.1.0.0/16", 2},
                                          {"10.1.1.0/24", 3},
                                          {"10.1.0.0/24", 4},
                                          {"192.0.2.1", 5},
                                          {"2001:db8::/32", 6}});
  EXPECT_EQ(owners.find(address("10.0.0.0")), 1);
  EXPECT_EQ(owners.find(address("10.1.0.0")), 4);
  EXPECT_EQ(owners.find(address("10.1.0.255")), 4);
  EXPECT_EQ(owners.find(address("10.1.1.0")), 3);
  EXPECT_EQ(owners.find(address("10.1.1.255")), 3);
  EXPECT_EQ(owners.find(address("10.1.2.0")), 2);
  EXPECT_EQ(owners.find(address("10.1.255.255")), 2);
  EXPECT_EQ(owners.find(address("10.2.0.0")), 1);
  EXPECT_EQ(owners.find(address("10.255.255.255")), 1);
  EXPECT_EQ(owners.find(address("11.0.0.0")), std::nullopt);
  EXPECT_EQ(owners.find(address("9.255.255.255")), std::nullopt);
  EXPECT_EQ(owners.find(address("192.0.2.0")), std::nullopt);
  EXPECT_EQ(owners.find(address("192.0.2.1")), 5);
  EXPECT_EQ(owners.find(address("192.0.2.2")), std::nullopt);
  EXPECT_EQ(owners.find(address("2001:db8:ffff::1")), 6);
  EXPECT_EQ(owners.find(address("2001:db9::")), std::nullopt);
}

TEST(AddressOwners, KeepTheFirstOfTheSameNetworkAndReachBothEnds) {
  const AddressOwners same = owners_of({{"192.0.2.0/24", 7}, {"192.0.2.9/24", 8}});
  EXPECT_EQ(same.find(address("192.0.2.9")), 7);
  const AddressOwners all = owners_of({{"::/0", 1}, {"ffff::/16", 2}});
  EXPECT_EQ(all.find(address("::")), 1);
  EXPECT_EQ(all.find(address("255.255.255.255")), 1);
  EXPECT_EQ(all.find(address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")), 2);
  EXPECT_EQ(AddressOwners().find(address("10.0.0.1")), std::nullopt);
}

}  // namespace
}  // namespace weir

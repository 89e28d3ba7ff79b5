// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/local_networks.h"

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace weir {
namespace {

std::vector<Prefix> networks(const std::vector<std::string>& texts) {
  std::vector<Prefix> all;
  for (const std::string& text : texts) all.push_back(*Prefix::parse(text));
  return all;
}

TEST(LocalNetworks, SayWhichWayAPacketGoes) {
  const LocalNetworks local(networks({"10.0.0.0/8", "192.0.2.128/25", "fe80::/10"}));
  const auto way = [&](const char* source, const char* destination) {
    return direction_name(
        local.direction(*IpAddress::parse(source), *IpAddress::parse(destination)));
  };
  EXPECT_EQ(way("10.1.2.3", "8.8.8.8"), "out");
  EXPECT_EQ(way("8.8.8.8", "192.0.2.200"), "in");
  EXPECT_EQ(way("192.0.2.200", "10.9.9.9"), "within");
  EXPECT_EQ(way("192.0.2.127", "11.0.0.1"), "through");
  EXPECT_EQ(way("fe80::1", "2001:db8::1"), "out");
  EXPECT_EQ(way("::1", "2001:db8::1"), "through");
}

TEST(LocalNetworks, TakeWhatStaysOnTheLinkForLocal) {
  const LocalNetworks local(networks({"192.168.0.0/16", "fe80::/10"}));
  using Ends = std::pair<const char*, const char*>;
  for (const auto& [source, destination] :
       {Ends{"192.168.1.5", "224.0.0.251"}, Ends{"fe80::1", "ff02::1"},
        Ends{"192.168.1.1", "255.255.255.255"}, Ends{"0.0.0.0", "255.255.255.255"},
        Ends{"::", "ff02::16"}}) {
    EXPECT_EQ(local.direction(*IpAddress::parse(source), *IpAddress::parse(destination)),
              Direction::kWithin)
        << source << " " << destination;
  }
  EXPECT_EQ(local.direction(*IpAddress::parse("192.168.1.5"), *IpAddress::parse("239.1.2.3")),
            Direction::kOut);
}

TEST(LocalNetworks, AgreeWithTheirPrefixes) {
  std::mt19937 random(1);
  const std::vector<std::vector<std::string>> sets{
      {},
      {"0.0.0.0/0"},
      {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8"},
      {"10.1.0.0/16", "10.1.2.0/24", "10.2.3.4/32", "10.3.128.0/17"},
      {"10.1.2.0/24", "10.1.0.0/16", "10.0.0.0/7"},
      {"::/0", "10.1.2.3/32"}};
  for (const auto& texts : sets) {
    const std::vector<Prefix> prefixes = networks(texts);
    const LocalNetworks local(prefixes);
    for (int i = 0; i < 20'000; ++i) {
      const auto number = static_cast<uint32_t>(random());
      // Half of them near the networks above.
      std::array<uint8_t, 4> bytes{static_cast<uint8_t>(number), static_cast<uint8_t>(number >> 8),
                                   static_cast<uint8_t>(number >> 16),
                                   static_cast<uint8_t>(number >> 24)};
      if (i % 2 == 0) {
        bytes[0] = 10;
        bytes[1] %= 5;
        bytes[2] %= 4;
      }
      const IpAddress address = IpAddress::from_v4(bytes.data());
      const bool is_local =
          std::any_of(prefixes.begin(), prefixes.end(),
                      [&](const Prefix& prefix) { return prefix.contains(address); });
      ASSERT_EQ(local.has(address), is_local) << address.to_string();
      ASSERT_EQ(local.has_v4(address.v4_bits()), is_local) << address.to_string();
    }
  }
}

}  // namespace
}  // namespace weir

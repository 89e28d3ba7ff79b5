// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/wanted_text.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace weir {
namespace {

IpAddress v4(const std::string& text) {
  return *IpAddress::parse(text);
}

TEST(Ipv4Piece, IsWhatOnlyDigitsAndDotsAre) {
  EXPECT_FALSE(Ipv4Piece::of(""));
  for (const char* text : {"a", "10.1.2.x", "1:2", "10.*", " 10", "-1", "1,2"})
    EXPECT_FALSE(Ipv4Piece::of(text)) << text;
  EXPECT_TRUE(Ipv4Piece::of("."));
  EXPECT_TRUE(Ipv4Piece::of(std::string(4096, '.')));
  EXPECT_FALSE(Ipv4Piece::of(std::string(4096, '.'))->is_in(v4("1.2.3.4")));
}

TEST(Ipv4Piece, LiesWhereTheTextDoes) {
  EXPECT_TRUE(Ipv4Piece::of("10.1.")->is_in(v4("110.1.2.3")));
  EXPECT_TRUE(Ipv4Piece::of("1.10.1")->is_in(v4("9.1.10.123")));
  EXPECT_FALSE(Ipv4Piece::of("1.10.1.")->is_in(v4("9.1.10.1"))) << "nothing behind the dot";
  EXPECT_FALSE(Ipv4Piece::of(".9.")->is_in(v4("9.1.2.9")));
  EXPECT_FALSE(Ipv4Piece::of("1..2")->is_in(v4("1.2.1.2")));
  EXPECT_FALSE(Ipv4Piece::of("010")->is_in(v4("10.10.10.10")));
}

// Of many addresses and pieces of their texts, some of them changed.
TEST(Ipv4Piece, IsInAnAddressWhereItsTextIs) {
  std::mt19937 random(7);
  const auto pick = [&](size_t below) { return static_cast<size_t>(random() % below); };
  size_t found = 0;
  constexpr int kRounds = 200'000;
  for (int round = 0; round < kRounds; ++round) {
    const std::array<uint8_t, 4> bytes{
        static_cast<uint8_t>(random() & 0x7f), static_cast<uint8_t>(random() & 0x0f),
        static_cast<uint8_t>(random()), static_cast<uint8_t>(random() & 0x1f)};
    const IpAddress address = IpAddress::from_v4(bytes.data());
    const std::string text = address.to_string();
    const size_t first = pick(text.size());
    std::string wanted = text.substr(first, 1 + pick(text.size() - first));
    if (pick(2) == 0) wanted[pick(wanted.size())] = "0123456789."[pick(11)];
    const bool is_in = text.find(wanted) != std::string::npos;
    ASSERT_EQ(Ipv4Piece::of(wanted)->is_in(address), is_in) << wanted << " in " << text;
    found += is_in;
  }
  EXPECT_GT(found, kRounds / 2U);
  EXPECT_LT(found, kRounds * 9U / 10);
}

TEST(WantedText, KnowsWhatItMayBeIn) {
  const WantedText mac("02:00:5E:10:00:01");
  ASSERT_TRUE(mac.mac);
  EXPECT_EQ(mac.mac->to_string(), "02:00:5e:10:00:01");
  EXPECT_TRUE(mac.may_be_in_mac);
  EXPECT_EQ(mac.piece, nullptr);
  const WantedText name("example");
  EXPECT_FALSE(name.mac);
  EXPECT_FALSE(name.may_be_in_address);
  EXPECT_FALSE(name.may_be_in_mac);
  const WantedText wild("10.*.1");
  EXPECT_TRUE(wild.has_wildcard);
  EXPECT_TRUE(wild.may_be_in_address);
  EXPECT_EQ(wild.piece, nullptr);
  EXPECT_NE(WantedText("10.1").piece, nullptr);
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/dns_name.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

struct Read {
  std::optional<std::string> name;
  size_t offset = 0;
};

Read read_at(std::string_view message, size_t offset) {
  const std::vector<uint8_t> bytes(message.begin(), message.end());
  Read read;
  read.offset = offset;
  size_t skipped = offset;
  const bool is_name = skip_dns_name(ByteReader(bytes), skipped);
  read.name = read_dns_name(ByteReader(bytes), read.offset);
  EXPECT_EQ(is_name, read.name.has_value());
  EXPECT_TRUE(!is_name || skipped == read.offset);
  return read;
}

TEST(DnsName, ReadsLabelsInLowerCase) {
  const Read plain = read_at(std::string("\3WWW\7Example\3org\0rest", 21), 0);
  EXPECT_EQ(plain.name, "www.example.org");
  EXPECT_EQ(plain.offset, 17U);
  EXPECT_EQ(read_at(std::string("\0", 1), 0).name, ".");
  EXPECT_EQ(read_at(std::string("\2\xff.\0", 4), 0).name, std::string("\xff."));
}

TEST(DnsName, FollowsPointersBackwardsOnly) {
  const std::string message("\3org\0\7example\xc0\x00\3www\xc0\x05", 21);
  const Read both = read_at(message, 15);
  EXPECT_EQ(both.name, "www.example.org");
  EXPECT_EQ(both.offset, 21U);
  EXPECT_EQ(read_at("\xc0\x00", 0).name, std::nullopt);                       // itself
  EXPECT_EQ(read_at(std::string("\1a\xc0\x00", 4), 0).name, std::nullopt);    // its own start
  EXPECT_EQ(read_at(std::string("\xc0\x02\1b\0", 5), 0).name, std::nullopt);  // forwards
  EXPECT_EQ(read_at(std::string("\1a\xc0\x00\xc0\x00", 6), 4).name, std::nullopt);
}

TEST(DnsName, RefusesNamesThatAreNotWhole) {
  EXPECT_EQ(read_at("", 0).name, std::nullopt);
  EXPECT_EQ(read_at("\5ab", 0).name, std::nullopt);
  EXPECT_EQ(read_at("\1a", 0).name, std::nullopt);
  EXPECT_EQ(read_at("\xc0", 0).name, std::nullopt);
  EXPECT_EQ(read_at(std::string("\x41x\0", 3), 0).name, std::nullopt);  // extended label
}

TEST(DnsName, RefusesNamesOfMoreThan255Bytes) {
  std::string longest;
  for (int i = 0; i < 127; ++i) longest += "\1x";
  EXPECT_EQ(read_at(longest + "\1x" + '\0', 0).name->size(), 255U);
  EXPECT_EQ(read_at(longest + "\2xy" + '\0', 0).name, std::nullopt);
}

TEST(DnsName, DecodesNetbiosNames) {
  uint8_t suffix = 0;
  EXPECT_EQ(decode_netbios_name("fhfaebeecacacacacacacacacacacaaa", suffix), "wpad");
  EXPECT_EQ(suffix, 0);
  EXPECT_EQ(decode_netbios_name("FHFAEBEECACACACACACACACACACACACA.scope", suffix), "wpad");
  EXPECT_EQ(suffix, 0x20);
  EXPECT_EQ(decode_netbios_name("ckaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", suffix), "*");
  EXPECT_EQ(decode_netbios_name("ckaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", suffix), std::nullopt);
  EXPECT_EQ(decode_netbios_name("zzaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", suffix), std::nullopt);
}

}  // namespace
}  // namespace weir

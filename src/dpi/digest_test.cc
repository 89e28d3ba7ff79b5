// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/digest.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace weir {
namespace {

TEST(TextDigest, GivesTheDigestsOfTheStandards) {
  EXPECT_EQ(md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");  // RFC 1321, appendix A.5
  EXPECT_EQ(md5_hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  TextDigest digest(TextDigest::Kind::kSha256);  // FIPS 180-2, appendix B.1
  digest.add("ab");
  digest.add('c');
  EXPECT_EQ(digest.hex(64), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(TextDigest, WritesNumbers) {
  TextDigest digest(TextDigest::Kind::kMd5);
  digest.add_decimal(0);
  digest.add(',');
  digest.add_decimal(4294967295);
  digest.add(',');
  digest.add_hex(0x0a1f);
  const std::string written = digest.hex(32);
  EXPECT_EQ(written, md5_hex("0,4294967295,0a1f"));
}

TEST(TextDigest, GivesTheSameForATextThatItHadBefore) {
  std::vector<std::string> first;  // of more texts than are kept
  for (int i = 0; i < 300; ++i) first.push_back(md5_hex("text " + std::to_string(i)));
  EXPECT_EQ(std::set<std::string>(first.begin(), first.end()).size(), first.size());
  for (int i = 0; i < 300; ++i) EXPECT_EQ(md5_hex("text " + std::to_string(i)), first[i]);
  EXPECT_EQ(md5_hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(md5_hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  TextDigest other_kind(TextDigest::Kind::kSha256);
  other_kind.add("message digest");
  EXPECT_EQ(other_kind.hex(8), "f7846f55");
}

TEST(TextDigest, CutsItsAnswer) {
  TextDigest digest(TextDigest::Kind::kMd5);
  EXPECT_EQ(digest.hex(5), "d41d8");
  EXPECT_EQ(TextDigest(TextDigest::Kind::kMd5).hex(99).size(), 32U);
}

TEST(TextDigest, TakesTextsLongerThanItsBuffer) {
  TextDigest digest(TextDigest::Kind::kSha256);  // FIPS 180-2, appendix B.3
  for (int i = 0; i < 1'000'000; ++i) digest.add('a');
  EXPECT_EQ(digest.hex(64), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

}  // namespace
}  // namespace weir

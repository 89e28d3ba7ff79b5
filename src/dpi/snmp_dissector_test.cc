// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/snmp_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

std::string element(uint8_t tag, const std::string& content) {
  return std::string{static_cast<char>(tag), static_cast<char>(content.size())} + content;
}

std::string community_message(char version) {
  return element(
      0x30, element(2, std::string(1, version)) + element(4, "public") + element(0xa0, "request"));
}

std::string user_message(const std::string& user) {
  const std::string security =
      element(0x30, element(4, "engine") + element(2, "\1") + element(2, "\2") + element(4, user));
  return element(0x30, element(2, "\3") + element(0x30, "global") + element(4, security) +
                           element(0x30, "scoped"));
}

Conversation snmp() {
  return Conversation(SnmpDissector::create, false);
}

TEST(SnmpDissector, ReadsVersionAndCommunity) {
  auto talk = snmp();
  talk.client(community_message(1));
  talk.hear();
  EXPECT_EQ(talk.findings.protocol, "SNMP");
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.first(MetadataField::kSnmpVersion), "2c");
  EXPECT_EQ(talk.first(MetadataField::kSnmpCommunity), "public");
  auto old = snmp();
  old.client(community_message(0));
  old.hear();
  EXPECT_EQ(old.first(MetadataField::kSnmpVersion), "1");
}

TEST(SnmpDissector, WaitsForTheUserOfVersion3) {
  auto talk = snmp();
  talk.client(user_message("")).server(user_message("")).client(user_message("bob"));
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.first(MetadataField::kSnmpVersion), "3");
  EXPECT_EQ(talk.first(MetadataField::kUserName), "bob");
}

TEST(SnmpDissector, ReadsLongLengths) {
  std::string bytes = community_message(1);
  bytes = "\x30\x82" + std::string(1, '\0') + bytes.substr(1);
  auto talk = snmp();
  talk.client(bytes);
  talk.hear();
  EXPECT_EQ(talk.first(MetadataField::kSnmpCommunity), "public");
}

TEST(SnmpDissector, GivesUpWhatIsNone) {
  const auto may_begin = [](const std::string& bytes) {
    return SnmpDissector::may_begin(snmp().client(bytes).payload(0));
  };
  EXPECT_TRUE(may_begin(community_message(1)));
  EXPECT_TRUE(may_begin(user_message("x")));
  EXPECT_FALSE(may_begin(community_message(2)));
  EXPECT_FALSE(may_begin(community_message(1).substr(0, 12)));
  EXPECT_FALSE(may_begin("\x30\x80\x02\x01"));
  EXPECT_FALSE(may_begin("\x30\x85\x01\x01\x01\x01\x01\x01"));
  EXPECT_FALSE(may_begin("\x30"));
  EXPECT_FALSE(may_begin(element(0x30, element(2, "\1\1") + element(4, "x") + element(0xa0, ""))));
  EXPECT_FALSE(may_begin(element(0x30, element(2, "\1") + element(4, "x") + element(0x30, ""))));
  auto talk = snmp();
  talk.client("x");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
}

}  // namespace
}  // namespace weir

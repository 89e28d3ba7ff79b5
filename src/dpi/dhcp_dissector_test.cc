// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/dhcp_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

std::string v4(char operation, std::string_view options) {
  std::string bytes(236, '\0');
  bytes[0] = operation;
  bytes[1] = 1;
  bytes[2] = 6;
  bytes += "\x63\x82\x53\x63";
  bytes += options;
  return bytes;
}

std::string option(uint8_t code, std::string_view value) {
  return std::string{static_cast<char>(code), static_cast<char>(value.size())} + std::string(value);
}

std::string v6_option(uint8_t code, std::string_view value) {
  return std::string{'\0', static_cast<char>(code), '\0', static_cast<char>(value.size())} +
         std::string(value);
}

Conversation dhcp() {
  return std::move(Conversation(DhcpDissector::create, false).ports(68, 67));
}

TEST(DhcpDissector, ReadsWhatAClientSaysOfItself) {
  auto talk = dhcp();
  talk.client(v4(1, option(53, "\3") + std::string("\0\0", 2) + option(12, "Lucas-iMac") +
                        option(55, "\1\x79\3\6") + option(60, "MSFT 5.0") +
                        option(50, "\xc0\xa8\1\7") + "\xff" + option(12, "behind the end")));
  talk.hear();
  EXPECT_EQ(talk.findings.protocol, "DHCP");
  EXPECT_EQ(talk.all(MetadataField::kDhcpHostName), "Lucas-iMac");
  EXPECT_EQ(talk.all(MetadataField::kDhcpFingerprint), "1,121,3,6");
  EXPECT_EQ(talk.all(MetadataField::kDhcpClass), "MSFT 5.0");
  ASSERT_EQ(talk.findings.learnt_names.size(), 1U);
  EXPECT_EQ(talk.findings.learnt_names[0].first.to_string(), "192.168.1.7");
  EXPECT_EQ(talk.findings.learnt_names[0].second, "lucas-imac");
  ASSERT_EQ(talk.findings.learnt_traits.size(), 2U);
  EXPECT_EQ(talk.findings.learnt_traits[0].address.to_string(), "192.168.1.7");
  EXPECT_EQ(talk.findings.learnt_traits[0].value, "MSFT 5.0");
  EXPECT_EQ(talk.findings.learnt_traits[1].field, MetadataField::kDhcpFingerprint);
  EXPECT_EQ(talk.findings.learnt_traits[1].value, "1,121,3,6");
}

TEST(DhcpDissector, ReadsTheWholeNameWhereThereIsNoOther) {
  auto labels = dhcp();
  labels.client(v4(1, option(81, std::string("\4\0\0\2pc\3lan\0", 11))));
  labels.hear();
  EXPECT_EQ(labels.first(MetadataField::kDhcpHostName), "pc.lan");
  auto text = dhcp();
  text.client(v4(1, option(81, std::string("\0\0\0pc.lan", 9))));
  text.hear();
  EXPECT_EQ(text.first(MetadataField::kDhcpHostName), "pc.lan");
  EXPECT_TRUE(text.findings.learnt_names.empty());
}

TEST(DhcpDissector, LearnsOnlyTheClassOfServers) {
  auto talk = dhcp();
  talk.server(v4(2, option(12, "given") + option(55, "\1") + option(60, "ArubaAP")));
  talk.hear();
  EXPECT_EQ(talk.findings.protocol, "DHCP");
  EXPECT_EQ(talk.findings.metadata.entries(),
            (std::vector<MetadataEntry>{{MetadataField::kDhcpClass, "ArubaAP"}}));
  EXPECT_TRUE(talk.findings.learnt_names.empty());
}

TEST(DhcpDissector, ReadsOptionsAsFarAsTheyGo) {
  const std::string whole = v4(1, option(60, "class") + option(12, "name"));
  for (size_t size = 240; size <= whole.size(); ++size) {
    auto talk = dhcp();
    talk.client(std::string_view(whole).substr(0, size));
    talk.hear();
    EXPECT_EQ(talk.findings.protocol, "DHCP");
  }
}

TEST(DhcpDissector, ReadsIpv6Clients) {
  auto talk = dhcp();
  talk.ports(546, 547).client(std::string("\1\x11\x22\x33", 4) +
                              v6_option(6, std::string("\0\x17\0\x18", 4)) +
                              v6_option(16, std::string("\0\0\1\x37\0\4MSFT", 10)) +
                              v6_option(39, std::string("\0\2pc\3lan", 8)));
  talk.hear();
  EXPECT_EQ(talk.findings.protocol, "DHCPV6");
  EXPECT_EQ(talk.first(MetadataField::kDhcpHostName), "pc.lan");
  EXPECT_EQ(talk.first(MetadataField::kDhcpFingerprint), "23,24");
  EXPECT_EQ(talk.first(MetadataField::kDhcpClass), "MSFT");
}

TEST(DhcpDissector, GivesUpWhatIsNone) {
  EXPECT_FALSE(DhcpDissector::may_begin(dhcp().client(std::string(300, '\1')).payload(0)));
  EXPECT_FALSE(DhcpDissector::may_begin(dhcp().client(v4(3, "")).payload(0)));
  EXPECT_FALSE(DhcpDissector::may_begin(dhcp().client(v4(1, "").substr(0, 239)).payload(0)));
  EXPECT_FALSE(DhcpDissector::may_begin(dhcp().client(std::string("\1\0\0\0", 4)).payload(0)));
  auto talk = dhcp();
  talk.client("x");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
}

TEST(DhcpDissector, EndsAfterSomeMessages) {
  auto talk = std::move(Conversation(DhcpDissector::create, false).ports(67, 67));
  for (int i = 0; i < DhcpDissector::kMaxMessages; ++i) talk.client(v4(1, ""));
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
}

TEST(DhcpDissector, FollowsTheFlowOfAllClientsWithoutAddressToItsEnd) {
  auto talk = dhcp();
  for (int i = 0; i < 1000; ++i) talk.client(v4(1, ""));
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kMore);
}

}  // namespace
}  // namespace weir

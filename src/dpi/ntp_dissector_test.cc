// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ntp_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

std::string ntp(char first, char stratum) {
  return std::string{first, stratum} + std::string(46, '\0');
}

Conversation clock_talk() {
  return std::move(Conversation(NtpDissector::create, false).ports(123, 123));
}

TEST(NtpDissector, ReadsVersionAndStratum) {
  auto talk = clock_talk();
  talk.client(ntp('\x23', 0)).server(ntp('\x24', 2));
  talk.hear();
  EXPECT_EQ(talk.findings.protocol, "NTP");
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.all(MetadataField::kNtpVersion), "4");
  EXPECT_EQ(talk.all(MetadataField::kNtpStratum), "2");
}

TEST(NtpDissector, EndsWithoutAnAnswer) {
  auto talk = clock_talk();
  for (int i = 0; i < NtpDissector::kMaxPackets; ++i) talk.client(ntp('\x1b', 0));
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.first(MetadataField::kNtpStratum), "");
}

TEST(NtpDissector, BeginsOnItsPortWithAPlausibleHeader) {
  const auto may_begin = [](const std::string& bytes) {
    return NtpDissector::may_begin(clock_talk().client(bytes).payload(0));
  };
  EXPECT_TRUE(may_begin(ntp('\x23', 0)));
  EXPECT_TRUE(may_begin(ntp('\x17', 0).substr(0, 8)));  // monlist
  EXPECT_FALSE(may_begin(ntp('\x23', 0).substr(0, 47)));
  EXPECT_FALSE(may_begin(ntp('\x23', 17)));
  EXPECT_FALSE(may_begin(ntp('\x2b', 0)));  // version 5
  EXPECT_FALSE(may_begin(ntp('\x20', 0)));  // no mode
  EXPECT_FALSE(NtpDissector::may_begin(clock_talk().ports(1, 2).client(ntp('\x23', 0)).payload(0)));
  auto talk = clock_talk();
  talk.client("x");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ssdp_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

Conversation ssdp() {
  return std::move(Conversation(SsdpDissector::create, false).ports(40000, 1900));
}

TEST(SsdpDissector, ReadsSearchesAndAnswers) {
  auto talk = ssdp();
  talk.client("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nUSER-AGENT: Chrome\r\n\r\n")
      .server("HTTP/1.1 200 OK\r\nSERVER: UPnP/1.0\r\nST: upnp:rootdevice\r\n\r\n")
      .client("\1\2\3");
  talk.hear();
  EXPECT_EQ(talk.findings.protocol, "SSDP");
  EXPECT_EQ(talk.progress, Progress::kMore);
  EXPECT_EQ(talk.all(MetadataField::kHttpMethod), "M-SEARCH");
  EXPECT_EQ(talk.all(MetadataField::kHttpHost), "239.255.255.250:1900");
  EXPECT_EQ(talk.all(MetadataField::kUserAgent), "Chrome");
  EXPECT_EQ(talk.all(MetadataField::kHttpServer), "UPnP/1.0");
}

TEST(SsdpDissector, EndsAfterAFewMessages) {
  auto talk = ssdp();
  for (int i = 0; i <= SsdpDissector::kMaxMessages; ++i) talk.client("NOTIFY * HTTP/1.1\r\n\r\n");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
}

TEST(SsdpDissector, GivesUpWhatIsNotSsdp) {
  auto talk = ssdp();
  talk.client("M-SEARCH\r\n");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
  EXPECT_FALSE(SsdpDissector::may_begin(ssdp().client("GET / HTTP/1.1\r\n").payload(0)));
  EXPECT_FALSE(
      SsdpDissector::may_begin(ssdp().ports(1, 2).client("HTTP/1.1 200 OK\r\n").payload(0)));
  EXPECT_TRUE(SsdpDissector::may_begin(ssdp().client("HTTP/1.1 200 OK\r\n").payload(0)));
  EXPECT_TRUE(
      SsdpDissector::may_begin(ssdp().ports(1, 2).client("NOTIFY * HTTP/1.1\r\n").payload(0)));
}

}  // namespace
}  // namespace weir

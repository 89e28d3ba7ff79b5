// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ftp_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"
#include "net/ip_protocol.h"

namespace weir {
namespace {

Conversation ftp() {
  return std::move(Conversation(FtpDissector::create).ports(40000, 21));
}

TEST(FtpDissector, ReadsTheLoginWhereverItIsSplit) {
  auto talk = ftp();
  talk.server("220-Welcome\r\n to this\r\n220 (vsFTPd 3.0.3)\r\n")
      .client("USER anonymous\r\n")
      .server("331 password\r\n")
      .client("PASS x\r\n")
      .server("230 in\r\n");
  for (size_t part = 1; part < 50; ++part) {
    talk.hear(part);
    EXPECT_EQ(talk.progress, Progress::kMore) << part;
    EXPECT_EQ(talk.findings.protocol, "FTP_CONTROL") << part;
    EXPECT_EQ(talk.all(MetadataField::kUserName), "anonymous") << part;
    EXPECT_EQ(talk.all(MetadataField::kSoftware), "Welcome") << part;
  }
}

TEST(FtpDissector, FollowsTlsBehindAuth) {
  auto talk = ftp();
  talk.server("220 FTP\r\n")
      .client("AUTH TLS\r\n")
      .server("234 go\r\n")
      .client("USER not clear\r\n");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.first(MetadataField::kUserName), "");
}

TEST(FtpDissector, AnnouncesDataConnections) {
  auto talk = ftp();
  talk.server("220 FTP\r\n")
      .client("EPSV\r\n")
      .server("229 Entering Extended Passive Mode (|||6446|)\r\n")
      .client("PASV\r\n")
      .server("227 Entering Passive Mode (10,1,2,3,4,1).\r\n")
      .client("PORT 10,1,2,3,4,2\r\n")
      .client("EPRT |2|2001:db8::1|1027|\r\n");
  for (size_t part = 1; part < 50; ++part) {
    talk.hear(part);
    ASSERT_EQ(talk.findings.announced.size(), 4U) << part;
    const uint16_t ports[] = {6446, 1025, 1026, 1027};
    for (size_t i = 0; i < 4; ++i) {
      const AnnouncedFlow& flow = talk.findings.announced[i];
      EXPECT_EQ(flow.port, ports[i]);
      EXPECT_EQ(flow.protocol, kProtocolTcp);
      EXPECT_EQ(flow.name, "FTP_DATA");
      EXPECT_EQ(flow.at, i < 2 ? AnnouncedFlow::At::kServer : AnnouncedFlow::At::kClient);
    }
  }
}

TEST(FtpDissector, AnnouncesNothingByWhatIsNoPort) {
  auto talk = ftp();
  talk.server("220 FTP\r\n");
  for (const std::string_view reply :
       {"229", "229 ", "229 (", "229 (|||x|)", "229 (|||99999|)", "229 (|", "227 ok",
        "227 1,2,3,4,5", "227 1,2,3,4,256,1", "227 1,2,3,4,0,0", "227 1,2,,4,5,6"})
    talk.server(std::string(reply) + "\r\n");
  talk.client("PORT\r\n").client("EPRT\r\n").client("EPRT |\r\n").client("PORT a\r\n");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kMore);
  EXPECT_TRUE(talk.findings.announced.empty());
}

TEST(FtpDissector, GivesUpWhatIsNotFtp) {
  auto talk = ftp();
  talk.server("220 ready\r\n").client("EHLO x\r\n");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
  EXPECT_EQ(talk.findings.protocol, "");
}

TEST(FtpDissector, BeginsWithAnyGreetingButThatOfMail) {
  const auto may_begin = [](std::string_view bytes, bool from_client) {
    auto talk = ftp();
    if (from_client) {
      talk.client(bytes);
    } else {
      talk.server(bytes);
    }
    return FtpDissector::may_begin(talk.payload(0));
  };
  EXPECT_TRUE(may_begin("220 x\r\n", false));
  EXPECT_TRUE(may_begin("220", false));
  EXPECT_FALSE(may_begin("220 x ESMTP\r\n", false));
  EXPECT_FALSE(may_begin("221 x\r\n", false));
  EXPECT_TRUE(may_begin("USER x\r\n", true));
  EXPECT_FALSE(may_begin("GET / HTTP/1.0\r\n", true));
}

}  // namespace
}  // namespace weir

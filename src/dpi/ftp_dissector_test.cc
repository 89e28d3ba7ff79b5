// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ftp_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

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
    EXPECT_EQ(talk.progress, Progress::kDone) << part;
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

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/smtp_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

Conversation smtp() {
  return std::move(Conversation(SmtpDissector::create).ports(40000, 25));
}

bool may_begin(std::string_view bytes, bool from_client, uint16_t port) {
  auto talk = Conversation(SmtpDissector::create);
  talk.ports(40000, port);
  if (from_client) {
    talk.client(bytes);
  } else {
    talk.server(bytes);
  }
  return SmtpDissector::may_begin(talk.payload(0));
}

TEST(SmtpDissector, ReadsTheEnvelopeWhereverItIsSplit) {
  auto talk = smtp();
  talk.server("220 Mail.example.org ESMTP Postfix\r\n")
      .client("EHLO me\r\n")
      .server("250-mail\r\n250 STARTTLS\r\n")
      .client("MAIL FROM:<a@x.org> SIZE=10\r\nRCPT TO:<b@y.org>\r\nrcpt to: c@z.org\r\n")
      .server("250 ok\r\n250 ok\r\n250 ok\r\n")
      .client("DATA\r\n")
      .server("354 go on\r\n")
      .client("MAIL FROM:<not@a.command>\r\n");
  for (size_t part = 1; part < 90; ++part) {
    talk.hear(part);
    EXPECT_EQ(talk.progress, Progress::kDone) << part;
    EXPECT_EQ(talk.findings.protocol, "SMTP") << part;
    EXPECT_EQ(talk.all(MetadataField::kSmtpFrom), "a@x.org") << part;
    EXPECT_EQ(talk.all(MetadataField::kSmtpTo), "b@y.org c@z.org") << part;
    EXPECT_EQ(talk.all(MetadataField::kServerName), "mail.example.org") << part;
    EXPECT_EQ(talk.all(MetadataField::kSoftware), "ESMTP Postfix") << part;
  }
}

TEST(SmtpDissector, FollowsTlsBehindStartTls) {
  auto talk = smtp();
  talk.server("220 h ESMTP\r\n")
      .client("STARTTLS\r\n")
      .server("220 Go\r\n")
      .client("this is no TLS at all\r\n");
  talk.hear();
  EXPECT_EQ(talk.findings.protocol, "SMTPS");
  EXPECT_EQ(talk.progress, Progress::kDone);
}

TEST(SmtpDissector, StaysInClearTextWhenTlsIsRefused) {
  auto talk = smtp();
  talk.server("220 h ESMTP\r\n")
      .client("STARTTLS\r\n")
      .server("454 no\r\n")
      .client("MAIL FROM:<a@b>\r\n");
  talk.hear();
  EXPECT_EQ(talk.findings.protocol, "SMTP");
  EXPECT_EQ(talk.first(MetadataField::kSmtpFrom), "a@b");
}

TEST(SmtpDissector, BoundsTheRecipients) {
  auto talk = smtp();
  talk.client("EHLO x\r\n");
  for (char c = 'a'; c <= 'z'; ++c) talk.client(std::string("RCPT TO:<") + c + "@x>\r\n");
  talk.hear();
  EXPECT_EQ(talk.findings.metadata.entries().size(), SmtpDissector::kMaxRecipients);
}

TEST(SmtpDissector, LeavesOutALineWithAHole) {
  auto talk = smtp();
  talk.client("EHLO x\r\nMAIL FROM:<a").client_after_gap("@b>\r\nRCPT TO:<c@d>\r\n");
  talk.hear();
  EXPECT_EQ(talk.first(MetadataField::kSmtpFrom), "");
  EXPECT_EQ(talk.first(MetadataField::kSmtpTo), "c@d");
}

TEST(SmtpDissector, GivesUpWhatIsNotSmtp) {
  auto ftp = smtp();
  ftp.server("220 ready\r\n").client("USER anonymous\r\n");
  ftp.hear();
  EXPECT_EQ(ftp.progress, Progress::kNotMine);
  auto other = smtp();
  other.server("hello\r\n");
  other.hear();
  EXPECT_EQ(other.progress, Progress::kNotMine);
}

TEST(SmtpDissector, BeginsWithAGreetingThatNamesItOrOnItsPorts) {
  EXPECT_TRUE(may_begin("220 x ESMTP\r\n", false, 4711));
  EXPECT_TRUE(may_begin("220 x\r\n", false, 25));
  EXPECT_TRUE(may_begin("22", false, 587));
  EXPECT_FALSE(may_begin("220 FTP\r\n", false, 21));
  EXPECT_FALSE(may_begin("2200 x\r\n", false, 25));
  EXPECT_TRUE(may_begin("EHLO x\r\n", true, 4711));
  EXPECT_FALSE(may_begin("EHLOX\r\n", true, 25));
}

}  // namespace
}  // namespace weir

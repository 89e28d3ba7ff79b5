// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/imap_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

Conversation imap() {
  return std::move(Conversation(ImapDissector::create).ports(40000, 143));
}

TEST(ImapDissector, ReadsTheLoginWhereverItIsSplit) {
  auto talk = imap();
  talk.server("* OK [CAPABILITY IMAP4rev1] Dovecot ready.\r\n")
      .client("a1 LOGIN \"bob@x.org\" secret\r\n")
      .server("* CAPABILITY x\r\na1 OK Logged in\r\n");
  for (size_t part = 1; part < 50; ++part) {
    talk.hear(part);
    EXPECT_EQ(talk.progress, Progress::kDone) << part;
    EXPECT_EQ(talk.findings.protocol, "IMAP") << part;
    EXPECT_EQ(talk.all(MetadataField::kUserName), "bob@x.org") << part;
    EXPECT_EQ(talk.all(MetadataField::kSoftware), "[CAPABILITY IMAP4rev1] Dovecot ready.") << part;
  }
}

TEST(ImapDissector, ReadsPlainNamesAndNoLiterals) {
  auto plain = imap();
  plain.client("x login bob secret\r\n").server("* OK\r\nx NO\r\n");
  plain.hear();
  EXPECT_EQ(plain.first(MetadataField::kUserName), "bob");
  EXPECT_EQ(plain.progress, Progress::kMore);
  auto literal = imap();
  literal.client("x LOGIN {3}\r\nbob {6}\r\nsecret\r\n");
  literal.hear();
  EXPECT_EQ(literal.first(MetadataField::kUserName), "");
  EXPECT_EQ(literal.findings.protocol, "IMAP");
}

TEST(ImapDissector, FollowsTlsBehindStartTls) {
  auto talk = imap();
  talk.server("* OK\r\n").client("a STARTTLS\r\n").server("a OK\r\n").client("this is no TLS\r\n");
  talk.hear();
  EXPECT_EQ(talk.findings.protocol, "IMAPS");
  EXPECT_EQ(talk.progress, Progress::kDone);
}

TEST(ImapDissector, GivesUpWhatIsNotImap) {
  auto talk = imap();
  talk.client("GET / HTTP/1.0\r\n");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
  EXPECT_TRUE(ImapDissector::may_begin(imap().server("* OK x\r\n").payload(0)));
  EXPECT_TRUE(ImapDissector::may_begin(imap().server("* PREAUTH x\r\n").payload(0)));
  EXPECT_FALSE(ImapDissector::may_begin(imap().server("*3\r\n$3\r\nSET\r\n").payload(0)));  // Redis
}

}  // namespace
}  // namespace weir

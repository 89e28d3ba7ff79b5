// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/pop3_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

Conversation pop3() {
  return std::move(Conversation(Pop3Dissector::create).ports(40000, 110));
}

TEST(Pop3Dissector, ReadsTheLoginWhereverItIsSplit) {
  auto talk = pop3();
  talk.server("+OK Dovecot ready\r\n")
      .client("user bob\r\n")
      .server("+OK\r\n")
      .client("PASS x\r\n")
      .server("+OK in\r\n");
  for (size_t part = 1; part < 22; ++part) {
    talk.hear(part);
    EXPECT_EQ(talk.progress, Progress::kDone) << part;
    EXPECT_EQ(talk.findings.protocol, "POP3") << part;
    EXPECT_EQ(talk.all(MetadataField::kUserName), "bob") << part;
    EXPECT_EQ(talk.all(MetadataField::kSoftware), "Dovecot ready") << part;
  }
}

TEST(Pop3Dissector, ReadsTheNameOfApop) {
  auto talk = pop3();
  talk.server("+OK POP3 <1@h>\r\n")
      .client("APOP bob c4c9334bac560ecc979e58001b3e22fb\r\n")
      .server("-ERR\r\n");
  talk.hear();
  EXPECT_EQ(talk.first(MetadataField::kUserName), "bob");
  EXPECT_EQ(talk.progress, Progress::kMore);
}

TEST(Pop3Dissector, FollowsTlsBehindStls) {
  auto talk = pop3();
  talk.server("+OK\r\n").client("STLS\r\n").server("+OK\r\n").client("this is no TLS\r\n");
  talk.hear();
  EXPECT_EQ(talk.findings.protocol, "POPS");
  EXPECT_EQ(talk.progress, Progress::kDone);
}

TEST(Pop3Dissector, GivesUpWhatIsNotPop3) {
  auto talk = pop3();
  talk.server("+OKAY then\r\n").client("SELECT 1\r\n");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
  EXPECT_FALSE(Pop3Dissector::may_begin(pop3().server("+PONG\r\n").payload(0)));  // Redis
  EXPECT_FALSE(Pop3Dissector::may_begin(pop3().server("+").payload(0)));
  EXPECT_TRUE(Pop3Dissector::may_begin(pop3().server("+OK x\r\n").payload(0)));
  EXPECT_TRUE(Pop3Dissector::may_begin(pop3().client("CAPA\r\n").payload(0)));
}

}  // namespace
}  // namespace weir

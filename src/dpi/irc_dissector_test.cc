// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/irc_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

TEST(IrcDissector, ReadsTheNicknameWhereverItIsSplit) {
  auto talk = Conversation(IrcDissector::create);
  talk.server(":irc.x NOTICE * :*** Looking up\r\n")
      .client("CAP LS 302\r\nNICK bob\r\nUSER b 0 * :Bob\r\n")
      .server(":irc.x 001 bob :Welcome\r\n");
  for (size_t part = 1; part < 40; ++part) {
    talk.hear(part);
    EXPECT_EQ(talk.progress, Progress::kDone) << part;
    EXPECT_EQ(talk.findings.protocol, "IRC") << part;
    EXPECT_EQ(talk.all(MetadataField::kUserName), "bob") << part;
  }
}

TEST(IrcDissector, GivesUpWhatIsNotIrc) {
  auto talk = Conversation(IrcDissector::create);
  talk.client("nick nack\r\npaddy whack\r\n");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
  auto begin = [](std::string_view bytes) {
    return IrcDissector::may_begin(Conversation(IrcDissector::create).client(bytes).payload(0));
  };
  EXPECT_TRUE(begin("NICK x\r\n"));
  EXPECT_TRUE(begin("USER a 0 * :A\r\n"));
  EXPECT_FALSE(begin("USER a\r\n"));
}

}  // namespace
}  // namespace weir

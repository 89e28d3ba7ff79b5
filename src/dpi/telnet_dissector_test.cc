// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/telnet_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

bool may_begin(std::string_view bytes, uint16_t port = 4711) {
  auto talk = Conversation(TelnetDissector::create);
  return TelnetDissector::may_begin(talk.ports(40000, port).server(bytes).payload(0));
}

TEST(TelnetDissector, KnowsTheNegotiation) {
  auto talk = Conversation(TelnetDissector::create);
  talk.server("\xff\xfd\x18\xff\xfd\x20");
  talk.hear();
  EXPECT_EQ(talk.findings.protocol, "Telnet");
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_TRUE(may_begin("\xff\xfd\x18"));
  EXPECT_TRUE(may_begin("\xff\xfd\x18login:", 23));
}

TEST(TelnetDissector, GivesUpWhatIsNone) {
  EXPECT_FALSE(may_begin("\xff\xfd"));
  EXPECT_FALSE(may_begin("\xff\xfa\x18"));
  EXPECT_FALSE(may_begin("\xff\xfd\x80"));
  EXPECT_FALSE(may_begin("\xff\xfd\x18login:"));
  auto talk = Conversation(TelnetDissector::create);
  talk.server("login:");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
}

}  // namespace
}  // namespace weir

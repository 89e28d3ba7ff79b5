// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/stun_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

std::string attribute(uint16_t type, const std::string& value) {
  std::string bytes{static_cast<char>(type >> 8), static_cast<char>(type), '\0',
                    static_cast<char>(value.size())};
  bytes += value;
  while (bytes.size() % 4 != 0) bytes += '\0';
  return bytes;
}

std::string stun(uint16_t type, const std::string& attributes, bool has_cookie = true) {
  std::string bytes{static_cast<char>(type >> 8), static_cast<char>(type), '\0',
                    static_cast<char>(attributes.size())};
  bytes += has_cookie ? "\x21\x12\xa4\x42" : "abcd";
  return bytes + "transaction!" + attributes;
}

Conversation path() {
  return Conversation(StunDissector::create, false);
}

std::string_view application_of(const std::string& message, uint16_t port = 4711) {
  static std::string_view application;
  auto talk = path();
  talk.ports(40000, port).client(message);
  talk.hear();
  application = talk.findings.application;
  return application;
}

TEST(StunDissector, ReadsTheSoftware) {
  auto talk = path();
  talk.client(stun(1, attribute(0x8022, "libjuice")));
  talk.hear();
  EXPECT_EQ(talk.findings.protocol, "STUN");
  EXPECT_EQ(talk.findings.application, "");
  EXPECT_EQ(talk.first(MetadataField::kSoftware), "libjuice");
  EXPECT_EQ(talk.progress, Progress::kMore);
}

TEST(StunDissector, KnowsServicesByTheirAttributes) {
  EXPECT_EQ(application_of(stun(3, attribute(0x4000, std::string(90, 'x')))), "WhatsAppCall");
  EXPECT_EQ(application_of(stun(1, attribute(8, std::string(20, 'x')))), "WhatsAppCall");
  EXPECT_EQ(application_of(stun(1, attribute(6, "u") + attribute(8, std::string(20, 'x')))), "");
  EXPECT_EQ(application_of(stun(1, attribute(0x8070, "1234"))), "Skype_TeamsCall");
  EXPECT_EQ(application_of(stun(0x113, attribute(0x14, "viber.com"))), "ViberVoip");
  EXPECT_EQ(application_of(stun(1, attribute(0x101, "12345"), false), 3478), "Zoom");
}

TEST(StunDissector, EndsAfterAFewMessages) {
  auto talk = path();
  for (int i = 0; i < StunDissector::kMaxMessages; ++i) talk.client(stun(1, "")).server("media");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
}

TEST(StunDissector, BeginsWithAMessageThatIsWhole) {
  const auto may_begin = [](const std::string& bytes, bool is_tcp, uint16_t port) {
    auto talk = Conversation(StunDissector::create, is_tcp);
    return StunDissector::may_begin(talk.ports(40000, port).client(bytes).payload(0));
  };
  const std::string message = stun(1, attribute(6, "user"));
  EXPECT_TRUE(may_begin(message, false, 4711));
  EXPECT_FALSE(may_begin(message + "more", false, 4711));
  EXPECT_TRUE(may_begin(message + "more", true, 4711));
  EXPECT_FALSE(may_begin(message.substr(0, 24), false, 4711));
  EXPECT_FALSE(may_begin(message.substr(0, 24), true, 4711));
  EXPECT_FALSE(may_begin(stun(0x4001, ""), false, 4711));
  EXPECT_TRUE(may_begin(stun(1, "", false), false, 3478));
  EXPECT_FALSE(may_begin(stun(1, "", false), false, 4711));
  EXPECT_FALSE(may_begin(stun(9, "", false), false, 3478));
  auto talk = path();
  talk.client("x");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
}

}  // namespace
}  // namespace weir

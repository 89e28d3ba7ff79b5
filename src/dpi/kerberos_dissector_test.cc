// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/kerberos_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

using Field = MetadataField;

std::string element(uint8_t tag, const std::string& content) {
  std::string size(1, static_cast<char>(content.size()));
  if (content.size() >= 0x80)
    size = std::string{'\x82', static_cast<char>(content.size() >> 8),
                       static_cast<char>(content.size())};
  return static_cast<char>(tag) + size + content;
}
std::string field(unsigned number, const std::string& content) {
  return element(static_cast<uint8_t>(0xa0 | number), content);
}
std::string integer(char value) {
  return element(0x02, std::string(1, value));
}
std::string text(const std::string& value) {
  return element(0x1b, value);
}
std::string principal(const std::vector<std::string>& parts) {
  std::string list;
  for (const std::string& part : parts) list += text(part);
  return element(0x30, field(0, integer(2)) + field(1, element(0x30, list)));
}
std::string as_request() {
  const std::string body = field(0, element(0x03, std::string("\0\x40\0\0\0", 5))) +
                           field(1, principal({"alice"})) + field(2, text("EXAMPLE.ORG")) +
                           field(3, principal({"krbtgt", "EXAMPLE.ORG"}));
  return element(0x6a, element(0x30, field(1, integer(5)) + field(2, integer(10)) +
                                         field(3, element(0x30, std::string(200, 'p'))) +
                                         field(4, element(0x30, body))));
}
std::string tgs_reply() {
  const std::string ticket = element(
      0x61, element(0x30, field(0, integer(5)) + field(1, text("EXAMPLE.ORG")) +
                              field(2, principal({"cifs", "files.example.org"})) + field(3, "x")));
  return element(0x6d, element(0x30, field(0, integer(5)) + field(1, integer(13)) +
                                         field(3, text("EXAMPLE.ORG")) +
                                         field(4, principal({"alice"})) + field(5, ticket)));
}
std::string error(char code) {
  return element(0x7e, element(0x30, field(0, integer(5)) + field(1, integer(30)) +
                                         field(4, "time") + field(5, integer(1)) +
                                         field(6, integer(code)) + field(9, text("EXAMPLE.ORG")) +
                                         field(10, principal({"krbtgt", "EXAMPLE.ORG"}))));
}
std::string marked(const std::string& message) {
  return std::string{0, 0, static_cast<char>(message.size() >> 8),
                     static_cast<char>(message.size())} +
         message;
}

TEST(KerberosDissector, ReadsDatagrams) {
  Conversation talk(KerberosDissector::create, false);
  talk.client(as_request()).server(error(25)).server(tgs_reply()).hear();
  EXPECT_EQ(talk.findings.protocol, "Kerberos");
  EXPECT_EQ(talk.all(Field::kKerberosRealm), "EXAMPLE.ORG");
  EXPECT_EQ(talk.all(Field::kKerberosService), "krbtgt/EXAMPLE.ORG cifs/files.example.org");
  EXPECT_EQ(talk.all(Field::kUserName), "alice");
  EXPECT_EQ(talk.all(Field::kKerberosError), "KDC_ERR_PREAUTH_REQUIRED");
}

TEST(KerberosDissector, ReadsStreams) {
  for (const size_t step : {1, 10, 1000}) {
    Conversation talk(KerberosDissector::create);
    talk.client(marked(as_request())).server(marked(error(99)) + marked(tgs_reply())).hear(step);
    EXPECT_EQ(talk.findings.protocol, "Kerberos") << step;
    EXPECT_EQ(talk.first(Field::kUserName), "alice");
    EXPECT_EQ(talk.all(Field::kKerberosError), "99");
    EXPECT_EQ(talk.all(Field::kKerberosService), "krbtgt/EXAMPLE.ORG cifs/files.example.org");
  }
}

TEST(KerberosDissector, TellsNothingOfWhatIsCutShort) {
  const std::string whole = as_request();
  for (size_t size = 0; size < whole.size(); ++size) {
    Conversation talk(KerberosDissector::create, false);
    talk.client(whole.substr(0, size)).hear();
    EXPECT_TRUE(talk.findings.metadata.empty()) << size;
  }
}

TEST(KerberosDissector, IsNotForOthers) {
  Payload payload;
  payload.is_tcp = false;
  const std::string ours = as_request();
  payload.bytes = ByteReader(reinterpret_cast<const uint8_t*>(ours.data()), ours.size());
  EXPECT_TRUE(KerberosDissector::may_begin(payload));
  const std::string other = "joke of the day";
  payload.bytes = ByteReader(reinterpret_cast<const uint8_t*>(other.data()), other.size());
  EXPECT_FALSE(KerberosDissector::may_begin(payload));
  Conversation talk(KerberosDissector::create);
  talk.client(marked("GET / HTTP/1.1")).hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/smb_dissector.h"

#include <gtest/gtest.h>

#include "dpi/ntlm_message.h"
#include "dpi/test_conversation.h"
#include "dpi/utf16.h"

namespace weir {
namespace {

using Field = MetadataField;

std::string little(uint64_t value, size_t bytes) {
  std::string text;
  for (size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}
std::string wide(const std::string& text) {
  std::string result;
  for (const char c : text) result += std::string{c, '\0'};
  return result;
}
ByteReader reader(const std::string& bytes) {
  return {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()};
}
std::string session(const std::string& message) {
  return std::string{0, static_cast<char>(message.size() >> 16),
                     static_cast<char>(message.size() >> 8), static_cast<char>(message.size())} +
         message;
}
std::string smb2(uint16_t command, bool is_answer, const std::string& body, uint32_t next = 0) {
  return "\xfeSMB" + little(64, 2) + std::string(6, '\0') + little(command, 2) + little(1, 2) +
         little(is_answer ? 1 : 0, 4) + little(next, 4) + std::string(40, '\0') + body;
}
std::string smb1(uint8_t command, bool is_answer, const std::string& body) {
  constexpr uint16_t kUnicode = 0x8000;
  return "\xffSMB" + little(command, 1) + little(0, 4) + little(is_answer ? 0x98 : 0x18, 1) +
         little(kUnicode, 2) + std::string(20, '\0') + body;
}
std::string negotiated(uint16_t dialect) {
  return session(smb2(0, true, little(65, 2) + little(1, 2) + little(dialect, 2) + "....."));
}
std::string tree_connect(const std::string& path) {
  return smb2(
      3, false,
      little(9, 2) + little(0, 2) + little(72, 2) + little(path.size() * 2, 2) + wide(path));
}
// An AUTHENTICATE_MESSAGE with a domain and a user behind its fixed part of 64 bytes.
std::string ntlm(const std::string& domain, const std::string& user) {
  const auto field = [](size_t size, size_t place) {
    return little(size, 2) + little(size, 2) + little(place, 4);
  };
  return std::string("NTLMSSP\0", 8) + little(3, 4) + field(0, 64) + field(0, 64) +
         field(2 * domain.size(), 64) + field(2 * user.size(), 64 + 2 * domain.size()) +
         field(0, 64) + field(0, 64) + little(1, 4) + wide(domain) + wide(user);
}

TEST(SmbDissector, ReadsSmb3) {
  const std::string setup = smb2(1, false, std::string(24, '\0') + "spnego" + ntlm("CORP", "anna"));
  for (const size_t step : {1, 9, 5000}) {
    Conversation talk(SmbDissector::create);
    talk.client(session(smb2(0, false, "dialects"))).server(negotiated(0x0311));
    talk.client(session(setup)).client(session(tree_connect("\\\\files\\IPC$")));
    talk.client(session(tree_connect("\\\\files\\plans"))).hear(step);
    EXPECT_EQ(talk.findings.protocol, "SMBv23") << step;
    EXPECT_EQ(talk.all(Field::kSmbVersion), "SMB 3.1.1");
    EXPECT_EQ(talk.all(Field::kSmbDomain), "CORP");
    EXPECT_EQ(talk.all(Field::kUserName), "anna");
    EXPECT_EQ(talk.all(Field::kSmbShare), "\\\\files\\IPC$ \\\\files\\plans");
  }
}

TEST(SmbDissector, FollowsAnOfferOfAllVersions) {
  Conversation talk(SmbDissector::create);
  const std::string offer = std::string("\0\x0c\0\2NT LM 0.12\0\2SMB 2.???", 25);
  talk.client(session(smb1(0x72, false, offer))).server(negotiated(0x02ff));
  talk.client(session(smb2(0, false, "dialects"))).server(negotiated(0x0210)).hear();
  EXPECT_EQ(talk.findings.protocol, "SMBv23");
  EXPECT_EQ(talk.all(Field::kSmbVersion), "SMB 2.1");
}

TEST(SmbDissector, ReadsChainedRequests) {
  const std::string first = smb2(5, false, std::string(16, '\0'), 80);
  Conversation talk(SmbDissector::create);
  talk.client(session(first + tree_connect("\\\\files\\b"))).hear();
  EXPECT_EQ(talk.all(Field::kSmbShare), "\\\\files\\b");
}

TEST(SmbDissector, ReadsSmb1) {
  const std::string andx = std::string("\xff\0\0\0", 4);
  const std::string passwords = "12345678";  // of both kinds
  const std::string names =
      wide("bert") + std::string(2, '\0') + wide("HOME") + std::string(2, '\0');
  const std::string setup = "\x0d" + andx + std::string(10, '\0') + little(4, 2) + little(4, 2) +
                            std::string(8, '\0') + little(passwords.size() + 1 + names.size(), 2) +
                            passwords + std::string(1, '\0') + names;
  const std::string tree = "\x04" + andx + little(8, 2) + little(1, 2) + little(40, 2) +
                           std::string(1, '\0') + wide("\\\\old\\c$") + std::string(2, '\0');
  Conversation talk(SmbDissector::create);
  talk.client(session(smb1(0x72, false, "offer")));
  talk.server(session(smb1(0x72, true, "\x11" + little(0, 2) + std::string(33, '\0'))));
  talk.client(session(smb1(0x73, false, setup))).client(session(smb1(0x75, false, tree))).hear();
  EXPECT_EQ(talk.findings.protocol, "SMBv1");
  EXPECT_EQ(talk.all(Field::kSmbVersion), "SMB 1.0");
  EXPECT_EQ(talk.all(Field::kUserName), "bert");
  EXPECT_EQ(talk.all(Field::kSmbDomain), "HOME");
  EXPECT_EQ(talk.all(Field::kSmbShare), "\\\\old\\c$");
}

TEST(SmbDissector, IsDoneWhenAllIsEncrypted) {
  Conversation talk(SmbDissector::create);
  talk.server(negotiated(0x0302)).client(session("\xfdSMB" + std::string(60, 'x'))).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.first(Field::kSmbVersion), "SMB 3.0.2");
}

TEST(SmbDissector, IsNotForOthers) {
  Payload payload;
  const std::string ours = session(smb2(0, false, "dialects"));
  payload.bytes = reader(ours);
  EXPECT_TRUE(SmbDissector::may_begin(payload));
  const std::string other = session("\xfeSMC" + std::string(60, 'x'));
  payload.bytes = reader(other);
  EXPECT_FALSE(SmbDissector::may_begin(payload));
  Conversation talk(SmbDissector::create);
  talk.client(other).hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
}

TEST(NtlmMessage, TellsNothingOfPlacesBeyondItsEnd) {
  const std::string whole = ntlm("CORP", "anna");
  NtlmLogon logon;
  EXPECT_FALSE(find_ntlm_logon(reader(whole.substr(0, 60)), logon));
  EXPECT_FALSE(find_ntlm_logon(reader(whole.substr(0, 66)), logon));
  ASSERT_TRUE(find_ntlm_logon(reader("..." + whole), logon));
  EXPECT_EQ(logon.domain, "CORP");
  EXPECT_EQ(logon.user, "anna");
}

TEST(Utf16, BecomesUtf8) {
  const std::string text("a\0\xe9\0\xac\x20\x3d\xd8\0\xde\0\xd8", 12);
  EXPECT_EQ(utf8_of_utf16(reader(text), 100), "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbd");
  EXPECT_EQ(utf8_of_utf16(reader(text), 1), "a");
  EXPECT_EQ(utf8_of_utf16(reader(""), 1), "");
}

}  // namespace
}  // namespace weir

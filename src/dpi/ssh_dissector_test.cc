// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ssh_dissector.h"

#include <gtest/gtest.h>

#include "dpi/digest.h"
#include "dpi/ssh_key_exchange.h"
#include "dpi/test_conversation.h"

namespace weir {
namespace {

std::string big_endian_32(size_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
          static_cast<char>(value >> 8), static_cast<char>(value)};
}

std::string kexinit() {
  std::string message = std::string(1, '\x14') + std::string(16, 'c');
  for (const std::string_view list :
       {"kex1,kex2", "hostkey", "enc-cs", "enc-sc", "mac-cs", "mac-sc", "none", "zlib", "", ""}) {
    message += big_endian_32(list.size());
    message += list;
  }
  return message + std::string(5, '\0');
}

std::string packet(const std::string& message) {
  const std::string padding(6, 'p');
  return big_endian_32(1 + message.size() + padding.size()) + '\x06' + message + padding;
}

TEST(SshDissector, ReadsBannersAndFingerprintsWhereverTheyAreSplit) {
  auto talk = Conversation(SshDissector::create);
  talk.server("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n" + packet(kexinit()))
      .client("SSH-2.0-libssh_0.10\n" + packet(kexinit()) + "encrypted");
  for (size_t part = 1; part < 220; ++part) {
    talk.hear(part);
    EXPECT_EQ(talk.progress, Progress::kDone) << part;
    EXPECT_EQ(talk.findings.protocol, "SSH") << part;
    EXPECT_EQ(talk.first(MetadataField::kSshServer), "SSH-2.0-OpenSSH_9.2p1 Debian-2") << part;
    EXPECT_EQ(talk.first(MetadataField::kSshClient), "SSH-2.0-libssh_0.10") << part;
    EXPECT_EQ(talk.first(MetadataField::kHassh), md5_hex("kex1,kex2;enc-cs;mac-cs;none")) << part;
    EXPECT_EQ(talk.first(MetadataField::kHasshServer), md5_hex("kex1,kex2;enc-sc;mac-sc;zlib"))
        << part;
  }
}

TEST(SshDissector, EndsBehindTheBannersOfVersion1) {
  auto talk = Conversation(SshDissector::create);
  talk.server("SSH-1.5-Cisco\n").client("SSH-1.5-x\n");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.first(MetadataField::kSshServer), "SSH-1.5-Cisco");
}

TEST(SshDissector, LeavesOutPacketsThatAreNoKeyExchange) {
  for (const std::string& first : {packet("\x02ignore"), big_endian_32(0) + "x",
                                   big_endian_32(1000000) + "x", packet(kexinit().substr(0, 60))}) {
    auto talk = Conversation(SshDissector::create);
    talk.server("SSH-2.0-a\r\n" + first).client("SSH-2.0-b\r\n" + first);
    talk.hear();
    EXPECT_EQ(talk.progress, Progress::kDone);
    EXPECT_EQ(talk.findings.metadata.entries().size(), 2U);
  }
}

TEST(SshDissector, SkipsAFewLinesOfAServerBeforeItsBanner) {
  auto talk = Conversation(SshDissector::create);
  talk.client("SSH-2.0-b\r\n").server("welcome\r\nplease\r\nSSH-2.0-a\r\n");
  talk.hear();
  EXPECT_EQ(talk.first(MetadataField::kSshServer), "SSH-2.0-a");
  EXPECT_EQ(talk.progress, Progress::kMore);
}

TEST(SshDissector, EndsWhenBothSidesHaveHoles) {
  auto talk = Conversation(SshDissector::create);
  talk.client("SSH-2.0-b\r\n").client_after_gap("x").server_after_gap("x");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  auto nothing = Conversation(SshDissector::create);
  nothing.client_after_gap("SSH-").server_after_gap("x");
  nothing.hear();
  EXPECT_EQ(nothing.progress, Progress::kNotMine);
}

TEST(SshDissector, BeginsWithABanner) {
  const auto may_begin = [](std::string_view bytes, bool is_tcp) {
    auto talk = Conversation(SshDissector::create, is_tcp);
    talk.client(bytes);
    return SshDissector::may_begin(talk.payload(0));
  };
  EXPECT_TRUE(may_begin("SSH-2.0", true));
  EXPECT_TRUE(may_begin("SS", true));
  EXPECT_FALSE(may_begin("SSH-2.0", false));
  EXPECT_FALSE(may_begin("SSL", true));
}

}  // namespace
}  // namespace weir

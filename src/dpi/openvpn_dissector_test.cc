// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/openvpn_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"
#include "dpi/test_tls.h"

namespace weir {
namespace {

using namespace test_tls;
using Field = MetadataField;

const std::string kClient = "clientID";
const std::string kServer = "serverID";

std::string client_reset(size_t authentication = 0) {
  return "\x38" + kClient + std::string(authentication, 'a') + std::string(5, '\0');
}

// `acknowledged`: how many messages of the other side.
std::string packet(uint8_t opcode, const std::string& session, unsigned acknowledged,
                   const std::string& rest, size_t authentication = 0) {
  std::string bytes = number(opcode << 3, 1) + session + std::string(authentication, 'a') +
                      number(acknowledged, 1) + std::string(4 * acknowledged, '\0');
  if (acknowledged != 0) bytes += session == kClient ? kServer : kClient;
  return bytes + rest;
}

std::string control(const std::string& session, uint32_t message, std::string_view tls,
                    size_t authentication = 0) {
  return packet(4, session, 0, number(message, 4) + std::string(tls), authentication);
}

std::string client_hello() {
  return handshake_record(1, ClientHello{.extensions = {{23, ""}}}.body());
}

std::string server_flight() {
  return handshake_record(2, ServerHello{}.body()) + handshake_record(11, certificate_body());
}

Conversation openvpn(bool is_tcp) {
  return Conversation(OpenvpnDissector::create, is_tcp);
}

std::string framed(const std::string& bytes) {
  return vector(2, bytes);
}

TEST(OpenvpnDissector, ReadsTheTlsInItsControlChannel) {
  for (const size_t authentication : {0, 28}) {
    const std::string flight = server_flight();
    Conversation talk = openvpn(false);
    talk.client(client_reset(authentication));
    talk.server(packet(8, kServer, 1, number(0, 4), authentication));
    talk.client(control(kClient, 1, client_hello().substr(0, 40), authentication));
    talk.client(control(kClient, 1, client_hello().substr(0, 40), authentication));  // again
    talk.client(control(kClient, 2, client_hello().substr(40), authentication));
    talk.server(control(kServer, 1, flight.substr(0, 300), authentication));
    talk.server(control(kServer, 2, flight.substr(300), authentication));
    talk.hear();
    EXPECT_EQ(talk.progress, Progress::kDone);
    EXPECT_EQ(talk.findings.protocol, "OpenVPN");
    EXPECT_EQ(talk.first(Field::kTlsVersion), "TLS 1.2");
    EXPECT_EQ(talk.first(Field::kJa3).size(), 32U);
    EXPECT_EQ(talk.first(Field::kCertificateNames), "example.org");
  }
}

TEST(OpenvpnDissector, ReadsItOverTcpWhereverTheStreamIsCut) {
  for (const size_t step : {1, 2, 3, 10, 100, 1000}) {
    Conversation talk = openvpn(true);
    talk.client(framed(client_reset())).server(framed(packet(8, kServer, 1, number(0, 4))));
    talk.client(framed(packet(5, kClient, 1, "")) + framed(control(kClient, 1, client_hello())));
    talk.server(framed(std::string(3000, '\x30')) + framed(control(kServer, 1, server_flight())));
    talk.hear(step);
    EXPECT_EQ(talk.progress, Progress::kDone) << step;
    EXPECT_EQ(talk.first(Field::kCertificateNames), "example.org") << step;
  }
}

TEST(OpenvpnDissector, IsCertainOnlyWhenTheSessionComesBack) {
  Conversation talk = openvpn(false);
  talk.client(client_reset()).hear();
  EXPECT_EQ(talk.progress, Progress::kMore);
  EXPECT_EQ(talk.findings.protocol, "");
  talk.server(
          "\x40"
          "serverID" +
          std::string("\x01\0\0\0\0", 5) + "another!" + number(0, 4))
      .hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
}

TEST(OpenvpnDissector, EndsWhereItCannotRead) {
  Conversation talk = openvpn(false);
  talk.client(client_reset()).server(packet(8, kServer, 1, number(0, 4)));
  talk.client(control(kClient, 1, "no TLS at all")).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.findings.protocol, "OpenVPN");
}

TEST(OpenvpnDissector, GivesUpAfterMany) {
  Conversation talk = openvpn(false);
  talk.client(client_reset()).server(packet(8, kServer, 1, number(0, 4)));
  for (int i = 0; i < 200; ++i) talk.client("\x30 data");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
}

bool may_begin(std::string_view bytes, bool is_tcp) {
  Payload payload;
  payload.bytes = reader(bytes);
  payload.is_tcp = is_tcp;
  return OpenvpnDissector::may_begin(payload);
}

TEST(OpenvpnDissector, LooksAtTheFirstPacket) {
  EXPECT_TRUE(may_begin(client_reset(), false));
  EXPECT_TRUE(may_begin(client_reset(72), false));
  EXPECT_FALSE(may_begin(client_reset(5), false));
  EXPECT_FALSE(may_begin(client_reset() + "x", false));
  EXPECT_FALSE(may_begin(client_reset(), true));
  EXPECT_TRUE(may_begin(framed(client_reset()), true));
  EXPECT_FALSE(may_begin("\x38", true));
  EXPECT_FALSE(may_begin("\x39" + client_reset().substr(1), false));
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/rdp_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"
#include "dpi/test_tls.h"

namespace weir {
namespace {

using namespace test_tls;
using Field = MetadataField;

std::string unit(uint8_t type, const std::string& content) {
  const std::string header = number(6 + content.size(), 1) + number(type, 1) + std::string(5, '\0');
  return number(0x0300, 2) + number(4 + header.size() + content.size(), 2) + header + content;
}

const std::string kNegotiation("\x01\0\x08\0\x03\0\0\0", 8);
const std::string kTlsChosen("\x02\0\x08\0\x01\0\0\0", 8);

std::string request() {
  return unit(0xe0, "Cookie: mstshash=alice\r\n" + kNegotiation);
}

std::string client_hello() {
  return handshake_record(1, ClientHello{.extensions = {server_name("desk.example")}}.body());
}

std::string server_flight() {
  return handshake_record(2, ServerHello{}.body()) + handshake_record(11, certificate_body());
}

TEST(RdpDissector, ReadsTheUserAndTheTlsBehind) {
  for (const size_t step : {1, 3, 20, 1000}) {
    Conversation talk(RdpDissector::create);
    talk.client(request()).server(unit(0xd0, kTlsChosen)).client(client_hello());
    talk.server(server_flight()).hear(step);
    EXPECT_EQ(talk.progress, Progress::kDone) << step;
    EXPECT_EQ(talk.findings.protocol, "RDP");
    EXPECT_EQ(talk.first(Field::kUserName), "alice");
    EXPECT_EQ(talk.first(Field::kRdpSecurity), "TLS");
    EXPECT_EQ(talk.first(Field::kServerName), "desk.example");
    EXPECT_EQ(talk.first(Field::kCertificateNames), "example.org");
  }
}

TEST(RdpDissector, IsDoneWhenTheServerWantsNoTls) {
  Conversation talk(RdpDissector::create);
  talk.client(request()).server(unit(0xd0, "")).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.findings.protocol, "RDP");
  EXPECT_EQ(talk.first(Field::kRdpSecurity), "RDP");
}

TEST(RdpDissector, TellsNoSecurityWhenTheServerRefuses) {
  Conversation talk(RdpDissector::create);
  talk.client(request()).server(unit(0xd0, std::string("\x03\0\x08\0\x02\0\0\0", 8))).hear();
  EXPECT_EQ(talk.findings.protocol, "RDP");
  EXPECT_EQ(talk.first(Field::kRdpSecurity), "");
}

// Found by the fuzzer: what followed in the same packet was lost.
TEST(RdpDissector, TakesWhatFollowsInThePacket) {
  Conversation talk(RdpDissector::create);
  talk.client(request()).server(unit(0xd0, kTlsChosen) + server_flight()).hear();
  EXPECT_EQ(talk.first(Field::kCertificateNames), "example.org");
  Conversation turned(RdpDissector::create);
  turned.client(request() + "more").hear();
  EXPECT_EQ(turned.progress, Progress::kNotMine);
}

TEST(RdpDissector, IsNotForOthers) {
  Conversation talk(RdpDissector::create);
  talk.client(request()).server("HTTP/1.1 400 Bad Request\r\n\r\n").hear();
  EXPECT_EQ(talk.progress, Progress::kMore);  // no unit of that length yet
  talk.server(std::string(600, 'x')).hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
  Conversation turned(RdpDissector::create);
  turned.client(request()).client(request()).hear();
  EXPECT_EQ(turned.progress, Progress::kNotMine);
}

bool may_begin(std::string_view bytes) {
  Payload payload;
  payload.bytes = reader(bytes);
  return RdpDissector::may_begin(payload);
}

TEST(RdpDissector, LooksAtTheRequest) {
  EXPECT_TRUE(may_begin(request()));
  EXPECT_TRUE(may_begin(unit(0xe0, kNegotiation)));
  EXPECT_FALSE(may_begin(unit(0xe0, "")));
  EXPECT_FALSE(may_begin(unit(0xd0, kNegotiation)));
  EXPECT_FALSE(may_begin(unit(0xe0, "\xc1\x02\x01\x00\xc2\x02\x01\x02")));  // S7
  EXPECT_FALSE(may_begin(""));
}

std::string syn(uint32_t acknowledged) {
  return number(acknowledged, 4) + number(64, 2) + number(0x1801, 2) + std::string(1224, '\0');
}

TEST(RdpUdpDissector, FindsTheHellos) {
  Conversation talk(RdpUdpDissector::create, false);
  talk.client(syn(0xffffffff)).client(syn(0xffffffff)).server(syn(7)).server("acknowledged");
  talk.client(std::string(15, '\1') + client_hello());
  talk.server(std::string(9, '\1') + handshake_record(2, ServerHello{}.body())).hear();
  EXPECT_EQ(talk.findings.protocol, "RDP");
  EXPECT_EQ(talk.first(Field::kServerName), "desk.example");
  EXPECT_EQ(talk.first(Field::kJa3).size(), 32U);
  EXPECT_EQ(talk.first(Field::kTlsCipher), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
  EXPECT_EQ(talk.progress, Progress::kMore);  // a certificate may come
  for (int i = 0; i < 24; ++i) talk.client("data");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
}

TEST(RdpUdpDissector, IsNotForOthers) {
  Conversation talk(RdpUdpDissector::create, false);
  talk.client(syn(0xffffffff)).server("short").hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
  Payload payload;
  const std::string bytes = syn(1);
  payload.bytes = reader(bytes);
  payload.is_tcp = false;
  EXPECT_FALSE(RdpUdpDissector::may_begin(payload));
}

}  // namespace
}  // namespace weir

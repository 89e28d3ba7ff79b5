// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/dtls_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"
#include "dpi/test_tls.h"

namespace weir {
namespace {

using namespace test_tls;
using Field = MetadataField;

Conversation dtls() {
  return Conversation(DtlsDissector::create, false);
}

std::string client_hello_body() {
  return ClientHello{.version = 0xfefd, .is_dtls = true, .extensions = {server_name("a.example")}}
      .body();
}

std::string client_hello(uint16_t sequence = 0) {
  return dtls_message(1, sequence, client_hello_body());
}

std::string server_hello(std::vector<Extension> extensions = {}) {
  return dtls_message(2, 0,
                      ServerHello{.version = 0xfefd, .extensions = std::move(extensions)}.body());
}

TEST(DtlsDissector, ReadsAHandshake) {
  Conversation talk = dtls();
  talk.client(client_hello()).server(server_hello() + dtls_message(11, 1, certificate_body()));
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.findings.protocol, "DTLS");
  EXPECT_EQ(talk.first(Field::kServerName), "a.example");
  EXPECT_EQ(talk.all(Field::kTlsVersion), "DTLS 1.2");
  EXPECT_EQ(talk.first(Field::kJa4).substr(0, 11), "dd2d020100_");
  EXPECT_EQ(talk.first(Field::kJa4s).substr(0, 8), "dd20000_");
  EXPECT_EQ(talk.all(Field::kCertificateNames), "example.org *.example.org example.net");
  EXPECT_EQ(talk.transactions.seen,
            (std::vector<SeenTransaction>{{"TLS", "a.example", 1, 2, 2, false}}));
}

TEST(DtlsDissector, GoesOnAfterACookie) {
  Conversation talk = dtls();
  talk.client(client_hello()).server(dtls_message(3, 0, "\xfe\xff\x01c"));
  talk.client(client_hello(1)).server(server_hello({{43, "\xfe\xfc"}})).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.all(Field::kTlsVersion), "DTLS 1.3");
  EXPECT_EQ(talk.transactions.seen,
            (std::vector<SeenTransaction>{{"TLS", "a.example", 3, 4, 4, false}}));
}

TEST(DtlsDissector, PutsFragmentsTogetherInAnyOrder) {
  const std::string body = certificate_body();
  const auto part = [&](size_t at, size_t size) {
    return dtls_record(22, dtls_fragment(11, body.size(), 1, at, body.substr(at, size)));
  };
  Conversation talk = dtls();
  talk.client(client_hello()).server(server_hello() + part(300, 900));
  talk.server(part(0, 200)).server(part(150, 200)).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.first(Field::kCertificateNames), "example.org");
}

TEST(DtlsDissector, ReadsAHelloInFragments) {
  const std::string body = client_hello_body();
  std::string datagram;
  for (size_t at = 0; at < body.size(); at += 30)
    datagram += dtls_record(22, dtls_fragment(1, body.size(), 0, at, body.substr(at, 30)));
  Conversation talk = dtls();
  talk.client(datagram).hear();
  EXPECT_EQ(talk.first(Field::kServerName), "a.example");
  EXPECT_EQ(talk.progress, Progress::kMore);
}

TEST(DtlsDissector, PassesOverOtherProtocolsOfTheFlow) {
  Conversation talk = dtls();
  talk.client(client_hello()).client(std::string("\x00\x01\x00\x00STUN", 8)).server("\x80RTP");
  talk.server(server_hello({{43, "\xfe\xfc"}})).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
}

TEST(DtlsDissector, IsDoneWhenASessionIsResumed) {
  Conversation talk = dtls();
  talk.client(client_hello()).server(server_hello() + dtls_record(20, "\x01")).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
}

TEST(DtlsDissector, CountsARefusal) {
  Conversation talk = dtls();
  talk.client(client_hello()).server(dtls_record(21, "\x02\x28")).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  ASSERT_EQ(talk.transactions.seen.size(), 1U);
  EXPECT_TRUE(talk.transactions.seen[0].is_error);
}

TEST(DtlsDissector, KnowsDtlsMetInTheMiddle) {
  const std::string data = dtls_record(23, "secret", 1);
  Conversation talk = dtls();
  talk.client(data).hear();
  EXPECT_EQ(talk.findings.protocol, "");
  talk.server(data).hear();
  EXPECT_EQ(talk.findings.protocol, "DTLS");
  EXPECT_EQ(talk.progress, Progress::kDone);
}

TEST(DtlsDissector, CountsRecordsWithAConnectionId) {
  Conversation talk = dtls();  // the length stands behind an id whose size nobody knows
  talk.client(dtls_record(25, "id and secret", 1)).server(dtls_record(25, "more", 1)).hear();
  EXPECT_EQ(talk.findings.protocol, "DTLS");
}

TEST(DtlsDissector, IsNotForOthers) {
  Conversation talk = dtls();
  talk.client("GET / HTTP/1.1").hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
  Conversation malformed = dtls();
  malformed.client(dtls_record(22, dtls_fragment(1, 10, 0, 8, "beyond its end"))).hear();
  EXPECT_EQ(malformed.progress, Progress::kNotMine);
  Conversation unknown = dtls();
  unknown.client(dtls_message(99, 0, "x")).hear();
  EXPECT_EQ(unknown.progress, Progress::kNotMine);
  EXPECT_EQ(unknown.findings.protocol, "");
}

TEST(DtlsDissector, TakesWhatASnapLengthLeaves) {
  const std::string hello = client_hello();
  Conversation talk = dtls();
  talk.client_after_gap(hello.substr(0, hello.size() - 5)).hear();
  EXPECT_NE(talk.progress, Progress::kNotMine);
}

TEST(DtlsDissector, GivesUpAfterMany) {
  Conversation talk = dtls();
  talk.client(client_hello());
  for (int i = 0; i < 40; ++i) talk.server("other");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
}

bool may_begin(std::string_view bytes, bool is_tcp = false) {
  Payload payload;
  payload.bytes = reader(bytes);
  payload.is_tcp = is_tcp;
  return DtlsDissector::may_begin(payload);
}

TEST(DtlsDissector, LooksAtTheFirstBytes) {
  EXPECT_TRUE(may_begin(client_hello()));
  EXPECT_FALSE(may_begin(client_hello(), true));
  EXPECT_TRUE(may_begin(dtls_record(22, "x", 0, 0xfeff)));
  EXPECT_TRUE(may_begin(dtls_record(22, "x", 0, 0x0100)));
  EXPECT_FALSE(may_begin(dtls_record(22, "x", 0, 0x0303)));
  EXPECT_FALSE(may_begin(dtls_record(23, "x", 0)));  // data is never in the clear
  EXPECT_FALSE(may_begin(dtls_record(19, "x")));
  EXPECT_FALSE(may_begin(dtls_record(22, "").substr(0, 12)));
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/tls_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"
#include "dpi/test_tls.h"
#include "dpi/tls_follower.h"

namespace weir {
namespace {

using namespace test_tls;
using Field = MetadataField;

constexpr std::string_view kChange("\x14\x03\x03\x00\x01\x01", 6);

Conversation tls() {
  return Conversation(TlsDissector::create);
}

std::string client_hello(std::string_view name = "example.org") {
  return handshake_record(1, ClientHello{.extensions = {server_name(name), alpn({"h2", "http/1.1"}),
                                                        supported_versions({0x0304, 0x0303})}}
                                 .body());
}

std::string server_hello12() {
  return handshake_record(2, ServerHello{.extensions = {alpn({"h2"})}}.body());
}

std::string server_hello13() {
  return handshake_record(
      2, ServerHello{.cipher_suite = 0x1302, .extensions = {{43, "\x03\x04"}}}.body());
}

std::string handshake12() {
  return server_hello12() + handshake_record(11, certificate_body()) + handshake_record(14, "");
}

TEST(TlsDissector, ReadsAHandshakeOfTls12) {
  Conversation talk = tls();
  talk.client(client_hello()).server(handshake12()).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.findings.protocol, "TLS");
  EXPECT_EQ(talk.first(Field::kServerName), "example.org");
  EXPECT_EQ(talk.all(Field::kTlsVersion), "TLS 1.2");
  EXPECT_EQ(talk.all(Field::kAlpn), "h2");
  EXPECT_EQ(talk.first(Field::kTlsCipher), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
  EXPECT_EQ(talk.first(Field::kJa3).size(), 32U);
  EXPECT_EQ(talk.first(Field::kJa3s).size(), 32U);
  EXPECT_EQ(talk.first(Field::kJa4).substr(0, 10), "t13d0203h2");
  EXPECT_EQ(talk.first(Field::kJa4s).substr(0, 12), "t1201h2_c02f");
  EXPECT_EQ(talk.all(Field::kCertificateNames), "example.org *.example.org example.net");
  EXPECT_EQ(talk.first(Field::kCertificateSubject), "CN=example.org,O=Example\\, Inc.,C=NL");
  EXPECT_EQ(talk.first(Field::kCertificateNotAfter), "2110827873");
  EXPECT_EQ(talk.first(Field::kEncryptedClientHello), "");
}

TEST(TlsDissector, IsDoneWithTheServerHelloOfTls13) {
  Conversation talk = tls();
  talk.client(client_hello()).server(server_hello13()).server(record(23, "secret")).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.all(Field::kTlsVersion), "TLS 1.3");
  EXPECT_EQ(talk.all(Field::kAlpn), "h2,http/1.1");
  EXPECT_EQ(talk.first(Field::kTlsCipher), "TLS_AES_256_GCM_SHA384");
}

TEST(TlsDissector, CountsOneTransaction) {
  Conversation talk = tls();
  talk.client(client_hello()).server(handshake12()).hear();
  EXPECT_EQ(talk.transactions.seen,
            (std::vector<SeenTransaction>{{"TLS", "example.org", 1, 2, 2, false}}));
  talk.is_counted = false;
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
}

TEST(TlsDissector, CountsARefusalAsAnError) {
  Conversation talk = tls();
  talk.client(client_hello()).server(record(21, "\x02\x28")).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.findings.protocol, "TLS");
  EXPECT_EQ(talk.transactions.seen,
            (std::vector<SeenTransaction>{{"TLS", "example.org", 1, 2, 2, true}}));
}

TEST(TlsDissector, GoesOnAfterAWarning) {
  Conversation talk = tls();  // unrecognized_name
  talk.client(client_hello()).server(record(21, "\x01\x70") + server_hello13()).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  ASSERT_EQ(talk.transactions.seen.size(), 1U);
  EXPECT_FALSE(talk.transactions.seen[0].is_error);
}

TEST(TlsDissector, FindsTheSameWhereverTheBytesAreCut) {
  Conversation talk = tls();
  talk.client(client_hello()).server(handshake12()).client(std::string(kChange)).hear();
  const FlowMetadata expected = talk.findings.metadata;
  const auto transactions = talk.transactions.seen;
  for (const size_t step : {1, 2, 3, 4, 5, 6, 7, 11, 50, 100, 300, 500}) {
    talk.hear(step);
    EXPECT_EQ(talk.progress, Progress::kDone) << step;
    EXPECT_EQ(talk.findings.metadata.entries(), expected.entries()) << step;
    EXPECT_EQ(talk.transactions.seen, transactions) << step;
  }
}

TEST(TlsDissector, TakesMessagesThatSpanRecords) {
  const std::string hello =
      message(1, ClientHello{.extensions = {server_name("a.example")}}.body());
  std::string records;
  for (size_t at = 0; at < hello.size(); at += 20) records += record(22, hello.substr(at, 20));
  const std::string both = message(2, ServerHello{}.body()) + message(11, certificate_body());
  Conversation talk = tls();
  talk.client(records).server(record(22, both.substr(0, 200)) + record(22, both.substr(200)));
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.first(Field::kServerName), "a.example");
  EXPECT_EQ(talk.first(Field::kCertificateNotBefore), "1795467873");
}

TEST(TlsDissector, WaitsForTheSecondHelloAfterARetry) {
  const std::string random =
      from_hex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");
  const std::string retry =
      handshake_record(2, ServerHello{.random = random, .extensions = {{43, "\x03\x04"}}}.body());
  Conversation talk = tls();
  talk.client(client_hello()).server(retry + std::string(kChange));
  talk.client(std::string(kChange) + client_hello()).server(server_hello13()).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.first(Field::kTlsCipher), "TLS_AES_256_GCM_SHA384");
  EXPECT_EQ(talk.transactions.seen,
            (std::vector<SeenTransaction>{{"TLS", "example.org", 3, 4, 4, false}}));
}

TEST(TlsDissector, IsDoneWhenASessionIsResumed) {
  Conversation talk = tls();
  talk.client(client_hello()).server(server_hello12()).server(std::string(kChange)).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.first(Field::kCertificateNames), "");
}

// Found by the fuzzer: a long ChangeCipherSpec took effect again with each part that came of it.
TEST(TlsDissector, TakesAChangeOfCiphersOnce) {
  const std::string change = record(20, std::string(100, '\x01'));
  Conversation talk = tls();
  talk.server(change.substr(0, 50)).client(client_hello() + server_hello12());
  talk.server(change.substr(50)).hear();
  EXPECT_EQ(talk.progress, Progress::kMore);
}

TEST(TlsDissector, IsDoneWhenTheServerShowsNoCertificate) {
  Conversation talk = tls();  // an anonymous key exchange
  talk.client(client_hello()).server(server_hello12() + handshake_record(12, "key")).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
}

TEST(TlsDissector, KnowsTlsMetInTheMiddle) {
  Conversation talk = tls();
  const std::string data = record(23, std::string(100, 'x'));
  talk.client_after_gap(data).server_after_gap(data).client(data).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.findings.protocol, "TLS");
  EXPECT_TRUE(talk.findings.metadata.empty());
}

TEST(TlsDissector, IsNotCertainOfTwoRecords) {
  Conversation talk = tls();
  const std::string data = record(23, std::string(100, 'x'));
  talk.client_after_gap(data).server_after_gap(data).hear();
  EXPECT_EQ(talk.progress, Progress::kMore);
  EXPECT_EQ(talk.findings.protocol, "");
}

TEST(TlsDissector, EndsWhenOnlyOneDirectionIsSeen) {
  Conversation talk = tls();
  talk.client(client_hello()).client(std::string(kChange));
  for (int i = 0; i < 4; ++i) talk.client(record(23, "data"));
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.first(Field::kServerName), "example.org");
  EXPECT_EQ(talk.all(Field::kTlsVersion), "TLS 1.3");  // the highest offered
}

TEST(TlsDissector, EndsWhenDataGoesBothWays) {
  Conversation talk = tls();
  talk.client(client_hello()).client(record(23, "early")).server_after_gap(record(23, "data"));
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
}

TEST(TlsDissector, TakesTheNameOfAHelloThatBreaksOff) {
  const std::string hello = handshake_record(
      1,
      ClientHello{.extensions = {server_name("cut.example"), {21, std::string(2000, 'p')}}}.body());
  Conversation talk = tls();
  talk.client(hello.substr(0, 1200)).client_after_gap("rest").server(server_hello13()).hear();
  EXPECT_EQ(talk.first(Field::kServerName), "cut.example");
  EXPECT_EQ(talk.first(Field::kJa3), "");
  EXPECT_EQ(talk.progress, Progress::kDone);
}

TEST(TlsDissector, FindsRecordsAgainAfterAGap) {
  Conversation talk = tls();
  talk.client(client_hello()).server_after_gap("the end of something").server(server_hello13());
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.first(Field::kTlsCipher), "TLS_AES_256_GCM_SHA384");
}

TEST(TlsDissector, IsNotForOtherProtocols) {
  Conversation talk = tls();
  talk.client(record(22, "x") + "GET / HTTP/1.1\r\n").hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
  Conversation hello = tls();  // a hello of nothing
  hello.client(handshake_record(1, std::string(60, '\x7f'))).hear();
  EXPECT_EQ(hello.progress, Progress::kNotMine);
  EXPECT_EQ(hello.findings.protocol, "");
}

TEST(TlsDissector, StaysCertainWhenOneSideBreaks) {
  Conversation talk = tls();
  talk.client(client_hello()).server("HTTP/1.1 400 Bad Request\r\n").hear();
  EXPECT_EQ(talk.progress, Progress::kMore);
  EXPECT_EQ(talk.findings.protocol, "TLS");
}

TEST(TlsDissector, ComesBackToABrokenSideAfterAGapOnly) {
  Conversation talk = tls();
  talk.client(client_hello()).server("no TLS").server(server_hello13()).hear();
  EXPECT_EQ(talk.progress, Progress::kMore);
  talk.server_after_gap(server_hello13()).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
}

TEST(TlsDissector, GivesUpAfterMuch) {
  Conversation talk = tls();
  talk.client(client_hello());
  for (int i = 0; i < 70; ++i) talk.server(std::string(1000, 'n'));
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
}

TEST(TlsDissector, NamesDnsOverTls) {
  Conversation talk = tls();
  talk.client(handshake_record(1, ClientHello{.extensions = {alpn({"dot"})}}.body())).hear();
  EXPECT_EQ(talk.findings.application, "DoH_DoT");
}

std::string ssl2_client_hello(uint16_t version) {
  const std::string content = number(1, 1) + number(version, 2) + number(6, 2) + number(0, 2) +
                              number(16, 2) + "\x01\x02\x03\x04\x05\x06" + std::string(16, 'c');
  return number(0x8000 | content.size(), 2) + content;
}

TEST(TlsDissector, TakesTheHelloOfSsl2) {
  for (const size_t step : {1, 12, 1000}) {
    Conversation talk = tls();
    talk.client(ssl2_client_hello(0x0301)).server(handshake12()).hear(step);
    EXPECT_EQ(talk.progress, Progress::kDone);
    EXPECT_EQ(talk.all(Field::kTlsVersion), "TLS 1.2");
    EXPECT_EQ(talk.first(Field::kCertificateNames), "example.org");
    EXPECT_EQ(talk.transactions.seen.size(), 1U);
  }
}

TEST(TlsDissector, KnowsSsl2ItselfByTheServersHello) {
  const std::string content = std::string("\x04\x00\x01\x00\x02", 5) + number(4, 2) + number(3, 2) +
                              number(16, 2) + "certspe" + std::string(16, 'i');
  Conversation talk = tls();
  talk.client(ssl2_client_hello(0x0002)).server(number(0x8000 | content.size(), 2) + content);
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.findings.protocol, "TLS");
  EXPECT_EQ(talk.all(Field::kTlsVersion), "SSL 2.0");
}

bool may_begin(std::string_view bytes, bool is_tcp = true) {
  Payload payload;
  payload.bytes = reader(bytes);
  payload.is_tcp = is_tcp;
  return TlsDissector::may_begin(payload);
}

TEST(TlsDissector, LooksAtTheFirstBytes) {
  EXPECT_TRUE(may_begin(client_hello()));
  EXPECT_FALSE(may_begin(client_hello(), false));
  EXPECT_TRUE(may_begin(from_hex("170303")));
  EXPECT_FALSE(may_begin(from_hex("1703")));
  EXPECT_TRUE(may_begin(ssl2_client_hello(0x0300)));
  EXPECT_FALSE(may_begin(ssl2_client_hello(0x0305)));
  EXPECT_FALSE(may_begin("GET / HTTP/1.1"));
}

TEST(TlsFollower, IsSmall) {
  EXPECT_LT(sizeof(TlsFollower), 600U);
}

}  // namespace
}  // namespace weir

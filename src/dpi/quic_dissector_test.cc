// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/quic_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"
#include "dpi/test_quic.h"
#include "dpi/test_tls.h"

namespace weir {
namespace {

using namespace test_tls;
using test_quic::crypto_frame;
using test_quic::Sealer;
using Field = MetadataField;

Conversation quic() {
  return Conversation(QuicDissector::create, false);
}

std::string client_hello(size_t padding = 0) {
  return message(1, ClientHello{.extensions = {server_name("example.org"),
                                               alpn({"h3"}),
                                               supported_versions({0x0304}),
                                               {21, std::string(padding, '\0')}}}
                        .body());
}

std::string server_hello() {
  return message(2, ServerHello{.cipher_suite = 0x1301, .extensions = {{43, "\x03\x04"}}}.body());
}

const std::string kPadding(200, '\0');

TEST(QuicDissector, ReadsBothHellos) {
  for (const uint32_t number : {kQuicV1, kQuicV2, 0xff00001dU}) {
    Sealer sealer(number, "original");
    Conversation talk = quic();
    talk.client(sealer.client_initial(crypto_frame(0, client_hello()) + kPadding));
    talk.server(
        sealer.server_initial(std::string("\x02\0\0\0\0", 5) + crypto_frame(0, server_hello())));
    talk.hear();
    EXPECT_EQ(talk.progress, Progress::kDone);
    EXPECT_EQ(talk.findings.protocol, "QUIC");
    EXPECT_EQ(talk.first(Field::kServerName), "example.org");
    EXPECT_EQ(talk.first(Field::kAlpn), "h3");
    EXPECT_EQ(talk.all(Field::kTlsVersion), "TLS 1.3");
    EXPECT_EQ(talk.first(Field::kTlsCipher), "TLS_AES_128_GCM_SHA256");
    EXPECT_EQ(talk.first(Field::kJa4).substr(0, 10), "q13d0204h3");
    EXPECT_EQ(talk.first(Field::kJa4s).substr(0, 12), "q130100_1301");
    EXPECT_EQ(talk.first(Field::kQuicVersion), quic_version_name(number));
    EXPECT_EQ(talk.transactions.seen,
              (std::vector<SeenTransaction>{{"TLS", "example.org", 1, 2, 2, false}}));
  }
}

TEST(QuicDissector, PutsTheHelloTogetherFromPiecesInAnyOrder) {
  const std::string hello = client_hello(1500);
  Sealer sealer(kQuicV1, "original");
  Conversation talk = quic();
  talk.client(sealer.client_initial(crypto_frame(900, hello.substr(900)) + "\x01"));
  talk.client(sealer.client_initial(crypto_frame(40, hello.substr(40, 900)) + kPadding + "\x01" +
                                    crypto_frame(0, hello.substr(0, 60))));
  talk.server(sealer.server_initial(crypto_frame(0, server_hello()))).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.first(Field::kServerName), "example.org");
  EXPECT_EQ(talk.first(Field::kJa3).size(), 32U);
}

TEST(QuicDissector, ReadsPacketsThatShareADatagram) {
  const std::string hello = client_hello();
  Sealer sealer(kQuicV1, "original");
  Conversation talk = quic();
  talk.client(sealer.client_initial(crypto_frame(0, hello.substr(0, 50))) +
              sealer.other(1, "0-RTT") + sealer.client_initial(crypto_frame(50, hello.substr(50))));
  talk.server(sealer.server_initial(crypto_frame(0, server_hello())) +
              sealer.other(2, "handshake"));
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.first(Field::kServerName), "example.org");
}

TEST(QuicDissector, KeepsItsKeysWhenTheIdChanges) {
  const std::string hello = client_hello();
  Sealer sealer(kQuicV1, "original");
  Conversation talk = quic();
  talk.client(sealer.client_initial(crypto_frame(0, hello.substr(0, 50))));
  talk.client(sealer.client_initial(crypto_frame(50, hello.substr(50)), "server's"));
  talk.server(sealer.server_initial(crypto_frame(0, server_hello()))).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.first(Field::kServerName), "example.org");
}

TEST(QuicDissector, BeginsAnewAfterARetry) {
  Sealer before(kQuicV1, "original");
  Sealer after(kQuicV1, "retried");
  const std::string hello = client_hello();
  for (const bool is_retry_seen : {true, false}) {
    Conversation talk = quic();
    talk.client(before.client_initial(crypto_frame(0, hello.substr(0, 50))));
    if (is_retry_seen) talk.server(before.retry());
    talk.client(after.client_initial(crypto_frame(0, hello)));
    talk.server(after.server_initial(crypto_frame(0, server_hello()))).hear();
    EXPECT_EQ(talk.progress, Progress::kDone) << is_retry_seen;
    EXPECT_EQ(talk.first(Field::kServerName), "example.org");
    EXPECT_EQ(talk.first(Field::kTlsCipher), "TLS_AES_128_GCM_SHA256");
  }
}

TEST(QuicDissector, BeginsAnewAfterVersionNegotiation) {
  Sealer first(0x1a2a3a4a, "original");
  Sealer second(kQuicV2, "another");
  Conversation talk = quic();
  talk.client(first.client_initial(kPadding));
  talk.server(number(0x80, 1) + number(0, 4) + vector(1, "c") + vector(1, "s") +
              number(kQuicV2, 4));
  talk.client(second.client_initial(crypto_frame(0, client_hello())));
  talk.server(second.server_initial(crypto_frame(0, server_hello()))).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.all(Field::kQuicVersion), "v2");
  EXPECT_EQ(talk.first(Field::kServerName), "example.org");
}

// Who offers a reserved version makes the keys of one that it wants, of which there are two here.
TEST(QuicDissector, OpensReservedVersionsWithTheKeysOfOthers) {
  for (const uint32_t keys_of : {kQuicV1, 0xff00001dU}) {
    Sealer sealer(0x0a0a0a0a, "original", keys_of);
    Conversation talk = quic();
    talk.client(sealer.client_initial(crypto_frame(0, client_hello()))).hear();
    EXPECT_EQ(talk.first(Field::kQuicVersion), "0x0a0a0a0a");
    EXPECT_EQ(talk.first(Field::kServerName), "example.org");
  }
}

TEST(QuicDissector, TakesTheOneWhoGreetsForTheClient) {
  Sealer sealer(kQuicV1, "original");
  Conversation talk = quic();
  talk.server(sealer.client_initial(crypto_frame(0, client_hello())));
  talk.client(sealer.server_initial(crypto_frame(0, server_hello()))).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.first(Field::kServerName), "example.org");
}

TEST(QuicDissector, IsCertainOfTwoHeadersThatItCannotOpen) {
  Sealer sealer(kQuicV1, "original");
  Conversation talk = quic();
  talk.client(sealer.other(2, "handshake")).hear();
  EXPECT_EQ(talk.findings.protocol, "");
  talk.server(sealer.other(2, "handshake")).hear();
  EXPECT_EQ(talk.findings.protocol, "QUIC");
  EXPECT_EQ(talk.progress, Progress::kMore);
}

TEST(QuicDissector, LooksAtSoManyDatagramsOnly) {
  Sealer sealer(kQuicV1, "original");
  Conversation talk = quic();
  talk.client(sealer.client_initial(crypto_frame(0, client_hello())));
  for (int i = 0; i < 15; ++i) talk.server("\x40short header");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  Conversation opened_by_nobody = quic();
  opened_by_nobody.client(sealer.other(2, "handshake"));
  for (int i = 0; i < 15; ++i) opened_by_nobody.client("\x40short header");
  opened_by_nobody.hear();
  EXPECT_EQ(opened_by_nobody.progress, Progress::kNotMine);
}

TEST(QuicDissector, StopsAtFramesThatCannotBeThere) {
  Sealer sealer(kQuicV1, "original");
  Conversation talk = quic();
  talk.client(sealer.client_initial(std::string("\x1c\x00", 2) + crypto_frame(0, client_hello())));
  talk.client(sealer.client_initial("\x06\x40\x00\x7f\xff" + std::string(30, 'x'))).hear();
  EXPECT_EQ(talk.progress, Progress::kMore);
  EXPECT_EQ(talk.first(Field::kServerName), "");
  EXPECT_EQ(talk.findings.protocol, "QUIC");
}

TEST(QuicDissector, SkipsAcknowledgements) {
  Sealer sealer(kQuicV1, "original");
  Conversation talk =
      quic();  // largest 9, delay 1, two ranges, first range 0; with three ECN counts
  const std::string ack("\x03\x09\x01\x02\x00\x01\x01\x02\x02\x05\x06\x07", 12);
  talk.client(sealer.client_initial(ack + crypto_frame(0, client_hello()))).hear();
  EXPECT_EQ(talk.first(Field::kServerName), "example.org");
}

TEST(QuicDissector, ReadsTheHelloOfGooglesQ050) {
  const std::string values = "www.example.org";
  std::string chlo = "CHLO" + std::string("\1\0\0\0", 4) + std::string("SNI\0", 4) +
                     std::string("\x0f\0\0\0", 4) + values;
  Sealer sealer(0x51303530, "original");
  Conversation talk = quic();
  talk.client(sealer.client_initial("\x08" + crypto_frame(0, chlo).substr(1) + kPadding)).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.first(Field::kServerName), "www.example.org");
  EXPECT_EQ(talk.first(Field::kQuicVersion), "Q050");
}

bool may_begin(std::string_view bytes, bool is_tcp = false) {
  Payload payload;
  payload.bytes = reader(bytes);
  payload.is_tcp = is_tcp;
  return QuicDissector::may_begin(payload);
}

TEST(QuicDissector, LooksAtTheFirstBytes) {
  Sealer sealer(kQuicV1, "original");
  EXPECT_TRUE(may_begin(sealer.client_initial(kPadding)));
  EXPECT_FALSE(may_begin(sealer.client_initial(kPadding), true));
  EXPECT_FALSE(may_begin(std::string("\xc0\0\0\0\1", 5)));
  EXPECT_FALSE(may_begin(std::string("\xc0\x12\x34\x56\x78\0\0\0", 8)));
  EXPECT_FALSE(may_begin(std::string("\x40\0\0\0\1\0\0\0", 8)));
  EXPECT_TRUE(
      may_begin("\x09"
                "connectiQ035"));
  EXPECT_FALSE(may_begin(""));
}

}  // namespace
}  // namespace weir

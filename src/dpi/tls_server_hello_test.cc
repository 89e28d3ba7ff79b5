// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/tls_server_hello.h"

#include <gtest/gtest.h>

#include "dpi/test_tls.h"
#include "dpi/tls_cipher_names.h"

namespace weir {
namespace {

using namespace test_tls;

TEST(ParseServerHello, ReadsTls12) {
  const std::string body =
      ServerHello{.extensions = {{0xff01, std::string(1, '\0')}, alpn({"h2"})}}.body();
  TlsServerHello out;
  ASSERT_TRUE(parse_server_hello(reader(body), out));
  EXPECT_EQ(out.version, 0x0303);
  EXPECT_EQ(out.agreed_version, 0x0303);
  EXPECT_EQ(out.cipher_suite, 0xc02f);
  EXPECT_EQ(out.alpn, "h2");
  EXPECT_FALSE(out.is_hello_retry_request);
}

TEST(ParseServerHello, FindsTheVersionOfTls13) {
  const std::string body =
      ServerHello{.cipher_suite = 0x1301, .extensions = {{43, "\x03\x04"}}}.body();
  TlsServerHello out;
  ASSERT_TRUE(parse_server_hello(reader(body), out));
  EXPECT_EQ(out.version, 0x0303);
  EXPECT_EQ(out.agreed_version, 0x0304);
}

TEST(ParseServerHello, ReadsTheEarlyDrafts) {
  const std::string body =
      number(0x7f12, 2) + std::string(32, 's') + number(0x1301, 2) + extension_block({{40, "key"}});
  TlsServerHello out;
  ASSERT_TRUE(parse_server_hello(reader(body), out));
  EXPECT_EQ(out.agreed_version, 0x7f12);
  EXPECT_EQ(out.cipher_suite, 0x1301);
}

TEST(ParseServerHello, TellsARetry) {
  const std::string random =
      from_hex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");
  TlsServerHello out;
  ASSERT_TRUE(parse_server_hello(reader(ServerHello{.random = random}.body()), out));
  EXPECT_TRUE(out.is_hello_retry_request);
}

TEST(ParseServerHello, RefusesEveryOtherLength) {
  const std::string body = ServerHello{.extensions = {alpn({"h2"})}}.body();
  const size_t bare = ServerHello{}.body().size();
  for (size_t size = 0; size < body.size(); ++size) {
    TlsServerHello out;
    const std::string cut = body.substr(0, size);
    EXPECT_EQ(parse_server_hello(reader(cut), out), size == bare) << size;
  }
}

TEST(TlsCipherName, IsIanas) {
  EXPECT_EQ(tls_cipher_name(0x0000), "TLS_NULL_WITH_NULL_NULL");
  EXPECT_EQ(tls_cipher_name(0x1301), "TLS_AES_128_GCM_SHA256");
  EXPECT_EQ(tls_cipher_name(0xc02f), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
  EXPECT_EQ(tls_cipher_name(0x5600), "TLS_FALLBACK_SCSV");
  EXPECT_EQ(tls_cipher_name(0x0a0a), "");
  EXPECT_EQ(tls_cipher_name(0xffff), "");
}

}  // namespace
}  // namespace weir

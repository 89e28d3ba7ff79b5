// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ja4.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "dpi/test_tls.h"

namespace weir {
namespace {

using namespace test_tls;

std::string ja4_of(const ClientHello& hello, TlsTransport transport = TlsTransport::kTcp) {
  const std::string body = hello.body();
  TlsClientHello out;
  EXPECT_TRUE(parse_client_hello(reader(body), hello.is_dtls, out));
  return ja4(out, transport);
}

// Chrome's hello that FoxIO's description takes for its example, in an order of its own.
ClientHello chrome() {
  return {.cipher_suites = {0xdada, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9,
                            0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035},
          .extensions = {{0x4a4a, ""},
                         server_name("example.org"),
                         {23, ""},
                         {0xff01, std::string(1, '\0')},
                         groups({0xdada, 29, 23, 24}),
                         point_formats(std::string(1, '\0')),
                         {35, ""},
                         alpn({"h2", "http/1.1"}),
                         {5, "status"},
                         signature_algorithms(
                             {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601}),
                         {18, ""},
                         {51, "key"},
                         {45, "modes"},
                         supported_versions({0x9a9a, 0x0304, 0x0303}),
                         {27, "brotli"},
                         {0x4469, "h2"},
                         {0xbaba, "x"},
                         {21, "padding"}}};
}

TEST(Ja4, IsThePublishedOne) {
  EXPECT_EQ(ja4_of(chrome()), "t13d1516h2_8daaf6152771_e5627efa2ab1");
}

TEST(Ja4, DoesNotDependOnTheOrder) {
  ClientHello hello = chrome();
  std::ranges::reverse(hello.extensions);
  std::ranges::reverse(hello.cipher_suites);
  EXPECT_EQ(ja4_of(hello), ja4_of(chrome()));
}

TEST(Ja4, NamesTheTransport) {
  EXPECT_EQ(ja4_of(chrome(), TlsTransport::kQuic), "q13d1516h2_8daaf6152771_e5627efa2ab1");
  const ClientHello dtls{.version = 0xfefd, .is_dtls = true, .extensions = {{23, ""}}};
  EXPECT_EQ(ja4_of(dtls, TlsTransport::kDtls).substr(0, 11), "dd2i020100_");
}

TEST(Ja4, TakesTheHighestNumberForTheVersion) {
  const ClientHello dtls{
      .version = 0xfefd, .is_dtls = true, .extensions = {supported_versions({0xfefc, 0xfefd})}};
  EXPECT_EQ(ja4_of(dtls, TlsTransport::kDtls).substr(0, 4), "dd2i");
  EXPECT_EQ(ja4_of({.extensions = {supported_versions({0xfafa, 0x0304, 0x7f17})}}).substr(0, 4),
            "t00i");
}

TEST(Ja4, IsOfZerosWhereThereIsNothing) {
  EXPECT_EQ(ja4_of({.cipher_suites = {0x0a0a}}), "t12i000000_000000000000_000000000000");
  // The two extensions that its first part tells of are not hashed.
  EXPECT_EQ(ja4_of({.cipher_suites = {0x0a0a}, .extensions = {server_name("a"), alpn({"h2"})}}),
            "t12d0002h2_000000000000_000000000000");
}

TEST(Ja4, CountsTo99) {
  ClientHello hello{.cipher_suites = std::vector<uint16_t>(120, 0x1301)};
  EXPECT_EQ(ja4_of(hello).substr(0, 11), "t12i990000_");
  hello.cipher_suites.assign(kMaxJa4Values, 0x1301);
  EXPECT_EQ(ja4_of(hello).size(), 36U);
  hello.cipher_suites.push_back(0x1301);
  EXPECT_EQ(ja4_of(hello), "");
}

// FoxIO's table of examples.
TEST(Ja4, TakesTheFirstAndTheLastOfAnAlpn) {
  const auto of = [](const std::string& name) {
    return ja4_of({.extensions = {alpn({name, "zz"})}}).substr(8, 2);
  };
  EXPECT_EQ(of("http/1.1"), "h1");
  EXPECT_EQ(of("h3"), "h3");
  EXPECT_EQ(of("a"), "aa");
  EXPECT_EQ(of("\xab"), "ab");
  EXPECT_EQ(of("\xab\xcd"), "ad");
  EXPECT_EQ(of("\x30\xab"), "3b");
  EXPECT_EQ(of("\x30\x31\xab\xcd"), "3d");
  EXPECT_EQ(of("\x30\xab\xcd\x31"), "01");
  EXPECT_EQ(of(""), "00");
}

TEST(Ja4s, IsThePublishedOne) {
  const std::string body = ServerHello{.cipher_suite = 0xc030,
                                       .extensions = {{5, ""}, {0x17, ""}, {0xff01, ""}, {0, ""}}}
                               .body();
  TlsServerHello out;
  ASSERT_TRUE(parse_server_hello(reader(body), out));
  EXPECT_EQ(ja4s(out, TlsTransport::kTcp), "t120400_c030_4e8089b08790");
  ASSERT_TRUE(parse_server_hello(reader(ServerHello{}.body()), out));
  EXPECT_EQ(ja4s(out, TlsTransport::kQuic), "q120000_c02f_000000000000");
}

}  // namespace
}  // namespace weir

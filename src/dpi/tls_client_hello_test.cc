// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/tls_client_hello.h"

#include <gtest/gtest.h>

#include "dpi/test_tls.h"
#include "dpi/tls_version.h"

namespace weir {
namespace {

using namespace test_tls;

TEST(ParseClientHello, ReadsWhatItSays) {
  const ClientHello hello{
      .cipher_suites = {0x1302, 0xc030},
      .extensions = {server_name("example.org"), groups({29, 23}),
                     point_formats(std::string("\0\1", 2)), signature_algorithms({0x0403}),
                     alpn({"h2", "http/1.1"}), supported_versions({0x0a0a, 0x0304, 0x0303})}};
  const std::string body = hello.body();
  TlsClientHello out;
  ASSERT_TRUE(parse_client_hello(reader(body), false, out));
  EXPECT_EQ(out.version, 0x0303);
  ASSERT_EQ(out.cipher_suites.size(), 2U);
  EXPECT_EQ(out.cipher_suites[1], 0xc030);
  EXPECT_TRUE(out.has_server_name);
  EXPECT_EQ(out.server_name, "example.org");
  EXPECT_EQ(out.groups.size(), 2U);
  EXPECT_EQ(out.groups[0], 29);
  EXPECT_EQ(out.point_formats.remaining(), 2U);
  EXPECT_EQ(out.signature_algorithms[0], 0x0403);
  EXPECT_EQ(out.supported_versions.size(), 3U);
  EXPECT_FALSE(out.has_encrypted_client_hello);
  std::string_view name;
  EXPECT_TRUE(next_alpn(out.alpn, name));
  EXPECT_EQ(name, "h2");
  EXPECT_TRUE(next_alpn(out.alpn, name));
  EXPECT_EQ(name, "http/1.1");
  EXPECT_FALSE(next_alpn(out.alpn, name));
}

TEST(ParseClientHello, ReadsTheCookieOfDtls) {
  ClientHello hello{.version = 0xfefd, .is_dtls = true, .extensions = {server_name("a.example")}};
  const std::string body = hello.body();
  TlsClientHello out;
  EXPECT_TRUE(parse_client_hello(reader(body), true, out));
  EXPECT_EQ(out.server_name, "a.example");
  EXPECT_FALSE(parse_client_hello(reader(body), false, out));
}

TEST(ParseClientHello, TakesOneWithoutExtensions) {
  const std::string body = ClientHello{.version = 0x0300}.body();
  TlsClientHello out;
  EXPECT_TRUE(parse_client_hello(reader(body), false, out));
  EXPECT_FALSE(out.has_server_name);
  EXPECT_EQ(highest_version(out), 0x0300);
}

TEST(ParseClientHello, KeepsWhatCameBeforeTheCut) {
  const std::string body =
      ClientHello{.extensions = {server_name("example.org"), {21, std::string(400, '\0')}}}.body();
  TlsClientHello out;
  const std::string cut = body.substr(0, body.size() - 100);
  EXPECT_FALSE(parse_client_hello(reader(cut), false, out));
  EXPECT_EQ(out.server_name, "example.org");
  EXPECT_EQ(out.cipher_suites.size(), 2U);
}

TEST(ParseClientHello, RefusesEveryOtherLength) {
  const std::string body = ClientHello{.extensions = {server_name("example.org")}}.body();
  const std::string bare = ClientHello{}.body();
  for (size_t size = 0; size < body.size(); ++size) {
    TlsClientHello out;
    // A copy of its own, so that a sanitizer sees a read beyond it.
    const std::string cut = body.substr(0, size);
    EXPECT_EQ(parse_client_hello(reader(cut), false, out), size == bare.size()) << size;
  }
  TlsClientHello out;
  EXPECT_TRUE(parse_client_hello(reader(body + "behind"), false, out));
}

TEST(ParseClientHello, RefusesOneWithoutCipherSuites) {
  TlsClientHello out;
  EXPECT_FALSE(parse_client_hello(reader(ClientHello{.cipher_suites = {}}.body()), false, out));
}

TEST(ParseClientHello, TakesMalformedExtensionsForEmptyOnes) {
  const std::vector<Extension> malformed{{0, number(9, 2)}, {10, "\xff"}, {11, "\x09"},
                                         {13, ""},          {16, "\x01"}, {43, "\x30"}};
  const std::string body = ClientHello{.extensions = malformed}.body();
  TlsClientHello out;
  ASSERT_TRUE(parse_client_hello(reader(body), false, out));
  EXPECT_TRUE(out.has_server_name);
  EXPECT_EQ(out.server_name, "");
  EXPECT_TRUE(out.groups.empty());
  EXPECT_TRUE(out.point_formats.empty());
  EXPECT_TRUE(out.alpn.empty());
  EXPECT_TRUE(out.supported_versions.empty());
}

TEST(ParseClientHello, SkipsNamesThatAreNoHostNames) {
  const std::string list = number(7, 1) + vector(2, "other") + number(0, 1) + vector(2, "host");
  const std::string body = ClientHello{.extensions = {{0, vector(2, list)}}}.body();
  TlsClientHello out;
  ASSERT_TRUE(parse_client_hello(reader(body), false, out));
  EXPECT_EQ(out.server_name, "host");
}

TEST(ParseClientHello, NoticesAnEncryptedHello) {
  for (const uint16_t type : {uint16_t{0xfe0d}, uint16_t{0xffce}}) {
    const std::string body = ClientHello{.extensions = {{type, "x"}}}.body();
    TlsClientHello out;
    ASSERT_TRUE(parse_client_hello(reader(body), false, out));
    EXPECT_TRUE(out.has_encrypted_client_hello);
  }
}

uint16_t highest(const std::vector<uint16_t>& versions) {
  const std::string body = ClientHello{.extensions = {supported_versions(versions)}}.body();
  TlsClientHello out;
  EXPECT_TRUE(parse_client_hello(reader(body), false, out));
  return highest_version(out);
}

TEST(HighestVersion, LeavesGreaseOutAndKnowsThatDtlsCountsDown) {
  EXPECT_EQ(highest({0xfafa, 0x0303, 0x0304, 0x0302}), kTls13);
  EXPECT_EQ(highest({0x0a0a}), kTls12);  // the hello's own
  EXPECT_EQ(highest({kDtls12, kDtls13}), kDtls13);
  EXPECT_EQ(highest({kDtls10, kDtls12}), kDtls12);
  EXPECT_EQ(highest({0x7f17, 0x0303}), 0x7f17);
}

TEST(TlsVersion, HasNames) {
  EXPECT_EQ(tls_version_name(kTls13), "TLS 1.3");
  EXPECT_EQ(tls_version_name(0x7f1c), "TLS 1.3");
  EXPECT_EQ(tls_version_name(0x0301), "TLS 1.0");
  EXPECT_EQ(tls_version_name(kSsl2), "SSL 2.0");
  EXPECT_EQ(tls_version_name(kDtls12), "DTLS 1.2");
  EXPECT_EQ(tls_version_name(0x0305), "");
  EXPECT_EQ(ja4_version(kTls12), "12");
  EXPECT_EQ(ja4_version(kSsl3), "s3");
  EXPECT_EQ(ja4_version(kDtls13), "d3");
  EXPECT_EQ(ja4_version(0x7f17), "00");
}

TEST(TlsVersion, KnowsGrease) {
  EXPECT_TRUE(is_grease(0x0a0a));
  EXPECT_TRUE(is_grease(0xfafa));
  EXPECT_FALSE(is_grease(0x0a1a));
  EXPECT_FALSE(is_grease(0x1301));
}

}  // namespace
}  // namespace weir

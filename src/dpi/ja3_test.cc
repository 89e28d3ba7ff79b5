// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ja3.h"

#include <gtest/gtest.h>

#include "dpi/digest.h"
#include "dpi/test_tls.h"

namespace weir {
namespace {

using namespace test_tls;

std::string ja3_of(const ClientHello& hello) {
  const std::string body = hello.body();
  TlsClientHello out;
  EXPECT_TRUE(parse_client_hello(reader(body), false, out));
  return ja3(out);
}

// The two examples of its authors.
TEST(Ja3, IsThePublishedOne) {
  EXPECT_EQ(ja3_of({.version = 769,
                    .cipher_suites = {47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4},
                    .extensions = {server_name("example.org"), groups({23, 24, 25}),
                                   point_formats(std::string(1, '\0'))}}),
            "ada70206e40642a3e4461f35503241d5");
  EXPECT_EQ(ja3_of({.version = 769, .cipher_suites = {4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99}}),
            "de350869b8c85de67a350c8d186f11e6");
}

TEST(Ja3, LeavesGreaseOut) {
  EXPECT_EQ(ja3_of({.cipher_suites = {0x1a1a, 0x1301},
                    .extensions = {{0x2a2a, ""}, groups({0xfafa, 29}), {0xdada, "x"}}}),
            md5_hex("771,4865,10,29,"));
}

TEST(Ja3s, IsMadeOfTheServersChoice) {
  const std::string body =
      ServerHello{.cipher_suite = 47, .extensions = {{65281, ""}, {0, ""}}}.body();
  TlsServerHello out;
  ASSERT_TRUE(parse_server_hello(reader(body), out));
  EXPECT_EQ(ja3s(out), md5_hex("771,47,65281-0"));
  ASSERT_TRUE(parse_server_hello(reader(ServerHello{}.body()), out));
  EXPECT_EQ(ja3s(out), md5_hex("771,49199,"));
}

}  // namespace
}  // namespace weir

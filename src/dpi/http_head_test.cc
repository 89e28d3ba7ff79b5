// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/http_head.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

ByteReader reader_of(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::string key_of(std::string_view path) {
  return http_transaction_key("GET", "h", path);
}

TEST(HttpHead, KnowsTheMethodsOfHttpAndItsExtensions) {
  for (const std::string_view start : {"GET /", "G", "PROPFIND /x", "M-SEARCH *", "RPC_IN_DATA /",
                                       "UNSUBSCRIBE /", "BITS_POST /"}) {
    EXPECT_TRUE(begins_like_http_request(reader_of(start))) << start;
  }
  for (const std::string_view start :
       {"get /", "GETX", "REGISTER sip:", "PRI * HTTP/2.0", "", "\x16"}) {
    EXPECT_FALSE(begins_like_http_request(reader_of(start))) << start;
  }
  EXPECT_TRUE(begins_like_http_response(reader_of("HTTP/1.1 200")));
  EXPECT_FALSE(begins_like_http_response(reader_of("HTTP/2 200")));
  EXPECT_FALSE(begins_like_http_response(reader_of("HEAD /")));
}

TEST(HttpHead, ReadsRequestLines) {
  const auto plain = parse_http_request_line("GET /a?b HTTP/1.1", false);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->method, "GET");
  EXPECT_EQ(plain->target, "/a?b");
  EXPECT_EQ(parse_http_request_line("GET /a b c HTTP/1.0", false)->target, "/a b c");
  EXPECT_FALSE(parse_http_request_line("GET /a", false));
  EXPECT_FALSE(parse_http_request_line("GET  HTTP/1.1", false));
  EXPECT_FALSE(parse_http_request_line("GET HTTP/1.1", false));
  EXPECT_FALSE(parse_http_request_line("GOT /a HTTP/1.1", false));
  EXPECT_FALSE(parse_http_request_line("OPTIONS * RTSP/1.0", false));
  EXPECT_FALSE(parse_http_request_line("NOTIFY sip:a@b SIP/2.0", false));
  EXPECT_FALSE(parse_http_request_line("", false));
}

TEST(HttpHead, TakesARequestLineThatWasCutByItsTarget) {
  EXPECT_EQ(parse_http_request_line("GET /very/long", true)->target, "/very/long");
  EXPECT_EQ(parse_http_request_line("GET http://h/very/long", true)->target, "http://h/very/long");
  EXPECT_FALSE(parse_http_request_line("NOTIFY sip:very-long", true));
}

TEST(HttpHead, ReadsStatusLines) {
  EXPECT_EQ(parse_http_status_line("HTTP/1.1 200 OK"), 200);
  EXPECT_EQ(parse_http_status_line("HTTP/1.0 404"), 404);
  EXPECT_EQ(parse_http_status_line("HTTP/1.1 20 OK"), std::nullopt);
  EXPECT_EQ(parse_http_status_line("HTTP/1.1 099 OK"), std::nullopt);
  EXPECT_EQ(parse_http_status_line("HTTP/1.1 2000 OK"), std::nullopt);
  EXPECT_EQ(parse_http_status_line("HTTP/1.1 abc OK"), std::nullopt);
  EXPECT_EQ(parse_http_status_line("HTTQ/1.1 200 OK"), std::nullopt);
  EXPECT_EQ(parse_http_status_line("HTTP/1.1"), std::nullopt);
}

TEST(HttpHead, ReadsTheFieldsThatMatter) {
  EXPECT_EQ(parse_http_field_line("HOST: a ").field, HttpField::kHost);
  EXPECT_EQ(parse_http_field_line("HOST: a ").value, "a");
  EXPECT_EQ(parse_http_field_line("user-agent:x").field, HttpField::kUserAgent);
  EXPECT_EQ(parse_http_field_line("Server: x").field, HttpField::kServer);
  EXPECT_EQ(parse_http_field_line("Content-Type: x").field, HttpField::kContentType);
  EXPECT_EQ(parse_http_field_line("Content-Length: 1").field, HttpField::kContentLength);
  EXPECT_EQ(parse_http_field_line("Transfer-Encoding: chunked").field,
            HttpField::kTransferEncoding);
  EXPECT_EQ(parse_http_field_line("Upgrade: h2c").field, HttpField::kUpgrade);
  EXPECT_EQ(parse_http_field_line("Cookie: x").field, HttpField::kOther);
  EXPECT_EQ(parse_http_field_line("Hose: x").field, HttpField::kOther);
  EXPECT_EQ(parse_http_field_line("no colon").field, HttpField::kOther);
}

TEST(HttpHead, TakesTargetsApart) {
  EXPECT_EQ(parse_http_target("/a#b").path, "/a");
  EXPECT_EQ(parse_http_target("*").path, "*");
  EXPECT_EQ(parse_http_target("http://u:p@h:81/a?b#c").host, "h:81");
  EXPECT_EQ(parse_http_target("http://u:p@h:81/a?b#c").path, "/a?b");
  EXPECT_EQ(parse_http_target("http://h").host, "h");
  EXPECT_EQ(parse_http_target("http://h?q").path, "?q");
  EXPECT_EQ(parse_http_target("h:443").host, "h:443");
  EXPECT_EQ(host_without_port("Example.ORG:8080"), "example.org");
  EXPECT_EQ(host_without_port("[FF02::C]:1900"), "ff02::c");
  EXPECT_EQ(host_without_port("[FF02::C"), "ff02::c");
  EXPECT_EQ(host_without_port("ff02::c"), "ff02::c");
  EXPECT_EQ(host_without_port(""), "");
}

TEST(HttpHead, PutsRequestsForTheSameThingUnderOneKey) {
  EXPECT_EQ(http_transaction_key("GET", "Example.org:80", "/slow?x=1"), "GET example.org/slow");
  EXPECT_EQ(http_transaction_key("POST", "h:8081", "/"), "POST h:8081/");
  EXPECT_EQ(key_of("/user/42/posts/7"), "GET h/user/:id/posts/:id");
  EXPECT_EQ(key_of("/o/123e4567-e89b-12d3-a456-426614174000"), "GET h/o/:id");
  EXPECT_EQ(key_of("/c/da39a3ee5e6b4b0d/x"), "GET h/c/:id/x");
  EXPECT_EQ(key_of("/img/12345.jpg"), "GET h/img/:id.jpg");
  EXPECT_EQ(key_of("/v1/feedface/1.2.3/abc"), "GET h/v1/feedface/1.2.3/abc");
  EXPECT_EQ(key_of("//x/"), "GET h//x/");
  EXPECT_EQ(key_of("/" + std::string(5000, 'x')).size(), kMaxHttpKeyBytes);
}

}  // namespace
}  // namespace weir

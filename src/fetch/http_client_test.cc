// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch/http_client.h"

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_patience.h"
#include "fetch/test_peer.h"

namespace weir {
namespace {

using test::http_answer;
using test::Peer;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

HttpClientOptions options_for(const Peer& peer) {
  HttpClientOptions options;
  options.allowed = *AllowedUrls::parse({peer.url()});
  return options;
}

uint64_t count_of(const HttpClient& client, const char* name) {
  return *client.statistics()[name].as<uint64_t>();
}

TEST(HttpClient, GivesStatusTypeAndBodyOfAnyAnswer) {
  const Peer peer([](const std::string&) {
    return std::vector{http_answer("no such thing", "404 Not Found", "text/x")};
  });
  HttpClient client(options_for(peer));
  const auto answer = client.ask({.url = peer.url() + "/a?b=c"});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 404);
  EXPECT_EQ(answer->content_type, "text/x");
  EXPECT_EQ(answer->body, "no such thing");
  EXPECT_THAT(peer.requests().at(0), StartsWith("GET /a?b=c HTTP/1.1\r\n"));
  EXPECT_EQ(count_of(client, "requests"), 1U);
  EXPECT_EQ(count_of(client, "bytes_received"), 13U);
}

TEST(HttpClient, SendsBodyTypeAndHeaders) {
  const Peer peer([](const std::string&) { return std::vector{http_answer("")}; });
  HttpClient client(options_for(peer));
  const std::string body("{\"a\":\0}", 7);
  for (const char* method : {"", "PUT"}) {
    ASSERT_TRUE(client.ask({.url = peer.url(),
                            .method = method,
                            .body = body,
                            .headers = {{"Authorization", "Bearer x"}, {"X-Empty", ""}}}));
  }
  const auto requests = peer.requests();
  EXPECT_THAT(requests.at(0), StartsWith("POST / HTTP/1.1\r\n"));
  EXPECT_THAT(requests.at(1), StartsWith("PUT / HTTP/1.1\r\n"));
  for (const std::string& request : requests) {
    EXPECT_THAT(request, HasSubstr("\r\nContent-Type: application/json\r\n"));
    EXPECT_THAT(request, HasSubstr("\r\nAuthorization: Bearer x\r\n"));
    EXPECT_THAT(request, HasSubstr("\r\nX-Empty:"));
    EXPECT_TRUE(request.ends_with(body));
  }
}

TEST(HttpClient, AsksNobodyWhoIsNotAllowed) {
  const Peer peer([](const std::string&) { return std::vector{http_answer("secret")}; });
  HttpClient client({});
  const auto answer = client.ask({.url = peer.url()});
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("--allow-url"));
  EXPECT_THAT(peer.requests(), IsEmpty());
  EXPECT_EQ(count_of(client, "refused"), 1U);
}

TEST(HttpClient, DoesNotFollowWhereAServerPoints) {
  const Peer other([](const std::string&) { return std::vector{http_answer("secret")}; });
  const Peer peer([&](const std::string&) {
    return std::vector{"HTTP/1.1 302 Found\r\nLocation: " + other.url() +
                       "/\r\nContent-Length: 0\r\n\r\n"};
  });
  HttpClient client(options_for(peer));
  const auto answer = client.ask({.url = peer.url()});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 302);
  EXPECT_THAT(other.requests(), IsEmpty());
}

TEST(HttpClient, SendsNoHeaderThatWouldMakeAnotherRequestOfIt) {
  const Peer peer([](const std::string&) { return std::vector{http_answer("")}; });
  HttpClient client(options_for(peer));
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"Host", "other"},
                                                        {"content-length", "0"},
                                                        {"Transfer-Encoding", "chunked"},
                                                        {"Proxy-Authorization", "x"},
                                                        {"X", "a\r\nHost: other"},
                                                        {"X: y\r\nZ", "a"},
                                                        {"", "a"},
                                                        {"X", std::string("a\0b", 3)}}) {
    EXPECT_FALSE(client.ask({.url = peer.url(), .headers = {{name, value}}})) << name;
  }
  EXPECT_FALSE(client.ask({.url = peer.url(), .body = "x", .content_type = "a\r\nX: y"}));
  EXPECT_FALSE(client.ask({.url = peer.url(), .method = "TRACE"}));
  EXPECT_FALSE(client.ask({.url = peer.url(), .method = "GET", .body = "x"}));
  EXPECT_FALSE(
      client.ask({.url = peer.url(),
                  .headers = std::vector<std::pair<std::string, std::string>>(33, {"X", "y"})}));
  EXPECT_THAT(peer.requests(), IsEmpty());
}

TEST(HttpClient, TakesNoMoreThanItsLimit) {
  const Peer peer([](const std::string&) {
    return std::vector<std::string>{"HTTP/1.1 200 OK\r\n\r\n", std::string(600, 'x'),
                                    std::string(600, 'x')};
  });
  HttpClientOptions options = options_for(peer);
  options.max_answer_bytes = 1000;
  HttpClient client(std::move(options));
  const auto answer = client.ask({.url = peer.url()});
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("too long"));
  EXPECT_EQ(count_of(client, "failed"), 1U);
}

TEST(HttpClient, DoesNotUnpackWhatIsPacked) {
  const Peer peer([](const std::string&) {
    return std::vector<std::string>{
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nxyz"};
  });
  HttpClient client(options_for(peer));
  EXPECT_EQ(client.ask({.url = peer.url()})->body, "xyz");
}

TEST(HttpClient, EndsAtItsTime) {
  const Peer peer([](const std::string&) {
    return std::vector<std::string>(500, std::string("HTTP/1.1 100 Continue\r\n\r\n"));
  });
  HttpClient client(options_for(peer));
  const auto begin = std::chrono::steady_clock::now();
  const auto answer = client.ask({.url = peer.url(), .time = std::chrono::milliseconds(100)});
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("in time"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST(HttpClient, SaysWhyThereIsNoAnswer) {
  std::string url;
  HttpClientOptions options;
  {
    const Peer peer([](const std::string&) { return std::vector<std::string>{"no HTTP"}; });
    options = options_for(peer);
    url = peer.url();
    HttpClient client(options_for(peer));
    EXPECT_FALSE(client.ask({.url = url}));
  }
  HttpClient client(std::move(options));
  const auto answer = client.ask({.url = url});
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, Not(IsEmpty()));
}

TEST(HttpClient, RefusesMoreThanSoManyAtTheSameTime) {
  const Peer peer([](const std::string&) {
    return std::vector<std::string>(50, std::string("HTTP/1.1 100 Continue\r\n\r\n"));
  });
  HttpClientOptions options = options_for(peer);
  options.max_parallel = 1;
  HttpClient client(std::move(options));
  std::thread first([&] { (void)client.ask({.url = peer.url()}); });
  ASSERT_TRUE(test::comes_true([&] { return !peer.requests().empty(); }));
  const auto answer = client.ask({.url = peer.url()});
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("too many"));
  client.close();
  first.join();
}

TEST(HttpClient, LetsNobodyWaitWhenItIsClosed) {
  const Peer peer([](const std::string&) {
    return std::vector<std::string>(2000, std::string("HTTP/1.1 100 Continue\r\n\r\n"));
  });
  HttpClient client(options_for(peer));
  std::thread waiting([&] {
    const auto answer = client.ask({.url = peer.url()});
    EXPECT_FALSE(answer);
    EXPECT_THAT(answer ? "" : answer.error().message, HasSubstr("about to end"));
  });
  ASSERT_TRUE(test::comes_true([&] { return !peer.requests().empty(); }));
  const auto begin = std::chrono::steady_clock::now();
  client.close();
  waiting.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(8));
  EXPECT_FALSE(client.ask({.url = peer.url()}));
}

}  // namespace
}  // namespace weir

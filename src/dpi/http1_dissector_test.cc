// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/http1_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

using Seen = std::vector<SeenTransaction>;

Conversation http() {
  return Conversation(Http1Dissector::create);
}

TEST(Http1Dissector, ReadsARequestAndItsResponse) {
  auto talk = http();
  talk.client(
          "GET /a/b?c=d#e HTTP/1.1\r\nHost: Example.org:8080\r\nUser-Agent: curl/8\r\n"
          "Accept: */*\r\n\r\n")
      .server(
          "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html\r\n"
          "Content-Length: 5\r\n\r\nhello");
  talk.hear();
  EXPECT_EQ(talk.findings.protocol, "HTTP");
  EXPECT_EQ(talk.findings.application, "");
  EXPECT_EQ(talk.progress, Progress::kMore);
  EXPECT_EQ(talk.findings.metadata.entries(),
            (std::vector<MetadataEntry>{{MetadataField::kHttpMethod, "GET"},
                                        {MetadataField::kHttpHost, "Example.org:8080"},
                                        {MetadataField::kHttpUrl, "Example.org:8080/a/b?c=d"},
                                        {MetadataField::kServerName, "example.org"},
                                        {MetadataField::kUserAgent, "curl/8"},
                                        {MetadataField::kHttpStatus, "200"},
                                        {MetadataField::kHttpServer, "nginx"},
                                        {MetadataField::kHttpContentType, "text/html"}}));
  EXPECT_EQ(talk.transactions.seen, (Seen{{"HTTP", "GET example.org:8080/a/b", 1, 2, 2, false}}));
}

// Everything that decides where a message ends, on one connection.
Conversation long_talk() {
  auto talk = http();
  talk.client("POST /post/17 HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\nGET /")
      .client("fake \n")
      .server("HTTP/1.1 100 Continue\r\n\r\n")
      .server("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHTTP/\r\n")
      .server("0\r\n\r\n")
      .client("HEAD /big HTTP/1.1\r\nHost: h\r\n\r\nGET /cached HTTP/1.1\r\nHost: h\r\n\r\n")
      .client(
          "PUT /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
      .server("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n")
      .server(
          "HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")
      .client("\r\nDELETE /x HTTP/1.1\r\nHost: h\r\n\r\n")
      .server("HTTP/1.1 500 Oh\r\nContent-Length: 3\r\n\r\no")
      .server("oo");
  return talk;
}

TEST(Http1Dissector, FollowsAConnectionWhereverItIsSplit) {
  auto talk = long_talk();
  talk.hear();
  const Seen expected{{"HTTP", "POST h/post/:id", 2, 4, 5, false},
                      {"HTTP", "HEAD h/big", 6, 8, 8, false},
                      {"HTTP", "GET h/cached", 6, 9, 9, false},
                      {"HTTP", "PUT h/x", 7, 9, 9, false},
                      {"HTTP", "DELETE h/x", 10, 11, 12, true}};
  EXPECT_EQ(talk.transactions.seen, expected);
  const FlowMetadata metadata = talk.findings.metadata;
  for (size_t part = 1; part < 130; ++part) {
    talk.hear(part);
    EXPECT_EQ(talk.transactions.seen, expected) << part;
    EXPECT_EQ(talk.findings.metadata.entries(), metadata.entries()) << part;
  }
}

TEST(Http1Dissector, TakesARefusalBeforeTheEndOfTheRequestForAnAnswer) {
  auto talk = http();
  talk.client("POST /up HTTP/1.1\r\nContent-Length: 4\r\n")
      .server("HTTP/1.1 413 Too Large\r\n")
      .client("\r\nabcd")
      .server("Content-Length: 0\r\n\r\n");
  talk.hear();
  EXPECT_EQ(talk.transactions.seen, (Seen{{"HTTP", "POST /up", 2, 2, 4, true}}));
}

TEST(Http1Dissector, CompletesWhatEndsWithTheConnectionAtItsEnd) {
  auto talk = http();
  talk.client("GET / HTTP/1.0\r\n\r\n")
      .server("HTTP/1.0 200 OK\r\n\r\n")
      .server("HTTP/1.0 404 not a head\r\n\r\n");
  talk.hear();
  EXPECT_EQ(talk.transactions.seen, Seen{});
  talk.ends = true;
  talk.hear();
  EXPECT_EQ(talk.transactions.seen, (Seen{{"HTTP", "GET /", 1, 2, 3, false}}));
  EXPECT_EQ(talk.all(MetadataField::kHttpStatus), "200");
  EXPECT_EQ(talk.first(MetadataField::kHttpUrl), "/");
}

TEST(Http1Dissector, ReportsWhatTheEndOfTheConnectionCutsOff) {
  auto talk = http();
  talk.client("GET /one HTTP/1.1\r\n\r\nGET /two HTTP/1.1\r\n\r\n")
      .server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nx")
      .server("y");
  talk.ends = true;
  talk.hear();
  EXPECT_EQ(talk.transactions.seen, (Seen{{"HTTP", "GET /one", 1, 2, 3, false},
                                          {"HTTP", "GET /two", 1, 1, 1, false, false}}));
}

TEST(Http1Dissector, ClaimsNoMissingAnswerWhereItMayHaveMissedIt) {
  auto one_sided = http();
  one_sided.client("GET /one HTTP/1.1\r\n\r\n");
  auto torn = http();
  torn.client("GET /one HTTP/1.1\r\n\r\n")
      .server("HTTP/1.1 204 No Content\r\n\r\n")
      .client("GET /two HTTP/1.1\r\n\r\n")
      .server_after_gap("the end of something");
  for (Conversation* talk : {&one_sided, &torn}) {
    talk->ends = true;
    talk->hear();
    for (const SeenTransaction& each : talk->transactions.seen) EXPECT_TRUE(each.has_answer);
  }
}

TEST(Http1Dissector, GoesOnAtTheNextHeadWhenBytesAreMissing) {
  auto talk = http();
  talk.client("GET /one HTTP/1.1\r\nHost: h\r\n\r\n")
      .server("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nxxx")
      .server_after_gap("rest of a body\r\n")
      .client("GET /two HTTP/1.1\r\nHost: h\r\n\r\n")
      .server("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
      .client_after_gap("GET /three HTTP/1.1\r\nHost: h\r\n\r\n")
      .server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  talk.hear();
  EXPECT_EQ(talk.transactions.seen, (Seen{{"HTTP", "GET h/one", 1, 2, 2, false},
                                          {"HTTP", "GET h/two", 4, 5, 5, true},
                                          {"HTTP", "GET h/three", 6, 7, 7, false}}));
}

TEST(Http1Dissector, ForgetsPipelinedRequestsWhenResponsesAreMissing) {
  auto talk = http();
  talk.client("GET /one HTTP/1.1\r\n\r\nGET /two HTTP/1.1\r\n\r\n")
      .server_after_gap("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
      .client("GET /three HTTP/1.1\r\n\r\n")
      .server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  talk.hear();
  EXPECT_EQ(talk.transactions.seen, (Seen{{"HTTP", "GET /three", 3, 4, 4, false}}));
}

TEST(Http1Dissector, KeepsAnswersAndRequestsTogetherBeyondItsLimit) {
  auto talk = http();
  std::string requests;
  std::string responses;
  for (size_t i = 0; i < HttpExchanges::kMaxWaiting + 3; ++i) {
    requests += "GET /r" + std::string(1, static_cast<char>('a' + i)) + " HTTP/1.1\r\n\r\n";
    responses += "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
  }
  talk.client(requests)
      .server(responses)
      .client("GET /last HTTP/1.1\r\n\r\n")
      .server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  talk.hear();
  ASSERT_EQ(talk.transactions.seen.size(), HttpExchanges::kMaxWaiting + 1);
  EXPECT_EQ(talk.transactions.seen.back(), (SeenTransaction{"HTTP", "GET /last", 3, 4, 4, false}));
}

TEST(Http1Dissector, KnowsWhoAsksByWhatIsSaid) {
  auto talk = http();
  talk.server("GET /turned HTTP/1.1\r\nHost: h\r\n\r\n")
      .client("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  talk.hear();
  EXPECT_EQ(talk.transactions.seen, (Seen{{"HTTP", "GET h/turned", 1, 2, 2, false}}));
}

TEST(Http1Dissector, IsDoneWhenTheConnectionBecomesATunnel) {
  auto talk = http();
  talk.client("CONNECT Example.org:443 HTTP/1.1\r\nHost: proxy\r\n\r\n")
      .server("HTTP/1.1 200 Go\r\n\r\n\x16\x03\x01");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.findings.protocol, "HTTP_Connect");
  EXPECT_EQ(talk.all(MetadataField::kServerName), "example.org");
  EXPECT_EQ(talk.transactions.seen, (Seen{{"HTTP", "CONNECT example.org:443", 1, 2, 2, false}}));
  auto refused = http();
  refused.client("CONNECT h:443 HTTP/1.1\r\n\r\n")
      .server("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
  refused.hear();
  EXPECT_EQ(refused.progress, Progress::kMore);
}

TEST(Http1Dissector, ReadsWhatAProxyIsAskedFor) {
  auto talk = http();
  talk.client("GET http://example.org/x HTTP/1.1\r\nHost: other\r\n\r\n");
  talk.hear();
  EXPECT_EQ(talk.findings.protocol, "HTTP_Proxy");
  EXPECT_EQ(talk.all(MetadataField::kHttpHost), "example.org");
  EXPECT_EQ(talk.first(MetadataField::kHttpUrl), "example.org/x");
}

TEST(Http1Dissector, NamesTheWebSocketAndLeavesIt) {
  auto talk = http();
  talk.client("GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
      .server("HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\n\r\n\x81\x05hello");
  for (const size_t part : {SIZE_MAX, size_t{1}}) {
    talk.hear(part);
    EXPECT_EQ(talk.progress, Progress::kDone);
    EXPECT_EQ(talk.findings.protocol, "HTTP");
    EXPECT_EQ(talk.findings.application, "WebSocket");
  }
}

TEST(Http1Dissector, GivesUpWhatIsNotHttp) {
  for (const std::string_view line :
       {"OPTIONS * RTSP/1.0\r\n", "GET tea\r\n", "HTTP/1.1 ABC\r\n"}) {
    auto talk = http();
    talk.client(line);
    talk.hear();
    EXPECT_EQ(talk.progress, Progress::kNotMine) << line;
    EXPECT_EQ(talk.findings.protocol, "") << line;
    EXPECT_TRUE(talk.findings.metadata.empty()) << line;
  }
}

TEST(Http1Dissector, ReadsALineThatIsTooLongAsFarAsItGoes) {
  auto talk = http();
  talk.client("GET /" + std::string(8000, 'x') + " HTTP/1.1\r\nCookie: " + std::string(9000, 'c') +
              "\r\nHost: h\r\n\r\n")
      .server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  for (const size_t part : {SIZE_MAX, size_t{1}, size_t{1000}}) {
    talk.hear(part);
    EXPECT_EQ(talk.findings.protocol, "HTTP");
    EXPECT_EQ(talk.first(MetadataField::kHttpUrl).size(), FlowMetadata::kMaxValueBytes);
    EXPECT_EQ(talk.transactions.seen.size(), 1U);
  }
}

TEST(Http1Dissector, LeavesAHeadWithoutEnd) {
  auto talk = http();
  talk.client("GET / HTTP/1.1\r\n");
  for (int i = 0; i < 300; ++i) talk.client("X: y\r\n");
  talk.client("\r\n").client("GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
  talk.hear();
  EXPECT_EQ(talk.first(MetadataField::kHttpUrl), "h/next");
}

TEST(Http1Dissector, SaysWhenItLostTrack) {
  const auto loses_track = [](std::string_view text) {
    auto talk = http();
    talk.client(text);
    Http1Dissector dissector;
    Findings findings;
    EXPECT_EQ(dissector.feed(talk.payload(0), findings), Progress::kMore);
    return dissector.has_lost_track();
  };
  EXPECT_FALSE(loses_track("GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n"));
  EXPECT_TRUE(loses_track("GET / HTTP/1.1\r\n\r\nwhat?\r\n"));
  EXPECT_TRUE(loses_track("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n"));
}

TEST(Http1Dissector, KeepsBoundedNumbersOfUrls) {
  auto talk = http();
  for (char c = 'a'; c <= 'z'; ++c) {
    talk.client(std::string("GET /") + c + " HTTP/1.1\r\nHost: h\r\n\r\n");
  }
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kMore);
  EXPECT_EQ(talk.all(MetadataField::kHttpUrl), "h/a h/b h/c h/d h/e h/f h/g h/h");
  talk.is_counted = false;
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
}

TEST(Http1Dissector, KnowsApplicationsByTheirContentType) {
  auto talk = http();
  talk.client(
      "POST / HTTP/1.1\r\nHost: ocsp.example\r\nContent-Type: application/ocsp-request\r\n\r\n");
  talk.hear();
  EXPECT_EQ(talk.findings.application, "OCSP");
}

TEST(Http1Dissector, FollowsAnUpgradeToHttp2) {
  auto talk = http();
  talk.client("GET /one HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\n\r\n")
      .server(std::string("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n") +
              std::string("\0\0\0\4\0\0\0\0\0", 9))
      .client(std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") +
              std::string("\0\0\0\4\0\0\0\0\0", 9))
      .client(std::string("\0\0\4\1\5\0\0\0\3\x82\x84\x86\x41", 13).substr(0, 9) +
              std::string("\x82\x84\x86\x88", 4));
  for (const size_t part : {SIZE_MAX, size_t{1}, size_t{7}}) {
    talk.hear(part);
    EXPECT_EQ(talk.progress, Progress::kMore);
    EXPECT_EQ(talk.findings.protocol, "HTTP2");
  }
}

}  // namespace
}  // namespace weir

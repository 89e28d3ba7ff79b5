// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/content_coding.h"

#include <array>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

namespace weir {
namespace {

using ::testing::Contains;
using ::testing::Not;
using ::testing::Pair;

HttpAnswer answer_of(std::string body, int status = 200) {
  return {status, "application/json", {}, std::move(body)};
}

HttpRequest asking(const std::string& accept_encoding, const std::string& if_none_match = "") {
  HttpRequest request;
  request.accept_encoding = accept_encoding;
  request.if_none_match = if_none_match;
  return request;
}

std::string unzipped(const std::string& zipped) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 16 + MAX_WBITS), Z_OK);
  std::string input = zipped;
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

std::string etag_of(const HttpAnswer& answer) {
  for (const auto& [name, value] : answer.headers) {
    if (name == "ETag") return value;
  }
  return "";
}

HttpAnswer encode(HttpAnswer answer, const HttpRequest& request) {
  return CodedAnswer(std::move(answer)).to(request);
}

TEST(ContentCoding, KnowsWhoTakesGzip) {
  for (const char* yes : {"gzip", "deflate, gzip", "br;q=1.0, gzip ;q=0.1", "gzip;q=1"})
    EXPECT_TRUE(accepts_gzip(yes)) << yes;
  for (const char* no : {"", "deflate", "gzip;q=0", "gzip; q=0.000", "xgzip", "identity"})
    EXPECT_FALSE(accepts_gzip(no)) << no;
}

TEST(ContentCoding, ZipsSoThatItReadsBackTheSame) {
  const std::string body(5000, 'x');
  const HttpAnswer zipped = encode(answer_of(body), asking("gzip"));
  EXPECT_THAT(zipped.headers, Contains(Pair("Content-Encoding", "gzip")));
  EXPECT_LT(zipped.body.size(), 100U);
  EXPECT_EQ(unzipped(zipped.body), body);
  EXPECT_EQ(encode(answer_of(body), asking("")).body, body);
}

TEST(ContentCoding, CodesOneAnswerForEachAsItAsks) {
  const std::string body(2000, 'x');
  CodedAnswer answer(answer_of(body));
  const std::string zipped = answer.to(asking("gzip")).body;
  EXPECT_EQ(answer.to(asking("")).body, body);
  EXPECT_EQ(answer.to(asking("gzip")).body, zipped);
  EXPECT_EQ(answer.to(asking("gzip", etag_of(answer.to(asking(""))))).status, 304);
}

TEST(ContentCoding, LeavesShortAnswersAndProblemsAsTheyAre) {
  for (const HttpAnswer& answer :
       {answer_of(std::string(1023, 'x')), answer_of(std::string(5000, 'x'), 500)}) {
    const HttpAnswer sent = encode(answer, asking("gzip"));
    EXPECT_EQ(sent.body, answer.body);
    EXPECT_THAT(sent.headers, Not(Contains(Pair("Content-Encoding", "gzip"))));
  }
  EXPECT_EQ(etag_of(encode(answer_of("x", 404), asking(""))), "");
}

TEST(ContentCoding, SendsNothingToWhoHasItAlready) {
  const std::string etag = etag_of(encode(answer_of("abc"), asking("")));
  EXPECT_EQ(etag.substr(0, 3), "W/\"");
  for (const std::string& has : {etag, "\"other\", " + etag, std::string("*")}) {
    const HttpAnswer sent = encode(answer_of("abc"), asking("", has));
    EXPECT_EQ(sent.status, 304) << has;
    EXPECT_EQ(sent.body, "");
    EXPECT_EQ(etag_of(sent), etag);
  }
  EXPECT_EQ(encode(answer_of("abd"), asking("", etag)).status, 200);
  EXPECT_EQ(encode(answer_of(""), asking("", etag)).status, 200);
}

TEST(ContentCoding, TellsTheTimeToNobodyWhoHasAllElse) {
  const auto tag = [](const std::string& body, const std::string& type = "application/json") {
    HttpAnswer answer = answer_of(body);
    answer.content_type = type;
    return etag_of(encode(answer, asking("")));
  };
  const std::string rows = R"({"rows":[{"time":1}],"time":)";
  EXPECT_EQ(tag(rows + R"(5,"total":1})"), tag(rows + R"(6.25,"total":1})"));
  EXPECT_EQ(tag(rows + "5}"), tag(rows + "6.25}"));
  EXPECT_NE(tag(rows + R"(5,"total":1})"), tag(rows + R"(5,"total":2})"));
  EXPECT_NE(tag(rows + "5}"), tag(R"({"rows":[{"time":2}],"time":5})"));
  EXPECT_NE(tag(rows + "5}", "text/plain"), tag(rows + "6}", "text/plain"));
  EXPECT_NE(tag("[5]"), tag("[6]"));
}

}  // namespace
}  // namespace weir

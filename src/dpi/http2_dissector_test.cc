// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/http2_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

using Seen = std::vector<SeenTransaction>;
constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr uint8_t kEndStream = 1;
constexpr uint8_t kEndHeaders = 4;

std::string frame(uint8_t type, uint8_t flags, uint8_t stream, std::string_view payload) {
  const size_t size = payload.size();
  std::string bytes{static_cast<char>(size >> 16),
                    static_cast<char>(size >> 8),
                    static_cast<char>(size),
                    static_cast<char>(type),
                    static_cast<char>(flags),
                    '\0',
                    '\0',
                    '\0',
                    static_cast<char>(stream)};
  bytes += payload;
  return bytes;
}

// A field with a new name, into the table or not. RFC 7541, 6.2.
std::string field(std::string_view name, std::string_view value, char how = '\x40') {
  std::string bytes{how, static_cast<char>(name.size())};
  bytes += name;
  bytes += static_cast<char>(value.size());
  bytes += value;
  return bytes;
}

std::string request(std::string_view path) {
  return field(":method", "POST") + field(":scheme", "http") + field(":authority", "h:50051") +
         field(":path", path);
}

Conversation http2() {
  return Conversation(Http2Dissector::create);
}

Conversation two_streams() {
  auto talk = http2();
  talk.client(std::string(kPreface) + frame(4, 0, 0, ""))
      .server(frame(4, 0, 0, ""))
      .client(frame(1, kEndHeaders, 1,
                    request("/pkg.S/Call") + field("user-agent", "grpc-c/1") +
                        field("content-type", "application/grpc")) +
              frame(0, 0, 1, "data"))
      .client(frame(0, kEndStream, 1, "more"))
      // From the table of the first block, the second half in a CONTINUATION, padded.
      .client(frame(1, kEndStream | 8, 3, "\x02\xc3\xc2PP") + frame(9, kEndHeaders, 3, "\xc1\xc0"))
      .server(frame(1, kEndHeaders, 3, field(":status", "404") + field("server", "s/1")) +
              frame(0, kEndStream, 3, "not found"))
      .server(frame(1, kEndHeaders, 1, "\x88"))
      .server(frame(0, 0, 1, "answer"))
      .server(frame(1, kEndHeaders | kEndStream, 1, field("grpc-status", "5")));
  return talk;
}

TEST(Http2Dissector, FollowsStreamsWhereverTheyAreSplit) {
  auto talk = two_streams();
  const Seen expected{{"HTTP", "POST h:50051/pkg.S/Call", 5, 6, 6, true},
                      {"HTTP", "POST h:50051/pkg.S/Call", 4, 7, 9, true}};
  for (size_t part = 1; part < 300; ++part) {
    talk.hear(part);
    EXPECT_EQ(talk.progress, Progress::kMore) << part;
    EXPECT_EQ(talk.findings.protocol, "HTTP2") << part;
    EXPECT_EQ(talk.findings.application, "gRPC") << part;
    EXPECT_EQ(talk.transactions.seen, expected) << part;
    EXPECT_EQ(talk.first(MetadataField::kHttpMethod), "POST") << part;
    EXPECT_EQ(talk.first(MetadataField::kHttpUrl), "h:50051/pkg.S/Call") << part;
    EXPECT_EQ(talk.first(MetadataField::kServerName), "h") << part;
    EXPECT_EQ(talk.first(MetadataField::kUserAgent), "grpc-c/1") << part;
    EXPECT_EQ(talk.first(MetadataField::kHttpServer), "s/1") << part;
    EXPECT_EQ(talk.all(MetadataField::kHttpStatus), "404 200") << part;
  }
}

TEST(Http2Dissector, SkipsPriorityAndPromises) {
  auto talk = http2();
  talk.client(std::string(kPreface) + frame(4, 0, 0, "") +
              frame(1, kEndHeaders | kEndStream | 0x20, 1,
                    std::string("\0\0\0\0\x10", 5) + request("/a")))
      .server(frame(5, kEndHeaders, 1, std::string("\0\0\0\2", 4) + request("/pushed")) +
              frame(1, kEndHeaders | kEndStream, 1, "\x88"));
  talk.hear();
  EXPECT_EQ(talk.all(MetadataField::kHttpUrl), "h:50051/a");
  EXPECT_EQ(talk.transactions.seen, (Seen{{"HTTP", "POST h:50051/a", 1, 2, 2, false}}));
}

TEST(Http2Dissector, RemembersABoundedNumberOfStreams) {
  auto talk = http2();
  std::string requests = std::string(kPreface) + frame(4, 0, 0, "");
  std::string answers;
  for (uint8_t i = 0; i < Http2Dissector::kMaxStreams + 3; ++i) {
    const auto stream = static_cast<uint8_t>(2 * i + 1);
    requests += frame(1, kEndHeaders | kEndStream, stream,
                      request(std::string("/") + static_cast<char>('a' + i)));
    answers += frame(1, kEndHeaders | kEndStream, stream, "\x88");
  }
  talk.client(requests).server(answers);
  talk.hear();
  EXPECT_EQ(talk.transactions.seen.size(), Http2Dissector::kMaxStreams);
}

TEST(Http2Dissector, DropsStreamsThatAreReset) {
  auto talk = http2();
  talk.client(std::string(kPreface) + frame(4, 0, 0, "") + frame(1, kEndHeaders, 1, request("/a")))
      .client(frame(3, 0, 1, std::string(4, '\0')))
      .server(frame(1, kEndHeaders | kEndStream, 1, "\x88"));
  talk.hear();
  EXPECT_TRUE(talk.transactions.seen.empty());
}

TEST(Http2Dissector, ReportsWhatTheEndOfTheConnectionCutsOff) {
  auto talk = http2();
  talk.client(std::string(kPreface) + frame(4, 0, 0, "") +
              frame(1, kEndHeaders | kEndStream, 1, request("/a")) +
              frame(1, kEndHeaders | kEndStream, 3, request("/b")))
      .server(frame(1, kEndHeaders, 1, "\x88"))
      .server(frame(0, 0, 1, "part"));
  talk.hear();
  EXPECT_EQ(talk.transactions.seen, Seen{});
  talk.ends = true;
  talk.hear();
  EXPECT_EQ(talk.transactions.seen, (Seen{{"HTTP", "POST h:50051/a", 1, 2, 3, false},
                                          {"HTTP", "POST h:50051/b", 1, 1, 1, false, false}}));
}

TEST(Http2Dissector, EndsWhereItCannotBeFollowed) {
  auto gap = http2();
  gap.client(std::string(kPreface) + frame(4, 0, 0, "")).client_after_gap("x");
  gap.hear();
  EXPECT_EQ(gap.progress, Progress::kDone);
  auto broken = http2();  // an index beyond the table
  broken.client(std::string(kPreface) + frame(4, 0, 0, "") + frame(1, kEndHeaders, 1, "\xff\x01"));
  broken.hear();
  EXPECT_EQ(broken.progress, Progress::kDone);
  auto padding = http2();  // more padding than frame
  padding.client(std::string(kPreface) + frame(4, 0, 0, "") +
                 frame(1, kEndHeaders | 8, 1, "\x09x"));
  padding.hear();
  EXPECT_EQ(padding.progress, Progress::kDone);
}

TEST(Http2Dissector, EndsAtBlocksThatNeedTooMuchMemory) {
  auto talk = http2();
  std::string requests = std::string(kPreface) + frame(4, 0, 0, "");
  for (int i = 0; i < 200; ++i) {
    requests += frame(1, kEndHeaders, 1, field("x" + std::to_string(i), "v"));
  }
  talk.client(requests);
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.findings.protocol, "HTTP2");
}

TEST(Http2Dissector, GivesUpWhatOnlyBeganLikeIt) {
  auto talk = http2();
  talk.client("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
  auto broken = http2();  // before anything else that is a frame
  broken.client(std::string(kPreface) + frame(1, kEndHeaders, 1, "\xff\x01"));
  broken.hear();
  EXPECT_EQ(broken.progress, Progress::kNotMine);
}

TEST(Http2Dissector, BeginsWithThePrefaceOrSettings) {
  const auto may_begin = [](std::string_view bytes) {
    auto talk = http2();
    talk.server(bytes);
    return Http2Dissector::may_begin(talk.payload(0));
  };
  EXPECT_TRUE(may_begin(kPreface));
  EXPECT_TRUE(may_begin("PRI"));
  EXPECT_TRUE(may_begin(frame(4, 0, 0, "")));
  EXPECT_TRUE(may_begin(frame(4, 0, 0, std::string("\0\3\0\0\0\x64", 6))));
  EXPECT_FALSE(may_begin(frame(4, 0, 0, std::string("\7\3\0\0\0\x64", 6))));
  EXPECT_FALSE(may_begin(frame(4, 1, 0, "")));
  EXPECT_FALSE(may_begin("PUT / HTTP/1.1"));
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/http_body.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace weir {
namespace {

constexpr size_t kNever = SIZE_MAX;

// How many bytes belong to the body when it comes in parts of that size; kNever: it did not end.
size_t end_of(HttpBody body, std::string_view text, size_t part) {
  for (size_t at = 0; at < text.size(); at += part) {
    const std::string piece(text.substr(at, part));
    ByteReader bytes(reinterpret_cast<const uint8_t*>(piece.data()), piece.size());
    body.skip(bytes);
    if (body.is_over()) return at + piece.size() - bytes.remaining();
    if (body.is_broken()) return kNever;
    EXPECT_TRUE(bytes.empty());
  }
  return kNever;
}

bool is_broken_by(std::string_view text) {
  HttpBody body = HttpBody::chunked();
  ByteReader bytes(reinterpret_cast<const uint8_t*>(text.data()), text.size());
  body.skip(bytes);
  return body.is_broken();
}

TEST(HttpBody, EndsWhereItsLengthSays) {
  EXPECT_TRUE(HttpBody::none().is_over());
  EXPECT_TRUE(HttpBody::of_length(0).is_over());
  const std::string text(10, 'x');
  for (size_t part = 1; part <= text.size(); ++part) {
    EXPECT_EQ(end_of(HttpBody::of_length(7), text, part), 7U) << part;
    EXPECT_EQ(end_of(HttpBody::of_length(10), text, part), 10U) << part;
    EXPECT_EQ(end_of(HttpBody::of_length(11), text, part), kNever) << part;
    EXPECT_EQ(end_of(HttpBody::until_close(), text, part), kNever) << part;
  }
}

TEST(HttpBody, EndsBehindTheLastChunkWhereverItIsSplit) {
  const std::string_view text =
      "5;name=\"v\"\r\nhello\r\n00A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\nNEXT";
  for (size_t part = 1; part <= text.size(); ++part) {
    EXPECT_EQ(end_of(HttpBody::chunked(), text, part), text.size() - 4) << part;
  }
  EXPECT_EQ(end_of(HttpBody::chunked(), "0\r\n\r\n", 5), 5U);
  EXPECT_EQ(end_of(HttpBody::chunked(), "0\n\n", 3), 3U);
}

TEST(HttpBody, NeedsNoneOfACountedContentButItsLastByte) {
  HttpBody body = HttpBody::of_length(10);
  EXPECT_EQ(body.unneeded(), 9U);
  body.pass(4);
  EXPECT_EQ(body.unneeded(), 5U);
  EXPECT_EQ(end_of(body, "0123456789", 10), 6U);
  EXPECT_EQ(HttpBody::until_close().unneeded(), 0U) << "nobody knows its end";
  EXPECT_EQ(HttpBody::none().unneeded(), 0U);

  HttpBody chunked = HttpBody::chunked();
  EXPECT_EQ(chunked.unneeded(), 0U);
  const std::string_view size = "5\r\n";
  ByteReader bytes(reinterpret_cast<const uint8_t*>(size.data()), size.size());
  chunked.skip(bytes);
  EXPECT_EQ(chunked.unneeded(), 4U);
  chunked.pass(4);
  EXPECT_EQ(end_of(chunked, "o\r\n0\r\n\r\nNEXT", 3), 8U);
}

TEST(HttpBody, SaysWhenThereIsNoChunk) {
  EXPECT_TRUE(is_broken_by("xyz\r\n"));
  EXPECT_TRUE(is_broken_by("\r\n"));
  EXPECT_TRUE(is_broken_by("5x\r\n"));
  EXPECT_TRUE(is_broken_by("1\r\nxx"));                  // no end of line behind the data
  EXPECT_TRUE(is_broken_by("1234567890abcdef0\r\n"));    // more than 2^60 bytes
  EXPECT_FALSE(is_broken_by("fffffffffffffff\r\nxxx"));  // the most it takes
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ascii_text.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

ByteReader reader_of(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

TEST(AsciiText, BeginsLikeWhatIsOnlyHalfThere) {
  EXPECT_TRUE(begins_like(reader_of("SSH-2.0"), "SSH-"));
  EXPECT_TRUE(begins_like(reader_of("S"), "SSH-"));
  EXPECT_FALSE(begins_like(reader_of("SX"), "SSH-"));
  EXPECT_FALSE(begins_like(reader_of(""), "SSH-"));
}

TEST(AsciiText, ComparesWordsWithoutLetterCase) {
  EXPECT_TRUE(is_same_word("Content-LENGTH", "content-length"));
  EXPECT_FALSE(is_same_word("Content-Lengt", "content-length"));
  EXPECT_FALSE(is_same_word("Content-Length:", "content-length"));
  EXPECT_TRUE(starts_with_word("HTTP://x", "http://"));
  EXPECT_TRUE(contains_word("gzip, Chunked", "chunked"));
  EXPECT_FALSE(contains_word("chunke", "chunked"));
  EXPECT_EQ(to_lower("[FF02::C]"), "[ff02::c]");
}

TEST(AsciiText, TakesWordsAndNumbersApart) {
  std::string_view text = "RCPT  TO:<a b>";
  EXPECT_EQ(take_word(text), "RCPT");
  EXPECT_EQ(text, "TO:<a b>");
  EXPECT_EQ(take_word(text), "TO:<a");
  EXPECT_EQ(take_word(text), "b>");
  EXPECT_EQ(take_word(text), "");
  EXPECT_EQ(trimmed(" \t x y\t"), "x y");
  EXPECT_EQ(trimmed(" \t "), "");
  EXPECT_EQ(parse_decimal("18446744073709551615"), 18446744073709551615U);
  EXPECT_EQ(parse_decimal("18446744073709551616"), std::nullopt);
  EXPECT_EQ(parse_decimal("-1"), std::nullopt);
  EXPECT_EQ(parse_decimal("1x"), std::nullopt);
  EXPECT_EQ(parse_decimal(""), std::nullopt);
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/utf8.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Utf8, MeasuresTheFirstSequence) {
  EXPECT_EQ(utf8_sequence_length("a\xc3\xa4"), 1U);
  EXPECT_EQ(utf8_sequence_length(std::string_view("\0", 1)), 1U);
  EXPECT_EQ(utf8_sequence_length("\xc3\xa4z"), 2U);
  EXPECT_EQ(utf8_sequence_length("\xe6\xb5\x81"), 3U);
  EXPECT_EQ(utf8_sequence_length("\xf0\x9f\x8c\x8a"), 4U);
}

TEST(Utf8, KnowsTheBordersOfEachLength) {
  EXPECT_EQ(utf8_sequence_length("\x7f"), 1U);
  EXPECT_EQ(utf8_sequence_length("\xc2\x80"), 2U);
  EXPECT_EQ(utf8_sequence_length("\xdf\xbf"), 2U);
  EXPECT_EQ(utf8_sequence_length("\xe0\xa0\x80"), 3U);
  EXPECT_EQ(utf8_sequence_length("\xed\x9f\xbf"), 3U);
  EXPECT_EQ(utf8_sequence_length("\xee\x80\x80"), 3U);
  EXPECT_EQ(utf8_sequence_length("\xf0\x90\x80\x80"), 4U);
  EXPECT_EQ(utf8_sequence_length("\xf4\x8f\xbf\xbf"), 4U);
}

TEST(Utf8, RefusesWhatRfc3629Forbids) {
  EXPECT_EQ(utf8_sequence_length(""), 0U);
  EXPECT_EQ(utf8_sequence_length("\x80"), 0U) << "a continuation alone";
  EXPECT_EQ(utf8_sequence_length("\xc1\xbf"), 0U) << "overlong";
  EXPECT_EQ(utf8_sequence_length("\xe0\x9f\xbf"), 0U) << "overlong";
  EXPECT_EQ(utf8_sequence_length("\xf0\x8f\xbf\xbf"), 0U) << "overlong";
  EXPECT_EQ(utf8_sequence_length("\xed\xa0\x80"), 0U) << "a surrogate";
  EXPECT_EQ(utf8_sequence_length("\xf4\x90\x80\x80"), 0U) << "above U+10FFFF";
  EXPECT_EQ(utf8_sequence_length("\xf5\x80\x80\x80"), 0U) << "above U+10FFFF";
  EXPECT_EQ(utf8_sequence_length("\xff"), 0U);
}

TEST(Utf8, RefusesSequencesCutShort) {
  EXPECT_EQ(utf8_sequence_length("\xc3"), 0U);
  EXPECT_EQ(utf8_sequence_length("\xe6\xb5"), 0U);
  EXPECT_EQ(utf8_sequence_length("\xf0\x9f\x8c"), 0U);
  EXPECT_EQ(utf8_sequence_length("\xc3z"), 0U);
  EXPECT_EQ(utf8_sequence_length("\xe6\xb5z"), 0U);
}

TEST(Utf8, ReadsTheCodeThatItWrote) {
  for (const uint32_t code :
       {0x00U, 0x7fU, 0x80U, 0x7ffU, 0x800U, 0x202eU, 0xffffU, 0x10000U, 0x10ffffU}) {
    std::string text;
    append_utf8(text, code);
    EXPECT_EQ(utf8_code(text), code);
  }
}

}  // namespace
}  // namespace weir

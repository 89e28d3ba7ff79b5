// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/line_reader.h"

#include <gtest/gtest.h>

#include <vector>

namespace weir {
namespace {

struct Lines {
  std::vector<std::string> lines;
  std::vector<bool> was_cut;

  bool operator==(const Lines&) const = default;
};

Lines read_in_parts(std::string_view text, size_t part, size_t max_bytes) {
  LineReader reader(max_bytes);
  Lines result;
  for (size_t at = 0; at < text.size(); at += part) {
    const std::string piece(text.substr(at, part));
    ByteReader bytes(reinterpret_cast<const uint8_t*>(piece.data()), piece.size());
    while (const auto line = reader.next(bytes)) {
      result.lines.emplace_back(*line);
      result.was_cut.push_back(reader.was_cut());
    }
    EXPECT_TRUE(bytes.empty());
  }
  return result;
}

TEST(LineReader, FindsTheSameLinesWhereverTheStreamIsSplit) {
  const std::string_view text = "one\r\ntwo\n\r\n\nlonger than ten\r\nexactly10!\r\nlast";
  const Lines whole = read_in_parts(text, text.size(), 12);
  EXPECT_EQ(whole.lines,
            (std::vector<std::string>{"one", "two", "", "", "longer than ", "exactly10!"}));
  EXPECT_EQ(whole.was_cut, (std::vector<bool>{false, false, false, false, true, false}));
  for (size_t part = 1; part < text.size(); ++part) {
    EXPECT_EQ(read_in_parts(text, part, 12), whole) << part;
  }
}

TEST(LineReader, TellsWhatItHasOfALineThatHasNotEnded) {
  LineReader reader(100);
  const std::string_view text = "whole\nhalf";
  ByteReader bytes(reinterpret_cast<const uint8_t*>(text.data()), text.size());
  EXPECT_EQ(reader.next(bytes), "whole");
  EXPECT_EQ(reader.begun(), "");
  EXPECT_EQ(reader.next(bytes), std::nullopt);
  EXPECT_EQ(reader.begun(), "half");
  reader.clear();
  EXPECT_EQ(reader.begun(), "");
}

}  // namespace
}  // namespace weir

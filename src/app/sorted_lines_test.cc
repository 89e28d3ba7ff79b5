// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sorted_lines.h"

#include <cerrno>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace weir {
namespace {

constexpr size_t kTiny = 1000;  // a handful of lines

struct Closer {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Closer>;

std::string merged(std::vector<SortedLines>& parts) {
  const File file(std::tmpfile());
  const auto result = SortedLines::merge(parts, file.get());
  if (!result) return result.error().message;
  std::rewind(file.get());
  std::string text;
  for (int c = std::fgetc(file.get()); c != EOF; c = std::fgetc(file.get()))
    text += static_cast<char>(c);
  return text;
}

TEST(SortedLines, ComeInTheOrderOfTheirKeys) {
  std::vector<SortedLines> parts;
  parts.emplace_back(testing::TempDir());
  parts[0].add("b", "second");
  parts[0].add("c", "third");
  parts[0].add(std::string("a\0x", 3), "first, after a");
  parts[0].add("\xff", "last");
  EXPECT_EQ(merged(parts), "first, after a\nsecond\nthird\nlast\n");
}

TEST(SortedLines, OfNothingAreNothing) {
  std::vector<SortedLines> parts;
  EXPECT_EQ(merged(parts), "");
  parts.emplace_back(testing::TempDir());
  EXPECT_EQ(merged(parts), "");
}

TEST(SortedLines, SpillWhatTheMemoryCannotHold) {
  std::vector<SortedLines> parts;
  parts.emplace_back(testing::TempDir(), kTiny);
  parts.emplace_back(testing::TempDir(), kTiny);
  std::string expected;
  constexpr int kLines = 401;
  for (int i = 0; i < kLines; ++i) {
    const int scattered = i * 7 % kLines;
    parts[static_cast<size_t>(scattered % 2)].add(fmt::format("{:05}", scattered),
                                                  fmt::format("line {}", scattered));
    expected += fmt::format("line {}\n", i);
  }
  EXPECT_EQ(merged(parts), expected);
}

TEST(SortedLines, OfOneKeyStayInTheOrderTheyCame) {
  for (const size_t limit : {kTiny, SortedLines::kDefaultLimit}) {
    std::vector<SortedLines> parts;
    std::string expected;
    for (int part = 0; part < 2; ++part) {
      parts.emplace_back(testing::TempDir(), limit);
      for (int i = 0; i < 100; ++i) {
        parts.back().add("same", fmt::format("{} {}", part, i));
        expected += fmt::format("{} {}\n", part, i);
      }
    }
    EXPECT_EQ(merged(parts), expected) << limit;
  }
}

TEST(SortedLines, ReportAFullDisk) {
  for (const int lines : {1, 10'000}) {
    std::vector<SortedLines> parts;
    parts.emplace_back(testing::TempDir());
    for (int i = 0; i < lines; ++i) parts[0].add(fmt::format("{}", i), "a line of text");
    const File full(std::fopen("/dev/full", "w"));
    ASSERT_NE(full, nullptr);
    const auto result = SortedLines::merge(parts, full.get());
    ASSERT_FALSE(result) << lines;
    EXPECT_EQ(result.error().message, "write: No space left on device");
    EXPECT_EQ(result.error().code, ENOSPC);
  }
}

TEST(SortedLines, KeepAnErrorOfTheTemporaryFile) {
  std::vector<SortedLines> parts;
  parts.emplace_back("/nonexistent", kTiny);
  for (int i = 0; i < 100; ++i) parts[0].add("key", "line");
  EXPECT_EQ(merged(parts), "temporary file in /nonexistent: No such file or directory");
}

}  // namespace
}  // namespace weir

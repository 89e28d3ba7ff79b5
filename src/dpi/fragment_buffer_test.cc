// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/fragment_buffer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace weir {
namespace {

void insert(FragmentBuffer& buffer, uint64_t offset, std::string_view text) {
  buffer.insert(offset, ByteReader(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
}

std::string front(const FragmentBuffer& buffer) {
  const auto bytes = buffer.front().rest();
  return {bytes.begin(), bytes.end()};
}

TEST(FragmentBuffer, GivesWhatCameInOrder) {
  FragmentBuffer buffer;
  EXPECT_EQ(front(buffer), "");
  insert(buffer, 0, "abc");
  insert(buffer, 3, "def");
  EXPECT_EQ(front(buffer), "abcdef");
}

TEST(FragmentBuffer, WaitsForTheHole) {
  FragmentBuffer buffer;
  insert(buffer, 6, "ghi");
  insert(buffer, 3, "def");
  EXPECT_EQ(front(buffer), "");
  insert(buffer, 0, "abc");
  EXPECT_EQ(front(buffer), "abcdefghi");
}

TEST(FragmentBuffer, TakesPiecesThatOverlap) {
  FragmentBuffer buffer;
  insert(buffer, 0, "abcd");
  insert(buffer, 8, "ijkl");
  insert(buffer, 2, "cdefghij");
  insert(buffer, 1, "b");
  EXPECT_EQ(front(buffer), "abcdefghijkl");
}

TEST(FragmentBuffer, CutsAtItsLimit) {
  FragmentBuffer buffer(5);
  insert(buffer, 3, "defgh");
  insert(buffer, 0, "abc");
  insert(buffer, 5, "x");
  insert(buffer, UINT64_MAX, "y");
  EXPECT_EQ(front(buffer), "abcde");
  EXPECT_EQ(FragmentBuffer(1U << 20).limit(), FragmentBuffer::kMax);
}

TEST(FragmentBuffer, KeepsWhatItHasWhenItGrows) {
  FragmentBuffer buffer;
  const std::string small(FragmentBuffer::kSmall, 'a');
  const std::string rest(FragmentBuffer::kMax - FragmentBuffer::kSmall, 'b');
  insert(buffer, 0, small);
  insert(buffer, small.size(), rest + "too much");
  EXPECT_EQ(front(buffer), small + rest);
}

TEST(FragmentBuffer, DropsAnIslandTooMany) {
  FragmentBuffer buffer;
  for (size_t i = 1; i <= FragmentBuffer::kMaxRanges; ++i) insert(buffer, 2 * i, "x");
  insert(buffer, 2 * FragmentBuffer::kMaxRanges + 2, "y");
  insert(buffer, 0, "ab");  // touches the first island
  EXPECT_EQ(front(buffer), "abx");
  for (size_t i = 1; i < FragmentBuffer::kMaxRanges; ++i) insert(buffer, 2 * i + 1, "x");
  EXPECT_EQ(front(buffer).size(), 2 * FragmentBuffer::kMaxRanges + 1);
}

TEST(FragmentBuffer, StartsAnewAfterClear) {
  FragmentBuffer buffer;
  insert(buffer, 0, "abc");
  buffer.clear();
  EXPECT_EQ(front(buffer), "");
  insert(buffer, 0, "x");
  EXPECT_EQ(front(buffer), "x");
}

TEST(FragmentBuffer, PutsAnyOrderTogether) {
  std::mt19937 random(7);
  std::string text(6000, ' ');
  for (char& c : text) c = static_cast<char>(random());
  for (int round = 0; round < 50; ++round) {
    std::vector<std::pair<size_t, size_t>> pieces;
    for (size_t at = 0; at < text.size();) {
      const size_t size = 200 + random() % 900;
      pieces.emplace_back(at, size + random() % 40);
      at += size;
    }
    std::shuffle(pieces.begin(), pieces.end(), random);
    FragmentBuffer buffer;
    for (const auto& [at, size] : pieces)
      insert(buffer, at, std::string_view(text).substr(at, size));
    EXPECT_EQ(front(buffer), text);
  }
}

}  // namespace
}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
// Built twice: with the file CMake chose for the processor, and with the one for all others.
#include <tag_match.h>

#include <array>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

namespace weir {
namespace {

constexpr unsigned kTags = 10;

std::vector<unsigned> slots_of(const std::array<uint16_t, kTags>& tags, uint16_t tag) {
  std::vector<unsigned> slots;
  for (TagMatches matches(tags.data(), tag); matches.any(); matches.drop_first()) {
    slots.push_back(matches.first());
  }
  return slots;
}

TEST(TagMatches, FindsEveryPatternOfSlotsLowestFirst) {
  for (const uint16_t tag : {uint16_t{1}, uint16_t{0x00FF}, uint16_t{0x8000}, uint16_t{0xFFFF}}) {
    for (unsigned pattern = 0; pattern < 1U << kTags; ++pattern) {
      std::array<uint16_t, kTags> tags{};
      std::vector<unsigned> expected;
      for (unsigned i = 0; i < kTags; ++i) {
        const bool fits = (pattern >> i & 1) != 0;
        // Others share one of the tag's two bytes.
        tags[i] = static_cast<uint16_t>(fits ? tag : i % 2 == 0 ? tag ^ 0x0100 : tag ^ 0x0001);
        if (fits) expected.push_back(i);
      }
      ASSERT_EQ(slots_of(tags, tag), expected) << "tag " << tag << ", pattern " << pattern;
    }
  }
}

TEST(TagMatches, ReadsNothingBehindTheTenTags) {
  // AddressSanitizer looks at what lies behind a vector.
  const std::vector<uint16_t> tags(kTags, 7);
  const TagMatches matches(tags.data(), 7);
  EXPECT_TRUE(matches.any());
  EXPECT_FALSE(TagMatches(tags.data(), 8).any());
}

}  // namespace
}  // namespace weir

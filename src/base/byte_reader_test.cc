// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/byte_reader.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace weir {
namespace {

constexpr std::array<uint8_t, 9> kBytes{1, 2, 3, 4, 5, 6, 7, 8, 9};

TEST(ByteReader, ReadsNetworkByteOrderAtAnyOffset) {
  const ByteReader reader(kBytes);
  EXPECT_EQ(reader.u8(0), 1);
  EXPECT_EQ(reader.u8(8), 9);
  EXPECT_EQ(reader.u16(1), 0x0203);
  EXPECT_EQ(reader.u24(2), 0x030405U);
  EXPECT_EQ(reader.u32(5), 0x06070809U);
  EXPECT_EQ(reader.u64(1), 0x0203040506070809U);
}

TEST(ByteReader, ReadsTheMachinesByteOrder) {
  const ByteReader reader(kBytes);
  uint16_t two = 0;
  uint32_t four = 0;
  std::memcpy(&two, kBytes.data() + 1, 2);
  std::memcpy(&four, kBytes.data() + 3, 4);
  EXPECT_EQ(reader.u16_host(1), two);
  EXPECT_EQ(reader.u32_host(3), four);
}

TEST(ByteReader, ReadsZeroBeyondTheEnd) {
  // On the heap and of exact size, so that a sanitizer sees a read behind it.
  const std::vector<uint8_t> three{0xff, 0xff, 0xff};
  const ByteReader reader(three);
  EXPECT_EQ(reader.u8(3), 0);
  EXPECT_EQ(reader.u16(2), 0);
  EXPECT_EQ(reader.u32(0), 0U);
  EXPECT_EQ(reader.u64(0), 0U);
  EXPECT_EQ(reader.u16_host(2), 0);
  EXPECT_EQ(reader.u32_host(SIZE_MAX), 0U);
  EXPECT_EQ(reader.u16(SIZE_MAX), 0);
  EXPECT_EQ(reader.u64(SIZE_MAX - 3), 0U);
}

TEST(ByteReader, OfNothingReadsZeroAndStaysEmpty) {
  ByteReader reader;
  EXPECT_TRUE(reader.empty());
  EXPECT_TRUE(reader.can_read(0));
  EXPECT_FALSE(reader.can_read(1));
  EXPECT_EQ(reader.u32(0), 0U);
  reader.skip(5);
  reader.truncate(5);
  EXPECT_EQ(reader.remaining(), 0U);
  EXPECT_TRUE(reader.rest().empty());
}

TEST(ByteReader, SkipsAtMostToTheEnd) {
  ByteReader reader(kBytes);
  reader.skip(2);
  EXPECT_EQ(reader.remaining(), 7U);
  EXPECT_EQ(reader.u8(0), 3);
  EXPECT_EQ(reader.data(), kBytes.data() + 2);
  reader.skip(100);
  EXPECT_TRUE(reader.empty());
}

TEST(ByteReader, TruncatesButNeverGrows) {
  ByteReader reader(kBytes.data(), kBytes.size());
  reader.truncate(20);
  EXPECT_EQ(reader.remaining(), 9U);
  reader.truncate(4);
  EXPECT_EQ(reader.rest().size(), 4U);
  EXPECT_EQ(reader.u16(3), 0);
  reader.truncate(9);
  EXPECT_EQ(reader.remaining(), 4U);
}

TEST(ByteReader, CopiesAllOrNothing) {
  const ByteReader reader(kBytes);
  std::array<uint8_t, 4> copy{};
  EXPECT_TRUE(reader.copy(5, copy.data(), 4));
  EXPECT_EQ(copy, (std::array<uint8_t, 4>{6, 7, 8, 9}));
  EXPECT_FALSE(reader.copy(6, copy.data(), 4));
  EXPECT_FALSE(reader.copy(SIZE_MAX, copy.data(), 2));
  EXPECT_FALSE(reader.copy(2, copy.data(), SIZE_MAX));
  EXPECT_EQ(copy[0], 6);
  EXPECT_TRUE(reader.copy(9, copy.data(), 0));
}

}  // namespace
}  // namespace weir

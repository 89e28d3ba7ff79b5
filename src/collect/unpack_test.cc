// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/unpack.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace weir {
namespace {

std::vector<uint8_t> packed(const std::string& text) {
  uLongf length = compressBound(text.size());
  std::vector<uint8_t> bytes(length);
  EXPECT_EQ(compress2(bytes.data(), &length, reinterpret_cast<const Bytef*>(text.data()),
                      text.size(), Z_BEST_COMPRESSION),
            Z_OK);
  bytes.resize(length);
  return bytes;
}
std::string text_of(const Unpacker& unpacker) {
  return {reinterpret_cast<const char*>(unpacker.bytes().data()), unpacker.bytes().size()};
}

TEST(Unpacker, GivesBackWhatWasPacked) {
  Unpacker unpacker;
  for (const std::string& text : {std::string("one"), std::string(60'000, 'x'), std::string()}) {
    EXPECT_EQ(unpacker.unpack(packed(text)), ExportError::kNone);
    EXPECT_EQ(text_of(unpacker), text);
  }
  std::string various;
  for (size_t i = 0; i < 100'000; ++i) various += std::to_string(i * 7919);
  EXPECT_EQ(unpacker.unpack(packed(various)), ExportError::kNone);
  EXPECT_EQ(text_of(unpacker), various);
}

TEST(Unpacker, StopsBombsByTheirRatioAndTheirSize) {
  Unpacker unpacker;
  // A thousand to one.
  EXPECT_EQ(unpacker.unpack(packed(std::string(size_t{3} << 20, '0'))),
            ExportError::kUnpacksTooFar);
  EXPECT_TRUE(unpacker.bytes().empty());
  std::string various;
  for (size_t i = 0; various.size() < Unpacker::kMaxBytes; ++i) various += std::to_string(i * 7919);
  EXPECT_EQ(unpacker.unpack(packed(various)), ExportError::kUnpacksTooFar);
  EXPECT_LE(unpacker.held(), Unpacker::kMaxBytes);
  // And goes on with the next.
  EXPECT_EQ(unpacker.unpack(packed("next")), ExportError::kNone);
  EXPECT_EQ(text_of(unpacker), "next");
}

TEST(Unpacker, RefusesWhatIsNone) {
  Unpacker unpacker;
  EXPECT_EQ(unpacker.unpack({}), ExportError::kBadPacking);
  std::vector<uint8_t> bytes = packed("something of some length, and more of it");
  bytes.resize(bytes.size() / 2);
  EXPECT_EQ(unpacker.unpack(bytes), ExportError::kBadPacking);
  EXPECT_EQ(unpacker.unpack(std::vector<uint8_t>(100, 0xff)), ExportError::kBadPacking);
}

}  // namespace
}  // namespace weir

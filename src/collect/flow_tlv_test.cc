// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/flow_tlv.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "collect/test_messages.h"

namespace weir {
namespace {

using namespace test_messages;  // NOLINT(google-build-using-namespace): made for tests

using Numbers = std::map<uint16_t, uint64_t>;

void text(Bytes& bytes, std::string_view value) {
  put(bytes, value.size(), 2);
  for (const char c : value) bytes.push_back(static_cast<uint8_t>(c));
}

struct Read {
  std::vector<Numbers> records;
  bool is_bad = false;
  std::vector<std::string> texts;
};
Read read(const Bytes& bytes) {
  NtopKeyCache keys;
  FlowTlv tlv(bytes, keys);
  Read read;
  for (;;) {
    Numbers numbers;
    const auto next = tlv.next([&](const NtopField& field) {
      if (field.value.kind == NtopValue::Kind::kText) read.texts.emplace_back(field.value.text);
      numbers[field.key.id] = field.value.number;
    });
    if (next == FlowTlv::Next::kEnd) return read;
    if (next == FlowTlv::Next::kBad) {
      read.is_bad = true;
      continue;
    }
    read.records.push_back(numbers);
  }
}

TEST(FlowTlv, ReadsNumbersOfAllSizesAndText) {
  Bytes bytes{1, 1};
  put(bytes, 0x22'01'ff, 3);                          // u8 key 1, u8 255
  put(bytes, 0x23'02'1234, 4);                        // u16
  put(bytes, 0x24'07, 2), put(bytes, 0x12345678, 4);  // u32
  put(bytes, 0x25'0b, 2), put(bytes, 1ULL << 40, 8);  // u64
  put(bytes, 0x26'0a'fe, 3);                          // i8 -2
  put(bytes, 0x32'0055'03, 4);                        // u16 key 85
  put(bytes, 0x2b'08, 2), text(bytes, "10.0.0.1");
  put(bytes, 0xb2, 1), text(bytes, "14"), put(bytes, 9, 1);  // a key of text
  bytes.push_back(1);
  put(bytes, 0x22'01'05, 3);  // the last one has no end
  const Read got = read(bytes);
  EXPECT_FALSE(got.is_bad);
  ASSERT_EQ(got.records.size(), 2U);
  EXPECT_EQ(got.records[0], (Numbers{{1, 255},
                                     {2, 0x1234},
                                     {7, 0x12345678},
                                     {11, 1ULL << 40},
                                     {10, static_cast<uint64_t>(-2)},
                                     {85, 3},
                                     {8, 0},
                                     {14, 9}}));
  EXPECT_EQ(got.texts, std::vector<std::string>{"10.0.0.1"});
  EXPECT_EQ(got.records[1], (Numbers{{1, 5}}));
}

TEST(FlowTlv, PassesOverBlocksAndFloats) {
  Bytes bytes{1, 1};
  put(bytes, 0xbc, 1), text(bytes, "block");  // begins
  put(bytes, 0x22'01'07, 3);
  put(bytes, 13, 1);  // ends
  put(bytes, 0x2a'05, 2), put(bytes, 0x3f800000, 4);
  put(bytes, 0x22'02'08, 3);
  bytes.push_back(1);
  const Read got = read(bytes);
  EXPECT_FALSE(got.is_bad);
  EXPECT_EQ(got.records, (std::vector<Numbers>{{{5, 0}, {2, 8}}}));
}

TEST(FlowTlv, EndsWhereItIsCutOrUnknown) {
  Bytes whole{1, 1};
  put(whole, 0x24'01, 2), put(whole, 100, 4);
  put(whole, 0x2b'08, 2), text(whole, "10.0.0.1");
  for (size_t length = 3; length < whole.size(); ++length) {
    if (length == 8) continue;  // between two fields
    EXPECT_TRUE(read(Bytes(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length))).is_bad)
        << length;
  }
  EXPECT_EQ(read(whole).records.size(), 1U);
  EXPECT_TRUE(read({1, 1, 0x20, 1}).is_bad);
  EXPECT_TRUE(read({1, 1, 13}).is_bad);
  // Another version or format.
  EXPECT_TRUE(read({2, 1, 0x22, 1, 1}).records.empty());
  EXPECT_TRUE(read({}).records.empty());
  Bytes deep{1, 1};
  for (size_t i = 0; i <= FlowTlv::kMaxDepth; ++i) put(deep, 0x2c'01, 2);
  EXPECT_TRUE(read(deep).is_bad);
}

}  // namespace
}  // namespace weir

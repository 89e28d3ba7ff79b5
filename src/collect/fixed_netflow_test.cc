// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/fixed_netflow.h"

#include <gtest/gtest.h>

#include "collect/test_messages.h"

namespace weir {
namespace {

using namespace test_messages;  // NOLINT(google-build-using-namespace): made for tests

Bytes record(size_t length, size_t flags_at) {
  Bytes bytes;
  put(bytes, 0xc0000201, 4);
  put(bytes, 0xc6336402, 4);
  put(bytes, 0, 4);
  put(bytes, 3, 2);
  put(bytes, 4, 2);
  put(bytes, 12, 4);
  put(bytes, 3400, 4);
  put(bytes, 90'000, 4);
  put(bytes, 95'000, 4);
  put(bytes, 51'000, 2);
  put(bytes, 443, 2);
  bytes.resize(length);
  bytes[38] = 6;
  bytes[flags_at] = 0x1b;
  if (length == 48 && flags_at == 37) {
    bytes[40] = 0xfd;
    bytes[41] = 0xe8;
  }
  return bytes;
}

Bytes message(uint16_t version, uint16_t count, const std::vector<Bytes>& records,
              uint16_t sampling = 0) {
  Bytes bytes;
  put(bytes, version, 2);
  put(bytes, count, 2);
  put(bytes, 100'000, 4);
  put(bytes, kNowSeconds, 4);
  put(bytes, 500, 4);
  if (version != 1) {
    put(bytes, 77, 4);
    put(bytes, 0x2f01, 2);
    put(bytes, sampling, 2);
  }
  for (const Bytes& one : records) append(bytes, one);
  return bytes;
}

TEST(FixedNetflow, ReadsVersion5) {
  FixedNetflow netflow;
  ASSERT_EQ(read_fixed_netflow(ByteReader(message(5, 1, {record(48, 37)}, 0x4064)), netflow),
            ExportError::kNone);
  EXPECT_EQ(netflow.sequence, 77U);
  EXPECT_EQ(netflow.engine, 0x2f01U);
  EXPECT_EQ(netflow.sampling_interval, 100U);
  EXPECT_EQ(netflow.exported, kNow + 500);
  const Bytes bytes = message(5, 1, {record(48, 37)});
  ASSERT_EQ(read_fixed_netflow(ByteReader(bytes), netflow), ExportError::kNone);
  DataRecord found{};
  ASSERT_TRUE(next_fixed_record(netflow, found));
  EXPECT_EQ(found.source.to_string(), "192.0.2.1");
  EXPECT_EQ(found.destination.to_string(), "198.51.100.2");
  EXPECT_EQ(found.number(Element::kInput), 3U);
  EXPECT_EQ(found.number(Element::kOutput), 4U);
  EXPECT_EQ(found.number(Element::kPackets), 12U);
  EXPECT_EQ(found.number(Element::kOctets), 3400U);
  EXPECT_EQ(found.number(Element::kSourcePort), 51'000U);
  EXPECT_EQ(found.number(Element::kDestinationPort), 443U);
  EXPECT_EQ(found.number(Element::kProtocol), 6U);
  EXPECT_EQ(found.number(Element::kTcpFlags), 0x1bU);
  EXPECT_EQ(found.number(Element::kSourceAs), 65'000U);
  EXPECT_FALSE(next_fixed_record(netflow, found));
}

TEST(FixedNetflow, ReadsVersion1InBothLengthsAndVersion7) {
  for (const auto& [version, length, flags_at] :
       {std::tuple<uint16_t, size_t, size_t>{1, 48, 40}, {1, 52, 40}, {7, 52, 37}}) {
    const Bytes bytes = message(version, 2, {record(length, flags_at), record(length, flags_at)});
    FixedNetflow netflow;
    ASSERT_EQ(read_fixed_netflow(ByteReader(bytes), netflow), ExportError::kNone);
    DataRecord found{};
    size_t count = 0;
    while (next_fixed_record(netflow, found)) {
      EXPECT_EQ(found.number(Element::kTcpFlags), 0x1bU) << version << " " << length;
      EXPECT_EQ(found.number(Element::kPackets), 12U);
      ++count;
    }
    EXPECT_EQ(count, 2U) << version << " " << length;
  }
}

TEST(FixedNetflow, ReadsNoMoreThanThereIsAndThanIsAnnounced) {
  Bytes cut = message(5, 30, {record(48, 37), record(48, 37)});
  cut.pop_back();
  FixedNetflow netflow;
  DataRecord found{};
  ASSERT_EQ(read_fixed_netflow(ByteReader(cut), netflow), ExportError::kNone);
  EXPECT_TRUE(next_fixed_record(netflow, found));
  EXPECT_FALSE(next_fixed_record(netflow, found));
  const Bytes more = message(5, 1, {record(48, 37), record(48, 37)});
  ASSERT_EQ(read_fixed_netflow(ByteReader(more), netflow), ExportError::kNone);
  EXPECT_TRUE(next_fixed_record(netflow, found));
  EXPECT_FALSE(next_fixed_record(netflow, found));
}

TEST(FixedNetflow, RefusesOtherVersionsAndShortHeaders) {
  FixedNetflow netflow;
  EXPECT_EQ(read_fixed_netflow(ByteReader(message(8, 1, {})), netflow), ExportError::kAggregated);
  EXPECT_EQ(read_fixed_netflow(ByteReader(message(6, 1, {})), netflow),
            ExportError::kUnknownVersion);
  Bytes head = message(5, 0, {});
  head.pop_back();
  EXPECT_EQ(read_fixed_netflow(ByteReader(head), netflow), ExportError::kTruncated);
}

}  // namespace
}  // namespace weir

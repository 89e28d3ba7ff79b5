// SPDX-License-Identifier: GPL-3.0-or-later
#include "zmq/ntop_frame.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace weir {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes topic(std::string_view name, size_t bytes) {
  Bytes header(name.begin(), name.end());
  header.resize(bytes);
  return header;
}
void put(Bytes& bytes, size_t offset, uint32_t value) {
  for (size_t i = 0; i < 4; ++i) bytes[offset + i] = static_cast<uint8_t>(value >> 8 * (3 - i));
}
void put_host(Bytes& bytes, size_t offset, uint32_t value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

TEST(NtopHeader, OfFortyBytesHasNoNumbers) {
  Bytes bytes = topic("flow", 40);
  put_host(bytes, 36, 1234);
  const auto header = read_ntop_header(bytes);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->topic, NtopTopic::kFlow);
  EXPECT_FALSE(header->number);
  EXPECT_EQ(header->source, 0U);
  EXPECT_FALSE(header->is_tlv);
  EXPECT_TRUE(header->may_be_packed);
  put_host(bytes, 32, 3);
  EXPECT_TRUE(read_ntop_header(bytes)->is_tlv);
}

TEST(NtopHeader, OfTwentyFourBytesHasASourceOfOneByte) {
  Bytes bytes = topic("counter", 24);
  bytes[16] = 2;
  bytes[17] = 7;
  put(bytes, 20, 100);
  const auto header = read_ntop_header(bytes);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->topic, NtopTopic::kCounter);
  EXPECT_EQ(header->source, 7U);
  EXPECT_EQ(header->number, 100U);
  EXPECT_FALSE(header->is_tlv);
  // The version before counts in the order of the machine.
  bytes[16] = 1;
  put_host(bytes, 20, 100);
  EXPECT_EQ(read_ntop_header(bytes)->number, 100U);
  bytes[16] = 3;
  EXPECT_TRUE(read_ntop_header(bytes)->is_tlv);
  EXPECT_FALSE(read_ntop_header(bytes)->may_be_packed);
}

TEST(NtopHeader, OfTwentyEightBytesHasASourceOfFour) {
  Bytes bytes = topic("event", 28);
  bytes[16] = 2;
  put(bytes, 20, 5);
  put_host(bytes, 24, 123456);
  const auto header = read_ntop_header(bytes);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->topic, NtopTopic::kEvent);
  EXPECT_EQ(header->source, 123456U);
  EXPECT_EQ(header->number, 5U);
}

TEST(NtopHeader, OfThirtySixBytesHasFlags) {
  Bytes bytes = topic("template", 36);
  bytes[16] = 4;
  put(bytes, 28, 9);
  put_host(bytes, 32, 99);
  for (const uint8_t flags : {uint8_t{0}, uint8_t{2}, uint8_t{4}, uint8_t{6}}) {
    bytes[17] = flags;
    const auto header = read_ntop_header(bytes);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->topic, NtopTopic::kTemplate);
    EXPECT_EQ(header->source, 99U);
    EXPECT_EQ(header->number, 9U);
    EXPECT_EQ(header->is_tlv, (flags & 2) != 0);
    EXPECT_EQ(header->is_packed, (flags & 4) != 0);
  }
}

TEST(NtopHeader, OfAnotherSizeIsNone) {
  for (size_t size = 0; size < 100; ++size) {
    const bool is_known = size == 24 || size == 28 || size == 36 || size == 40;
    EXPECT_EQ(read_ntop_header(Bytes(size)).has_value(), is_known) << size;
  }
}

TEST(NtopHeader, NamesItsTopic) {
  for (size_t i = 0; i < kNtopTopics; ++i) {
    const auto expected = static_cast<NtopTopic>(i);
    EXPECT_EQ(read_ntop_header(topic(ntop_topic_name(expected), 24))->topic, expected);
  }
  EXPECT_EQ(read_ntop_header(topic("flows", 24))->topic, NtopTopic::kOther);
  EXPECT_EQ(read_ntop_header(topic("", 24))->topic, NtopTopic::kOther);
  // Nothing ends it.
  EXPECT_EQ(read_ntop_header(Bytes(24, 'f'))->topic, NtopTopic::kOther);
}

TEST(NtopHeader, ThatWeirMakesReadsBack) {
  const NtopHeaderBytes made = make_ntop_header("ipfix", 200, 100'000, 0x01020304);
  const auto header = read_ntop_header(made);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->topic, NtopTopic::kIpfix);
  EXPECT_EQ(header->source, 200U);
  EXPECT_EQ(header->number, 0x01020304U);
  EXPECT_FALSE(header->is_tlv);
}

}  // namespace
}  // namespace weir

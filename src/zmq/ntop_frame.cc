// SPDX-License-Identifier: GPL-3.0-or-later
#include "zmq/ntop_frame.h"

#include <algorithm>
#include <bit>

#include "base/byte_reader.h"

namespace weir {
namespace {

constexpr size_t kOldBytes = 40;
constexpr size_t kByteSourceBytes = 24;
constexpr size_t kWordSourceBytes = 28;
constexpr size_t kFlagsBytes = 36;

constexpr uint32_t kHostOrder = 1;  // versions
constexpr uint32_t kTlv = 3;
constexpr uint32_t kFlags = 4;
constexpr uint8_t kFlagTlv = 2;
constexpr uint8_t kFlagPacked = 4;

constexpr std::array<std::string_view, kNtopTopics> kTopics{
    "flow",        "event",   "counter", "template", "option", "hello", "listening-ports",
    "snmp-ifaces", "message", "ipfix",   "other"};

// The text before the first zero byte. Some programs count on its first letter alone; weir does
// not, for there are several of a letter.
NtopTopic topic_of(std::span<const uint8_t> field) {
  const auto end = std::find(field.begin(), field.end(), uint8_t{0});
  const std::string_view name(reinterpret_cast<const char*>(field.data()),
                              static_cast<size_t>(end - field.begin()));
  const auto* const last = kTopics.end() - 1;
  const auto* const found = std::find(kTopics.begin(), last, name);
  return static_cast<NtopTopic>(found - kTopics.begin());
}

uint32_t number_at(const ByteReader& header, size_t offset, uint32_t version) {
  return version == kHostOrder ? header.u32_host(offset) : header.u32(offset);
}

}  // namespace

std::string_view ntop_topic_name(NtopTopic topic) {
  const auto index = static_cast<size_t>(topic);
  return index < kTopics.size() ? kTopics[index] : kTopics.back();
}

std::optional<NtopHeader> read_ntop_header(std::span<const uint8_t> bytes) {
  const ByteReader header(bytes);
  NtopHeader read;
  if (bytes.size() == kOldBytes) {
    read.topic = topic_of(bytes.first(32));
    // Small in either order.
    read.is_tlv = std::min(header.u32(32), header.u32_host(32)) == kTlv;
    read.may_be_packed = !read.is_tlv;
    return read;
  }
  const bool has_byte = bytes.size() == kByteSourceBytes;
  const bool has_word = bytes.size() == kWordSourceBytes;
  const bool has_flags = bytes.size() == kFlagsBytes;
  if (!has_byte && !has_word && !has_flags) return std::nullopt;
  read.topic = topic_of(bytes.first(16));
  const uint32_t version = header.u8(16);
  read.number = number_at(header, has_flags ? 28 : 20, version);
  // As it lies there: who sends it does not care, and it is only to differ.
  if (has_byte) read.source = header.u8(17);
  if (has_word) read.source = header.u32_host(24);
  if (has_flags) read.source = header.u32_host(32);
  read.is_tlv = version == kTlv;
  if (has_flags && version == kFlags) {
    read.is_tlv = (header.u8(17) & kFlagTlv) != 0;
    read.is_packed = (header.u8(17) & kFlagPacked) != 0;
  }
  read.may_be_packed = !read.is_tlv && !read.is_packed;
  return read;
}

NtopHeaderBytes make_ntop_header(std::string_view topic, uint8_t source, size_t payload_bytes,
                                 uint32_t number) {
  constexpr size_t kTopicBytes = 15;
  constexpr uint8_t kVersion = 2;
  NtopHeaderBytes header{};
  const auto put = [&](size_t offset, uint32_t value, size_t length) {
    for (size_t i = 0; i < length; ++i)
      header[offset + i] = static_cast<uint8_t>(value >> 8 * (length - 1 - i));
  };
  const std::string_view name = topic.substr(0, kTopicBytes);
  std::copy(name.begin(), name.end(), header.begin());
  header[16] = kVersion;
  header[17] = source;
  put(18, static_cast<uint32_t>(std::min<size_t>(payload_bytes, UINT16_MAX)), 2);
  put(20, number, 4);
  return header;
}

}  // namespace weir

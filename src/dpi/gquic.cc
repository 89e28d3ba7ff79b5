// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/gquic.h"

#include <algorithm>

#include "dpi/quic_version.h"

namespace weir {
namespace {

constexpr uint32_t kChlo = 0x43484c4f;  // tags are read as they stand on the wire
constexpr uint32_t kServerName = 0x534e4900;
constexpr uint32_t kUserAgent = 0x55414944;
constexpr uint32_t kQ046 = 0x51303436;

uint32_t little_endian(ByteReader in, size_t offset, size_t size) {
  uint32_t value = 0;
  for (size_t i = size; i > 0; --i) value = value << 8 | in.u8(offset + i - 1);
  return value;
}

std::string_view text_of(ByteReader values, uint32_t begin, uint32_t end) {
  values.skip(begin);
  values.truncate(end - begin);
  return {reinterpret_cast<const char*>(values.data()), values.remaining()};
}

}  // namespace

bool read_gquic_version(ByteReader datagram, uint32_t& number) {
  constexpr uint8_t kLongHeader = 0xc0;
  constexpr uint8_t kVersionAndId = 0x09;  // of the public flags
  constexpr size_t kAfterId = 9;
  QuicVersion version;
  const uint8_t first = datagram.u8(0);
  if ((first & kLongHeader) == kLongHeader) {
    number = datagram.u32(1);
    return number == kQ046;
  }
  if ((first & kLongHeader) != 0 || (first & kVersionAndId) != kVersionAndId) return false;
  number = datagram.u32(kAfterId);
  return number < kQ046 && find_quic_version(number, version) && version.is_google;
}

// Between the version and the message are a packet number, a hash and the header of a frame, whose
// sizes and byte order changed with nearly every version; the tag is plain enough.
bool find_gquic_hello(ByteReader datagram, ByteReader& message) {
  constexpr size_t kFirst = 5 + 12;  // the shortest header, the hash
  constexpr size_t kLast = 70;
  for (size_t at = kFirst; at <= kLast; ++at) {
    if (datagram.u32(at) != kChlo) continue;
    message = datagram;
    message.skip(at);
    return true;
  }
  return false;
}

bool parse_gquic_hello(ByteReader message, GquicHello& out) {
  constexpr size_t kHeader = 8;  // tag, number of entries, padding
  constexpr size_t kEntry = 8;   // tag, end of its value
  constexpr size_t kMaxEntries = 128;
  if (message.u32(0) != kChlo || !message.can_read(kHeader)) return false;
  const size_t entries = little_endian(message, 4, 2);
  if (entries > kMaxEntries) return false;
  ByteReader index = message;
  index.skip(kHeader);
  ByteReader values = index;
  index.truncate(entries * kEntry);
  values.skip(entries * kEntry);
  uint32_t begin = 0;
  for (; index.can_read(kEntry); index.skip(kEntry)) {
    const uint32_t tag = index.u32(0);
    const uint32_t end = little_endian(index, 4, 4);
    if (end < begin) return false;
    if (tag == kServerName) out.server_name = text_of(values, begin, end);
    if (tag == kUserAgent) out.user_agent = text_of(values, begin, end);
    begin = end;
  }
  return true;
}

}  // namespace weir

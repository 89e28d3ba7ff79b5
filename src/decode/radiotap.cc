// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/radiotap.h"

namespace weir {
namespace {

constexpr size_t kMinHeaderLength = 8;
constexpr uint8_t kHasFlags = 0x02;         // first byte of the presence bits
constexpr uint8_t kHasTimer = 0x01;         // 8 bytes in front of the flags
constexpr uint8_t kHasMorePresence = 0x80;  // last byte of a presence word
constexpr uint8_t kCheckSumAtEnd = 0x10;
constexpr uint8_t kDataPad = 0x20;
constexpr size_t kCheckSumLength = 4;

// The flags field; 0 without one.
uint8_t flags_of(const ByteReader& header) {
  const uint8_t presence = header.u8(4);
  if ((presence & kHasFlags) == 0) return 0;
  size_t offset = 8;
  while ((header.u8(offset - 1) & kHasMorePresence) != 0) offset += 4;
  if ((presence & kHasTimer) != 0) offset = (offset + 7) / 8 * 8 + 8;
  return header.u8(offset);
}

}  // namespace

Layer decode_radiotap(Walk& walk) {
  if (!walk.bytes.can_read(kMinHeaderLength)) return walk.fail(DecodeError::kTruncated);
  const size_t length = walk.bytes.u8(2) | size_t{walk.bytes.u8(3)} << 8;  // little-endian
  if (length < kMinHeaderLength) return walk.fail(DecodeError::kBadLength);
  if (!walk.bytes.can_read(length)) return walk.fail(DecodeError::kTruncated);
  ByteReader header = walk.bytes;
  header.truncate(length);
  const uint8_t flags = flags_of(header);
  walk.consume(length);
  if ((flags & kCheckSumAtEnd) != 0 && walk.wire_length() >= kCheckSumLength) {
    walk.limit(walk.wire_length() - kCheckSumLength);
  }
  walk.is_data_padded = (flags & kDataPad) != 0;
  return Layer::kIeee80211;
}

}  // namespace weir

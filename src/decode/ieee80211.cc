// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/ieee80211.h"

#include <array>

namespace weir {
namespace {

// Frame control, first byte.
constexpr uint8_t kVersionAndTypeMask = 0x0f;
constexpr uint8_t kData = 0x08;
constexpr uint8_t kSubtypeNull = 0x40;
constexpr uint8_t kSubtypeQos = 0x80;
// Second byte.
constexpr uint8_t kToDs = 0x01;
constexpr uint8_t kFromDs = 0x02;
constexpr uint8_t kProtected = 0x40;
constexpr uint8_t kOrder = 0x80;      // of a QoS frame: HT control follows
constexpr uint8_t kAggregate = 0x80;  // QoS control, first byte
constexpr size_t kSubframeHeaderLength = 14;

// Where source and destination stand, by the two DS bits (IEEE 802.11 table 9-26).
struct Addresses {
  size_t source;
  size_t destination;
};
constexpr std::array<Addresses, 4> kAddresses{{{.source = 10, .destination = 4},
                                               {.source = 10, .destination = 16},
                                               {.source = 16, .destination = 4},
                                               {.source = 24, .destination = 16}}};

size_t header_length(uint8_t control, uint8_t flags) {
  size_t length = 24;
  if ((flags & (kToDs | kFromDs)) == (kToDs | kFromDs)) length += 6;
  if ((control & kSubtypeQos) != 0) {
    length += 2;
    if ((flags & kOrder) != 0) length += 4;
  }
  return length;
}

bool is_data(uint8_t control) {
  return (control & kVersionAndTypeMask) == kData;
}

Layer decode_frame(Walk& walk, uint8_t control, uint8_t flags) {
  const ByteReader bytes = walk.bytes;
  if (!is_data(control)) return Layer::kDone;
  const size_t length = header_length(control, flags);
  if (!bytes.can_read(length)) return walk.fail(DecodeError::kTruncated);
  if (walk.is_outermost) {
    const Addresses& at = kAddresses[flags & (kToDs | kFromDs)];
    (void)bytes.copy(at.source, walk.out.source_mac.bytes.data(), 6);
    (void)bytes.copy(at.destination, walk.out.destination_mac.bytes.data(), 6);
  }
  if ((control & kSubtypeNull) != 0) return Layer::kDone;
  if ((flags & kProtected) != 0) return walk.fail(DecodeError::kEncrypted);
  const bool has_four_addresses = (flags & (kToDs | kFromDs)) == (kToDs | kFromDs);
  const bool is_aggregate =
      (control & kSubtypeQos) != 0 && (bytes.u8(has_four_addresses ? 30 : 24) & kAggregate) != 0;
  walk.consume(walk.is_data_padded ? (length + 3) / 4 * 4 : length);
  if (is_aggregate) walk.consume(kSubframeHeaderLength);
  return Layer::kLlc;
}

}  // namespace

Layer decode_ieee80211(Walk& walk) {
  if (!walk.bytes.can_read(2)) return walk.fail(DecodeError::kTruncated);
  return decode_frame(walk, walk.bytes.u8(0), walk.bytes.u8(1));
}

Layer decode_ieee80211_either_order(Walk& walk) {
  if (!walk.bytes.can_read(2)) return walk.fail(DecodeError::kTruncated);
  const uint8_t first = walk.bytes.u8(0);
  const uint8_t second = walk.bytes.u8(1);
  return is_data(first) ? decode_frame(walk, first, second) : decode_frame(walk, second, first);
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/capwap.h"

namespace weir {
namespace {

constexpr size_t kMinHeaderLength = 8;
constexpr uint8_t kIsNative = 0x01;       // byte 2: the payload is of the wireless binding
constexpr uint8_t kIsFragment = 0x80;     // byte 3
constexpr uint16_t kOffsetMask = 0xfff8;  // of the fragment, bytes 6 and 7
constexpr uint8_t kKeepAlive = 0x08;      // byte 3
constexpr uint8_t kBindingIeee80211 = 1;

}  // namespace

Layer decode_capwap(Walk& walk) {
  const ByteReader bytes = walk.bytes;
  if (!bytes.can_read(kMinHeaderLength) || bytes.u8(0) != 0) return Layer::kDone;
  const size_t header_length = (bytes.u8(1) >> 3) * size_t{4};
  if (header_length < kMinHeaderLength) return Layer::kDone;
  const uint8_t flags = bytes.u8(3);
  const bool is_later = (flags & kIsFragment) != 0 && (bytes.u16(6) & kOffsetMask) != 0;
  if ((flags & kKeepAlive) != 0 || is_later) return Layer::kDone;
  walk.consume(header_length);
  if ((bytes.u8(2) & kIsNative) == 0) return walk.enter(Tunnel::kCapwap, Layer::kEthernet);
  const uint8_t binding = bytes.u8(2) >> 1 & 0x1f;
  if (binding != kBindingIeee80211) return Layer::kDone;
  return walk.enter(Tunnel::kCapwap, Layer::kIeee80211EitherOrder);
}

}  // namespace weir

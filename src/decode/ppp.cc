// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/ppp.h"

#include "decode/dispatch.h"

namespace weir {
namespace {
constexpr uint16_t kAddressAndControl = 0xff03;
constexpr uint16_t kHdlcUnicast = 0x0f00;
constexpr uint16_t kHdlcMulticast = 0x8f00;
}  // namespace

Layer decode_ppp(Walk& walk) {
  const uint16_t start = walk.bytes.u16(0);
  if (walk.is_outermost && (start == kHdlcUnicast || start == kHdlcMulticast)) {
    return Layer::kCiscoHdlc;
  }
  if (start == kAddressAndControl) walk.consume(2);
  // RFC 1661 6.5: an odd first byte is a protocol below 256 in one byte.
  const bool is_compressed = (walk.bytes.u8(0) & 1) != 0;
  const size_t length = is_compressed ? 1 : 2;
  if (!walk.bytes.can_read(length)) return walk.fail(DecodeError::kTruncated);
  const uint16_t protocol = is_compressed ? walk.bytes.u8(0) : walk.bytes.u16(0);
  walk.consume(length);
  return kLayerOfPppProtocol.find(protocol);
}

}  // namespace weir

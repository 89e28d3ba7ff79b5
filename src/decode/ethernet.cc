// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/ethernet.h"

#include "decode/dispatch.h"

namespace weir {
namespace {
constexpr size_t kHeaderLength = 14;
constexpr uint16_t kMaxFrameLength = 1500;  // up to here the type is a length (IEEE 802.3 3.2.6)
}  // namespace

Layer decode_ethernet(Walk& walk) {
  const ByteReader bytes = walk.bytes;
  if (!bytes.can_read(kHeaderLength)) return walk.fail(DecodeError::kTruncated);
  const uint16_t type = bytes.u16(12);
  walk.consume(kHeaderLength);
  if (walk.is_outermost) {
    (void)bytes.copy(0, walk.out.destination_mac.bytes.data(), 6);
    (void)bytes.copy(6, walk.out.source_mac.bytes.data(), 6);
    walk.out.ethertype = type;
  }
  if (type <= kMaxFrameLength) {
    walk.limit(type);
    return Layer::kLlc;
  }
  return layer_of_ethertype(type);
}

}  // namespace weir

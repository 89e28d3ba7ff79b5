// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/pppoe.h"

namespace weir {
namespace {
constexpr size_t kHeaderLength = 6;
constexpr uint16_t kSessionData = 0x1100;  // version 1, type 1, code 0
}  // namespace

Layer decode_pppoe(Walk& walk) {
  if (!walk.bytes.can_read(kHeaderLength)) return walk.fail(DecodeError::kTruncated);
  if (walk.bytes.u16(0) != kSessionData) return Layer::kDone;
  const uint16_t length = walk.bytes.u16(4);
  walk.consume(kHeaderLength);
  walk.limit(length);
  return walk.enter(Tunnel::kPppoe, Layer::kPpp);
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/erspan.h"

namespace weir {
namespace {
constexpr size_t kType2Length = 8;
constexpr size_t kType3Length = 12;
constexpr size_t kSubheaderLength = 8;
}  // namespace

Layer decode_erspan(Walk& walk) {
  size_t length = 0;
  switch (walk.bytes.u8(0) >> 4) {
    case 1:
      length = kType2Length;
      break;
    case 2:
      length = kType3Length + ((walk.bytes.u8(11) & 1) != 0 ? kSubheaderLength : 0);
      break;
    default:
      return walk.fail(DecodeError::kBadVersion);
  }
  if (!walk.bytes.can_read(length)) return walk.fail(DecodeError::kTruncated);
  walk.consume(length);
  return walk.enter(Tunnel::kErspan, Layer::kEthernet);
}

}  // namespace weir

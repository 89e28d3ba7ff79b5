// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/null_loopback.h"

namespace weir {
namespace {
constexpr size_t kHeaderLength = 4;
}  // namespace

Layer decode_null_loopback(Walk& walk) {
  if (!walk.bytes.can_read(kHeaderLength)) return walk.fail(DecodeError::kTruncated);
  // A family is below 65536, so which half of the four bytes is 0 tells the byte order.
  const uint32_t family = walk.bytes.u32(0);
  walk.consume(kHeaderLength);
  switch (family < 0x10000 ? family : __builtin_bswap32(family)) {
    case 2:
      return Layer::kIpv4;
    case 10:
    case 24:
    case 28:
    case 30:
      return Layer::kIpv6;
    default:
      return Layer::kDone;
  }
}

}  // namespace weir

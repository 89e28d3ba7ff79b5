// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/nflog.h"

#include "decode/heuristics.h"

namespace weir {
namespace {
constexpr size_t kHeaderLength = 4;
constexpr size_t kAttributeHeaderLength = 4;
constexpr uint16_t kAttributePayload = 9;  // NFULA_PAYLOAD
constexpr uint16_t kTypeMask = 0x7fff;     // the top bit says "nested"
}  // namespace

Layer decode_nflog(Walk& walk) {
  if (!walk.bytes.can_read(kHeaderLength)) return walk.fail(DecodeError::kTruncated);
  walk.consume(kHeaderLength);
  while (walk.bytes.can_read(kAttributeHeaderLength)) {
    const size_t length = walk.bytes.u16_host(0);
    const uint16_t type = walk.bytes.u16_host(2) & kTypeMask;
    if (length < kAttributeHeaderLength) return walk.fail(DecodeError::kBadLength);
    if (type == kAttributePayload) {
      walk.limit(length);
      walk.consume(kAttributeHeaderLength);
      return ip_by_version(walk);
    }
    walk.consume((length + 3) / 4 * 4);
  }
  return walk.fail(DecodeError::kTruncated);
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/authentication_header.h"

#include "decode/ip_payload.h"

namespace weir {
namespace {
constexpr size_t kMinLength = 12;
}  // namespace

Layer decode_authentication_header(Walk& walk) {
  if (!walk.bytes.can_read(kMinLength)) return walk.fail(DecodeError::kTruncated);
  const size_t length = (walk.bytes.u8(1) + size_t{2}) * 4;
  if (length < kMinLength) return walk.fail(DecodeError::kBadLength);
  if (!walk.bytes.can_read(length)) return walk.fail(DecodeError::kTruncated);
  const uint8_t next = walk.bytes.u8(0);
  walk.consume(length);
  return after_ip(walk, next);
}

}  // namespace weir

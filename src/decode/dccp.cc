// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/dccp.h"

namespace weir {
namespace {
constexpr size_t kMinHeaderLength = 12;
}  // namespace

Layer decode_dccp(Walk& walk) {
  const ByteReader bytes = walk.bytes;
  if (!bytes.can_read(4)) return walk.fail(DecodeError::kTruncated);
  walk.out.source_port = bytes.u16(0);
  walk.out.destination_port = bytes.u16(2);
  if (!bytes.can_read(kMinHeaderLength)) return walk.fail(DecodeError::kTruncated);
  const size_t header_length = bytes.u8(4) * size_t{4};
  if (header_length < kMinHeaderLength) return walk.fail(DecodeError::kBadLength);
  if (!bytes.can_read(header_length)) return walk.fail(DecodeError::kTruncated);
  walk.consume(header_length);
  walk.set_payload();
  return Layer::kDone;
}

}  // namespace weir

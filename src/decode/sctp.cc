// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/sctp.h"

namespace weir {
namespace {
constexpr size_t kHeaderLength = 12;
}  // namespace

Layer decode_sctp(Walk& walk) {
  if (!walk.bytes.can_read(4)) return walk.fail(DecodeError::kTruncated);
  walk.out.source_port = walk.bytes.u16(0);
  walk.out.destination_port = walk.bytes.u16(2);
  if (!walk.bytes.can_read(kHeaderLength)) return walk.fail(DecodeError::kTruncated);
  walk.consume(kHeaderLength);
  walk.set_payload();
  return Layer::kDone;
}

}  // namespace weir

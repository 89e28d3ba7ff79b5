// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/icmp.h"

namespace weir {
namespace {
constexpr size_t kMinLength = 4;
constexpr size_t kHeaderLength = 8;
}  // namespace

Layer decode_icmp(Walk& walk) {
  if (!walk.bytes.can_read(kMinLength)) return walk.fail(DecodeError::kTruncated);
  walk.out.icmp_type = walk.bytes.u8(0);
  walk.out.icmp_code = walk.bytes.u8(1);
  walk.consume(kHeaderLength);
  walk.set_payload();
  return Layer::kDone;
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/cisco_hdlc.h"

#include "decode/dispatch.h"

namespace weir {
namespace {
constexpr size_t kHeaderLength = 4;
}  // namespace

Layer decode_cisco_hdlc(Walk& walk) {
  if (!walk.bytes.can_read(kHeaderLength)) return walk.fail(DecodeError::kTruncated);
  const uint16_t type = walk.bytes.u16(2);
  walk.consume(kHeaderLength);
  walk.set_ethertype(type);
  return layer_of_ethertype(type);
}

}  // namespace weir

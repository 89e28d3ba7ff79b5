// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/vlan.h"

#include "decode/dispatch.h"

namespace weir {
namespace {
constexpr size_t kHeaderLength = 4;
constexpr uint16_t kMaxFrameLength = 1500;
}  // namespace

Layer decode_vlan(Walk& walk) {
  if (!walk.bytes.can_read(kHeaderLength)) return walk.fail(DecodeError::kTruncated);
  push_vlan_tag(walk.is_outermost ? walk.out.vlan : walk.inner_vlan, walk.bytes.u16(0));
  const uint16_t type = walk.bytes.u16(2);
  walk.consume(kHeaderLength);
  if (type <= kMaxFrameLength) {
    walk.limit(type);
    return Layer::kLlc;
  }
  walk.set_ethertype(type);
  return layer_of_ethertype(type);
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/mpls.h"

#include "decode/heuristics.h"

namespace weir {
namespace {

constexpr size_t kLabelLength = 4;
constexpr int kMaxLabels = 16;
constexpr size_t kControlWordLength = 4;

Layer decode_behind_labels(Walk& walk) {
  if (holds_ip(walk)) return ip_by_version(walk);
  // A control word begins with four 0 bits; so do most MAC addresses.
  if (walk.bytes.u8(0) >> 4 == 0 && holds_ethernet(walk, kControlWordLength)) {
    walk.consume(kControlWordLength);
    return Layer::kEthernet;
  }
  return holds_ethernet(walk, 0) ? Layer::kEthernet : ip_by_version(walk);
}

}  // namespace

Layer decode_mpls(Walk& walk) {
  for (int count = 0; count < kMaxLabels; ++count) {
    if (!walk.bytes.can_read(kLabelLength)) return walk.fail(DecodeError::kTruncated);
    const bool is_bottom = (walk.bytes.u8(2) & 1) != 0;
    walk.consume(kLabelLength);
    if (is_bottom) return walk.enter(Tunnel::kMpls, decode_behind_labels(walk));
  }
  return walk.fail(DecodeError::kTooDeep);
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/ether_ip.h"

namespace weir {
namespace {
constexpr size_t kHeaderLength = 2;
}  // namespace

Layer decode_ether_ip(Walk& walk) {
  if (!walk.bytes.can_read(kHeaderLength)) return walk.fail(DecodeError::kTruncated);
  if (walk.bytes.u8(0) >> 4 != 3) return walk.fail(DecodeError::kBadVersion);
  walk.consume(kHeaderLength);
  return walk.enter(Tunnel::kEtherIp, Layer::kEthernet);
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/l2tp.h"

#include "decode/heuristics.h"

namespace weir {
namespace {

constexpr uint16_t kControl = 0x8000;
constexpr uint16_t kHasLength = 0x4000;
constexpr uint16_t kHasSequence = 0x0800;
constexpr uint16_t kHasOffset = 0x0200;
constexpr uint16_t kVersionMask = 0x000f;
constexpr size_t kSessionIdLength = 4;
constexpr size_t kMaxCookieAndSublayer = 12;
constexpr uint32_t kPppIpv4 = 0xff030021;
constexpr uint32_t kPppIpv6 = 0xff030057;

Layer decode_version_2(Walk& walk, uint16_t flags) {
  walk.consume(2);
  if ((flags & kHasLength) != 0) walk.consume(2);
  walk.consume(4);  // tunnel and session
  if ((flags & kHasSequence) != 0) walk.consume(4);
  if ((flags & kHasOffset) != 0) {
    const uint16_t offset = walk.bytes.u16(0);
    walk.consume(size_t{2} + offset);
  }
  return walk.enter(Tunnel::kL2tp, Layer::kPpp);
}

}  // namespace

Layer decode_l2tp_udp(Walk& walk) {
  const uint16_t flags = walk.bytes.u16(0);
  if ((flags & kControl) != 0) return Layer::kDone;
  switch (flags & kVersionMask) {
    case 2:
      return decode_version_2(walk, flags);
    case 3:
      walk.consume(4);
      return Layer::kL2tpIp;
    default:
      return Layer::kDone;
  }
}

Layer decode_l2tp_ip(Walk& walk) {
  const uint32_t session = walk.bytes.u32(0);
  if (session == 0) return Layer::kDone;  // a control message
  walk.consume(kSessionIdLength);
  for (size_t offset = 0; offset <= kMaxCookieAndSublayer; offset += 4) {
    const uint32_t start = walk.bytes.u32(offset);
    const bool is_ppp = start == kPppIpv4 || start == kPppIpv6;
    if (is_ppp || holds_ethernet(walk, offset)) {
      walk.consume(offset);
      walk.is_guess = true;
      return walk.enter(Tunnel::kL2tp, is_ppp ? Layer::kPpp : Layer::kEthernet);
    }
  }
  return Layer::kDone;
}

}  // namespace weir

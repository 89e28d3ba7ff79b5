// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/teredo.h"

#include "decode/heuristics.h"

namespace weir {
namespace {
constexpr uint16_t kAuthentication = 0x0001;
constexpr size_t kAuthenticationLength =
    13;  // and client identifier and value, whose lengths are in bytes 2 and 3
constexpr uint16_t kOrigin = 0x0000;
constexpr size_t kOriginLength = 8;
}  // namespace

Layer decode_teredo(Walk& walk) {
  if (walk.bytes.u16(0) == kAuthentication) {
    walk.consume(kAuthenticationLength + walk.bytes.u8(2) + walk.bytes.u8(3));
  }
  if (walk.bytes.u16(0) == kOrigin) walk.consume(kOriginLength);
  if (!holds_ip(walk) || ip_by_version(walk) != Layer::kIpv6) return Layer::kDone;
  return walk.enter(Tunnel::kTeredo, Layer::kIpv6);
}

}  // namespace weir

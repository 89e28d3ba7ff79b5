// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/vxlan.h"

namespace weir {
namespace {

constexpr size_t kHeaderLength = 8;
constexpr uint8_t kValid = 0x08;
constexpr uint8_t kNamesNextProtocol = 0x04;  // GPE

Layer next_protocol(uint8_t number) {
  switch (number) {
    case 1:
      return Layer::kIpv4;
    case 2:
      return Layer::kIpv6;
    case 3:
      return Layer::kEthernet;
    case 5:
      return Layer::kMpls;
    default:
      return Layer::kDone;
  }
}

}  // namespace

Layer decode_vxlan(Walk& walk) {
  const ByteReader bytes = walk.bytes;
  if (!bytes.can_read(kHeaderLength)) return Layer::kDone;
  const uint8_t flags = bytes.u8(0);
  if ((flags & kValid) == 0 || bytes.u8(7) != 0) return Layer::kDone;
  walk.consume(kHeaderLength);
  const bool is_gpe = (flags & kNamesNextProtocol) != 0;
  return walk.enter(Tunnel::kVxlan, is_gpe ? next_protocol(bytes.u8(3)) : Layer::kEthernet);
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/tzsp.h"

namespace weir {
namespace {

constexpr size_t kHeaderLength = 4;
constexpr uint8_t kVersion = 1;
constexpr uint8_t kTypeReceived = 0;
constexpr uint8_t kTypeTransmit = 1;
constexpr uint8_t kTagPadding = 0;
constexpr uint8_t kTagEnd = 1;

bool skip_tags(Walk& walk) {
  while (!walk.bytes.empty()) {
    const uint8_t tag = walk.bytes.u8(0);
    const size_t length = walk.bytes.u8(1);
    const bool has_length = tag != kTagPadding && tag != kTagEnd;
    walk.consume(has_length ? 2 + length : 1);
    if (tag == kTagEnd) return true;
  }
  return false;
}

Layer next_protocol(uint16_t number) {
  switch (number) {
    case 1:
      return Layer::kEthernet;
    case 18:
      return Layer::kIeee80211;
    case 119:
      return Layer::kPrism;
    case 127:
      return Layer::kPrism;  // AVS
    default:
      return Layer::kDone;
  }
}

}  // namespace

Layer decode_tzsp(Walk& walk) {
  const ByteReader bytes = walk.bytes;
  if (!bytes.can_read(kHeaderLength) || bytes.u8(0) != kVersion) return Layer::kDone;
  if (bytes.u8(1) != kTypeReceived && bytes.u8(1) != kTypeTransmit) return Layer::kDone;
  walk.consume(kHeaderLength);
  if (!skip_tags(walk)) return Layer::kDone;
  return walk.enter(Tunnel::kTzsp, next_protocol(bytes.u16(2)));
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/geneve.h"

#include "decode/dispatch.h"

namespace weir {
namespace {
constexpr size_t kMinHeaderLength = 8;
constexpr uint8_t kReservedFlags = 0x3f;
}  // namespace

Layer decode_geneve(Walk& walk) {
  const ByteReader bytes = walk.bytes;
  if (!bytes.can_read(kMinHeaderLength)) return Layer::kDone;
  const bool is_version_0 = bytes.u8(0) >> 6 == 0;
  if (!is_version_0 || (bytes.u8(1) & kReservedFlags) != 0 || bytes.u8(7) != 0) {
    return Layer::kDone;
  }
  walk.consume(kMinHeaderLength + (bytes.u8(0) & 0x3f) * size_t{4});
  return walk.enter(Tunnel::kGeneve, layer_of_ethertype(bytes.u16(2)));
}

}  // namespace weir

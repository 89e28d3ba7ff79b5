// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/gtp_u.h"

#include "decode/heuristics.h"

namespace weir {
namespace {

constexpr size_t kMinHeaderLength = 8;
constexpr uint8_t kVersionAndTypeMask = 0xf0;
constexpr uint8_t kVersion1 = 0x30;     // version 1, protocol type GTP
constexpr uint8_t kHasOptional = 0x07;  // any of: extension header, sequence number, N-PDU number
constexpr uint8_t kHasExtension = 0x04;
constexpr uint8_t kUserData = 255;
constexpr size_t kOptionalLength = 4;

// An extension: its length in units of 4 bytes, content, the type of the next one in its last byte.
bool skip_extensions(Walk& walk, uint8_t type) {
  while (type != 0) {
    const size_t length = walk.bytes.u8(0) * size_t{4};
    if (length == 0 || !walk.bytes.can_read(length)) return false;
    type = walk.bytes.u8(length - 1);
    walk.consume(length);
  }
  return true;
}

}  // namespace

Layer decode_gtp_u(Walk& walk) {
  const ByteReader bytes = walk.bytes;
  if (!bytes.can_read(kMinHeaderLength)) return Layer::kDone;
  const uint8_t flags = bytes.u8(0);
  if ((flags & kVersionAndTypeMask) != kVersion1 || bytes.u8(1) != kUserData) return Layer::kDone;
  walk.consume(kMinHeaderLength);
  walk.limit(bytes.u16(2));
  if ((flags & kHasOptional) != 0) {
    const uint8_t extension = (flags & kHasExtension) != 0 ? bytes.u8(11) : uint8_t{0};
    walk.consume(kOptionalLength);
    if (!skip_extensions(walk, extension)) return Layer::kDone;
  }
  return walk.enter(Tunnel::kGtpU, ip_by_version(walk));
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/gre.h"

#include "decode/dispatch.h"

namespace weir {
namespace {

constexpr uint16_t kCheckSum = 0x8000;
constexpr uint16_t kRouting = 0x4000;
constexpr uint16_t kKey = 0x2000;
constexpr uint16_t kSequence = 0x1000;
constexpr uint16_t kAcknowledgement = 0x0080;  // version 1
constexpr uint16_t kVersionMask = 0x0007;
constexpr size_t kMinHeaderLength = 4;
constexpr size_t kSourceRouteHeaderLength = 4;

constexpr uint16_t kErspan = 0x88be;
constexpr uint16_t kErspan3 = 0x22eb;
constexpr uint16_t kCiscoMetadata = 0x8909;
constexpr uint16_t kWccp = 0x883e;
constexpr size_t kWccpHeaderLength = 4;

size_t header_length(uint16_t flags, bool is_version_1) {
  size_t length = kMinHeaderLength;
  if ((flags & (kCheckSum | kRouting)) != 0 && !is_version_1) length += 4;
  if ((flags & kKey) != 0) length += 4;
  if ((flags & kSequence) != 0) length += 4;
  if ((flags & kAcknowledgement) != 0 && is_version_1) length += 4;
  return length;
}

// Source routes of RFC 1701: address family, offset, length, then `length` bytes; an empty one ends
// the list.
bool skip_routing(Walk& walk) {
  while (walk.bytes.can_read(kSourceRouteHeaderLength)) {
    const bool is_last = walk.bytes.u32(0) == 0;
    const size_t route_length = walk.bytes.u8(3);
    walk.consume(kSourceRouteHeaderLength + route_length);
    if (is_last) return true;
  }
  return false;
}

Layer decode_payload(Walk& walk, uint16_t type, bool has_sequence) {
  switch (type) {
    case kCiscoMetadata:
      return walk.enter(Tunnel::kGre, Layer::kCiscoMetadataInGre);
    // ERSPAN type I has neither a sequence number nor a header of its own.
    case kErspan:
      return has_sequence ? Layer::kErspan : walk.enter(Tunnel::kErspan, Layer::kEthernet);
    case kErspan3:
      return Layer::kErspan;
    case kWccp:
      // Version 1 puts IP behind GRE, version 2 a header of 4 bytes in between.
      if (walk.bytes.u8(0) >> 4 != 4) walk.consume(kWccpHeaderLength);
      return walk.enter(Tunnel::kGre, Layer::kIpv4);
    default:
      return walk.enter(Tunnel::kGre, layer_of_ethertype(type));
  }
}

}  // namespace

Layer decode_gre(Walk& walk) {
  const ByteReader bytes = walk.bytes;
  if (!bytes.can_read(kMinHeaderLength)) return walk.fail(DecodeError::kTruncated);
  const uint16_t flags = bytes.u16(0);
  const uint16_t version = flags & kVersionMask;
  if (version > 1) return walk.fail(DecodeError::kBadVersion);
  const size_t length = header_length(flags, version == 1);
  if (!bytes.can_read(length)) return walk.fail(DecodeError::kTruncated);
  walk.consume(length);
  if (version == 0 && (flags & kRouting) != 0 && !skip_routing(walk)) {
    return walk.fail(DecodeError::kTruncated);
  }
  // PPTP acknowledges with packets that carry nothing.
  if (walk.bytes.empty()) return Layer::kDone;
  return decode_payload(walk, bytes.u16(2), (flags & kSequence) != 0);
}

}  // namespace weir

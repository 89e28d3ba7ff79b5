// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/ipv6_extension.h"

#include "decode/ip_payload.h"

namespace weir {
namespace {

constexpr size_t kUnit = 8;

// A header of the common form: next header, length in units of 8 bytes without the first.
Layer skip_header(Walk& walk) {
  if (!walk.bytes.can_read(kUnit)) return walk.fail(DecodeError::kTruncated);
  const size_t length = (size_t{walk.bytes.u8(1)} + 1) * kUnit;
  if (!walk.bytes.can_read(length)) return walk.fail(DecodeError::kTruncated);
  const uint8_t next = walk.bytes.u8(0);
  walk.consume(length);
  return after_ip(walk, next);
}

}  // namespace

Layer decode_ipv6_options(Walk& walk) {
  return skip_header(walk);
}

Layer decode_ipv6_routing(Walk& walk) {
  return skip_header(walk);
}

Layer decode_ipv6_fragment(Walk& walk) {
  if (!walk.bytes.can_read(kUnit)) return walk.fail(DecodeError::kTruncated);
  const uint8_t next = walk.bytes.u8(0);
  const uint16_t offset_and_flags = walk.bytes.u16(2);
  DecodedPacket& out = walk.out;
  const bool is_later = (offset_and_flags & 0xfff8) != 0;
  const bool has_more = (offset_and_flags & 1) != 0;
  // Neither: an atomic fragment (RFC 6946), a whole datagram.
  if (is_later || has_more) {
    out.is_fragment = true;
    out.fragment_id = walk.bytes.u32(4);
  }
  walk.consume(kUnit);
  if (is_later) {
    out.is_later_fragment = true;
    out.protocol = next;
    return Layer::kDone;
  }
  return after_ip(walk, next);
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/ipv4.h"

#include "decode/ip_payload.h"

namespace weir {
namespace {

constexpr size_t kMinHeaderLength = 20;
constexpr uint16_t kMoreFragments = 0x2000;
constexpr uint16_t kOffsetMask = 0x1fff;

DecodeError check(const Walk& walk, size_t header_length, size_t total_length) {
  if (walk.bytes.u8(0) >> 4 != 4) return DecodeError::kBadVersion;
  if (header_length < kMinHeaderLength) return DecodeError::kBadLength;
  if (total_length == 0) {
    return walk.is_guess && !walk.is_offloaded ? DecodeError::kBadLength : DecodeError::kNone;
  }
  if (total_length < header_length) return DecodeError::kBadLength;
  // Inside a guessed tunnel only a datagram that fits is one; the first fragment of a tunnel packet
  // cannot hold all of it.
  if (walk.is_guess && total_length > walk.wire_length() && !walk.out.is_fragment) {
    return DecodeError::kBadLength;
  }
  return DecodeError::kNone;
}

}  // namespace

Layer decode_ipv4(Walk& walk) {
  const ByteReader bytes = walk.bytes;
  if (!bytes.can_read(kMinHeaderLength)) return walk.fail(DecodeError::kTruncated);
  const size_t header_length = (bytes.u8(0) & 0x0f) * size_t{4};
  const size_t total_length = bytes.u16(2);
  const DecodeError error = check(walk, header_length, total_length);
  if (error != DecodeError::kNone) return walk.fail(error);

  DecodedPacket& out = walk.out;
  begin_ip(walk, false);
  out.source = IpAddress::from_v4(bytes.data() + 12);
  out.destination = IpAddress::from_v4(bytes.data() + 16);
  if (total_length == 0) {
    walk.is_offloaded = true;
  } else {
    walk.limit(total_length);
  }
  out.network = bytes.data();
  out.network_length = static_cast<uint32_t>(walk.bytes.remaining());
  const uint16_t fragment = bytes.u16(6);
  const uint8_t protocol = bytes.u8(9);
  walk.consume(header_length);
  if ((fragment & (kMoreFragments | kOffsetMask)) != 0) {
    out.is_fragment = true;
    out.fragment_id = bytes.u16(4);
    if ((fragment & kOffsetMask) != 0) {
      out.is_later_fragment = true;
      out.protocol = protocol;
      return Layer::kDone;
    }
  }
  return after_ip(walk, protocol);
}

}  // namespace weir

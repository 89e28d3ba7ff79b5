// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/ipv6.h"

#include "decode/ip_payload.h"

namespace weir {
namespace {

constexpr size_t kHeaderLength = 40;

DecodeError check(const Walk& walk, size_t payload_length) {
  if (walk.bytes.u8(0) >> 4 != 6) return DecodeError::kBadVersion;
  // As for IPv4: inside a guessed tunnel only a datagram that fits is one.
  if (walk.is_guess && !walk.out.is_fragment &&
      payload_length + kHeaderLength > walk.wire_length()) {
    return DecodeError::kBadLength;
  }
  return DecodeError::kNone;
}

}  // namespace

Layer decode_ipv6(Walk& walk) {
  const ByteReader bytes = walk.bytes;
  if (!bytes.can_read(kHeaderLength)) return walk.fail(DecodeError::kTruncated);
  const size_t payload_length = bytes.u16(4);
  const DecodeError error = check(walk, payload_length);
  if (error != DecodeError::kNone) return walk.fail(error);

  begin_ip(walk, true);
  walk.out.source = IpAddress::from_v6(bytes.data() + 8);
  walk.out.destination = IpAddress::from_v6(bytes.data() + 24);
  walk.consume(kHeaderLength);
  if (payload_length == 0) {
    walk.is_offloaded = true;
  } else {
    walk.limit(payload_length);
  }
  walk.out.network = bytes.data();
  walk.out.network_length = static_cast<uint32_t>(kHeaderLength + walk.bytes.remaining());
  return after_ip(walk, bytes.u8(6));
}

}  // namespace weir

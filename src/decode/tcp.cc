// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/tcp.h"

namespace weir {
namespace {
constexpr size_t kMinHeaderLength = 20;

// What the capture does not hold reads as 0, which is what `out` says of what is not known.
Layer decode_cut_header(Walk& walk) {
  const ByteReader bytes = walk.bytes;
  DecodedPacket& out = walk.out;
  if (bytes.can_read(4)) {
    out.source_port = bytes.u16(0);
    out.destination_port = bytes.u16(2);
    out.tcp_sequence = bytes.u32(4);
    out.tcp_acknowledgement = bytes.u32(8);
    out.tcp_flags = bytes.u8(13);
    out.tcp_window = bytes.u16(14);
  }
  return walk.fail(DecodeError::kTruncated);
}

}  // namespace

Layer decode_tcp(Walk& walk) {
  const ByteReader bytes = walk.bytes;
  DecodedPacket& out = walk.out;
  if (!bytes.can_read(kMinHeaderLength)) return decode_cut_header(walk);
  out.source_port = bytes.u16(0);
  out.destination_port = bytes.u16(2);
  out.tcp_sequence = bytes.u32(4);
  out.tcp_acknowledgement = bytes.u32(8);
  out.tcp_flags = bytes.u8(13);
  out.tcp_window = bytes.u16(14);
  const size_t header_length = (bytes.u8(12) >> 4) * size_t{4};
  if (header_length < kMinHeaderLength) return walk.fail(DecodeError::kBadLength);
  if (!bytes.can_read(header_length)) return walk.fail(DecodeError::kTruncated);
  walk.consume(header_length);
  walk.set_payload();
  return Layer::kDone;
}

}  // namespace weir

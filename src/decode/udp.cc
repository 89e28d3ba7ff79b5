// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/udp.h"

#include "decode/dispatch.h"

namespace weir {
namespace {

constexpr size_t kHeaderLength = 8;

Layer tunnel_of(const DecodedPacket& out) {
  const Layer layer = kLayerOfUdpPort.find(out.destination_port);
  return layer != Layer::kDone ? layer : kLayerOfUdpPort.find(out.source_port);
}

}  // namespace

Layer decode_udp(Walk& walk) {
  const ByteReader bytes = walk.bytes;
  DecodedPacket& out = walk.out;
  if (!bytes.can_read(4)) return walk.fail(DecodeError::kTruncated);
  out.source_port = bytes.u16(0);
  out.destination_port = bytes.u16(2);
  if (!bytes.can_read(kHeaderLength)) return walk.fail(DecodeError::kTruncated);
  const size_t length = bytes.u16(4);
  if (length != 0) {
    if (length < kHeaderLength) return walk.fail(DecodeError::kBadLength);
    walk.limit(length);
  }
  walk.consume(kHeaderLength);
  walk.set_payload();
  const Layer tunnel = tunnel_of(out);
  if (tunnel != Layer::kDone) walk.is_guess = true;
  return tunnel;
}

}  // namespace weir

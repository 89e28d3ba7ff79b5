// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/quic_header.h"

#include <algorithm>
#include <array>

#include "dpi/tls_wire.h"

namespace weir {
namespace {

QuicPacketType type_of(uint8_t first, const QuicVersion& version) {
  constexpr std::array kV1Types{QuicPacketType::kInitial, QuicPacketType::kZeroRtt,
                                QuicPacketType::kHandshake, QuicPacketType::kRetry};
  const size_t type = first >> 4 & 3;
  // RFC 9369, section 3.2: each is one higher, Retry is 0.
  return kV1Types[version.has_v2_types ? (type + 3) % 4 : type];
}

bool take_connection_id(ByteReader& in, ByteReader& id) {
  return take_vector(in, 1, id) && id.remaining() <= kMaxConnectionId;
}

}  // namespace

bool take_quic_integer(ByteReader& in, uint64_t& out) {
  const size_t size = size_t{1} << (in.u8(0) >> 6);
  if (!in.can_read(size)) return false;
  out = in.u8(0) & 0x3f;
  for (size_t i = 1; i < size; ++i) out = out << 8 | in.u8(i);
  in.skip(size);
  return true;
}

bool read_quic_long_header(ByteReader packet, QuicLongHeader& out) {
  constexpr size_t kFixed = 5;  // first byte, version
  if (!has_quic_long_header(packet) || !packet.can_read(kFixed)) return false;
  out.number = packet.u32(1);
  ByteReader rest = packet;
  rest.skip(kFixed);
  if (!take_connection_id(rest, out.destination_id) || !take_connection_id(rest, out.source_id))
    return false;
  out.protected_at = 0;
  out.size = packet.remaining();
  if (out.number == 0) {
    out.type = QuicPacketType::kVersionNegotiation;
    return rest.remaining() >= 4 && rest.remaining() % 4 == 0;
  }
  if (!find_quic_version(out.number, out.version)) return false;
  out.type = type_of(packet.u8(0), out.version);
  if (out.type == QuicPacketType::kRetry) return true;
  uint64_t length = 0;
  if (out.type == QuicPacketType::kInitial) {
    uint64_t token = 0;
    if (!take_quic_integer(rest, token) || token > rest.remaining()) return false;
    rest.skip(token);
  }
  if (!take_quic_integer(rest, length)) return false;
  out.protected_at = packet.remaining() - rest.remaining();
  out.size = out.protected_at + static_cast<size_t>(std::min<uint64_t>(length, rest.remaining()));
  return true;
}

}  // namespace weir

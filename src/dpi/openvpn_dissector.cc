// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/openvpn_dissector.h"

#include <algorithm>

namespace weir {
namespace {

// The upper five bits of the first byte.
enum Opcode : uint8_t {
  kControl = 4,
  kAcknowledge = 5,
  kData = 6,
  kResetClient = 7,
  kResetServer = 8,
  kDataV2 = 9,
};
constexpr size_t kLengthPrefix = 2;
constexpr size_t kOpcodeAndSession = 9;
constexpr size_t kPlainReset = 14;  // opcode, session, no acknowledgement, message 0

uint8_t opcode_of(ByteReader packet) {
  return packet.u8(0) >> 3;
}

// Of a client's first packet: how much --tls-auth adds to it (a MAC, a packet number, a time).
// False when it is no such packet.
bool read_client_reset(ByteReader packet, size_t& authentication_size) {
  constexpr std::array<size_t, 5> kSizes{0, 16 + 8, 20 + 8, 32 + 8, 64 + 8};
  if (opcode_of(packet) != kResetClient || (packet.u8(0) & 7) != 0) return false;
  if (packet.remaining() < kPlainReset) return false;
  authentication_size = packet.remaining() - kPlainReset;
  const size_t acknowledgements = kOpcodeAndSession + authentication_size;
  return std::ranges::find(kSizes, authentication_size) != kSizes.end() && packet.u64(1) != 0 &&
         packet.u8(acknowledgements) == 0 && packet.u32(acknowledgements + 1) == 0;
}

}  // namespace

bool OpenvpnDissector::may_begin(const Payload& payload) {
  ByteReader packet = payload.bytes;
  if (payload.is_tcp) {
    if (packet.u16(0) != packet.remaining() - kLengthPrefix) return false;
    packet.skip(kLengthPrefix);
  }
  size_t unused = 0;
  return read_client_reset(packet, unused);
}

std::unique_ptr<Dissector> OpenvpnDissector::create() {
  return std::make_unique<OpenvpnDissector>();
}

Progress OpenvpnDissector::feed(const Payload& payload, Findings& findings) {
  Side& side = sides_[payload.to_server ? 0 : 1];
  const Progress progress = payload.is_tcp ? take_stream(side, payload, findings)
                                           : take_packet(side, payload.bytes, payload, findings);
  if (is_certain_) findings.protocol = "OpenVPN";
  if (progress == Progress::kNotMine && is_certain_) return Progress::kDone;
  return progress == Progress::kDone && !is_certain_ ? Progress::kNotMine : progress;
}

// Over TCP each packet has its length before it.
Progress OpenvpnDissector::take_stream(Side& side, const Payload& payload, Findings& findings) {
  if (payload.has_gap) return Progress::kNotMine;
  if (!side.packet) side.packet = std::make_unique<std::array<uint8_t, kMaxPacket>>();
  ByteReader bytes = payload.bytes;
  while (!bytes.empty()) {
    const size_t skipped = std::min(side.left, bytes.remaining());
    bytes.skip(skipped);
    side.left -= skipped;
    if (bytes.empty()) break;
    const ByteReader kept(side.packet->data(), side.size);
    const size_t wanted = side.size < kLengthPrefix ? kLengthPrefix : kLengthPrefix + kept.u16(0);
    if (wanted > kMaxPacket) {
      side.left = wanted - side.size;
      side.size = 0;
      continue;
    }
    const size_t taken = std::min(wanted - side.size, bytes.remaining());
    static_cast<void>(bytes.copy(0, side.packet->data() + side.size, taken));
    side.size += taken;
    bytes.skip(taken);
    ByteReader packet(side.packet->data(), side.size);
    if (side.size < kLengthPrefix || side.size < kLengthPrefix + packet.u16(0)) continue;
    packet.skip(kLengthPrefix);
    side.size = 0;
    const Progress progress = take_packet(side, packet, payload, findings);
    if (progress != Progress::kMore) return progress;
  }
  return Progress::kMore;
}

Progress OpenvpnDissector::take_packet(Side& side, ByteReader packet, const Payload& payload,
                                       Findings& findings) {
  if (++packets_ > kMaxPackets) return Progress::kDone;
  if (!is_begun_) {
    if (!read_client_reset(packet, authentication_size_)) return Progress::kNotMine;
    is_begun_ = true;
    side.session = packet.u64(1);
    return Progress::kMore;
  }
  switch (opcode_of(packet)) {
    case kResetClient:
    case kResetServer:
    case kAcknowledge:
      return take_control(side, packet, false, payload, findings);
    case kControl:
      return take_control(side, packet, true, payload, findings);
    case kData:
    case kDataV2:
      return Progress::kMore;
    default:
      return Progress::kNotMine;
  }
}

// Session id, authentication, acknowledgements with the session id of the other side, message
// number, message.
Progress OpenvpnDissector::take_control(Side& side, ByteReader packet, bool has_message,
                                        const Payload& payload, Findings& findings) {
  const size_t header = kOpcodeAndSession + authentication_size_;
  if (!packet.can_read(header + 1)) return Progress::kNotMine;
  side.session = packet.u64(1);
  const size_t acknowledgements = packet.u8(header);
  packet.skip(header + 1);
  if (acknowledgements != 0) {
    const uint64_t other_session = packet.u64(4 * acknowledgements);
    const Side& other = sides_[&side == &sides_[0] ? 1 : 0];
    // Nothing but OpenVPN sends a session's number back.
    if (other_session != other.session) return Progress::kNotMine;
    is_certain_ = true;
    packet.skip(4 * acknowledgements + 8);
  }
  if (!has_message || !packet.can_read(5)) return Progress::kMore;
  const uint32_t message = packet.u32(0);
  packet.skip(4);
  return take_tls(side, message, packet, payload, findings);
}

Progress OpenvpnDissector::take_tls(Side& side, uint32_t message, ByteReader bytes, Payload payload,
                                    Findings& findings) {
  if (message < side.next_message) return Progress::kMore;  // sent again
  payload.bytes = bytes;
  payload.is_tcp = true;
  payload.is_stream_start = message == 1;
  payload.has_gap = message != side.next_message;
  side.next_message = message + 1;
  return tls_.feed(payload, findings);
}

size_t OpenvpnDissector::held_bytes() const {
  size_t bytes = tls_.held_bytes();
  for (const Side& side : sides_) bytes += side.packet != nullptr ? kMaxPacket : 0;
  return bytes;
}

}  // namespace weir

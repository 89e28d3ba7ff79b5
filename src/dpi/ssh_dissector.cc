// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ssh_dissector.h"

#include <algorithm>
#include <string_view>

#include "dpi/ascii_text.h"
#include "dpi/heap_bytes.h"
#include "dpi/ssh_key_exchange.h"

namespace weir {
namespace {

constexpr std::string_view kStart = "SSH-";
constexpr size_t kLengthBytes = 4;
constexpr size_t kPaddingLengthBytes = 1;

}  // namespace

bool SshDissector::may_begin(const Payload& payload) {
  return payload.is_tcp && payload.bytes.u8(0) == 'S' && begins_like(payload.bytes, kStart);
}

std::unique_ptr<Dissector> SshDissector::create() {
  return std::make_unique<SshDissector>();
}

Progress SshDissector::feed(const Payload& payload, Findings& findings) {
  Side& side = sides_[payload.to_server ? 1 : 0];
  if (payload.has_gap) side.state = State::kOver;
  take(side, payload, findings);
  if (sides_[0].state != State::kOver || sides_[1].state != State::kOver) return Progress::kMore;
  return findings.protocol.empty() ? Progress::kNotMine : Progress::kDone;
}

void SshDissector::take(Side& side, const Payload& payload, Findings& findings) {
  ByteReader bytes = payload.bytes;
  while (!bytes.empty() && side.state != State::kOver) {
    if (side.state == State::kBanner) {
      take_banner(side, bytes, payload.to_server, findings);
    } else {
      take_packet(side, bytes, payload.to_server, findings);
    }
  }
}

void SshDissector::take_banner(Side& side, ByteReader& bytes, bool to_server, Findings& findings) {
  const auto line = side.lines.next(bytes);
  if (!line) return;
  if (!line->starts_with(kStart)) {
    if (++side.lines_before > kMaxLinesBefore) side.state = State::kOver;
    return;
  }
  findings.protocol = "SSH";
  findings.metadata.add(to_server ? MetadataField::kSshClient : MetadataField::kSshServer, *line);
  // Version 1 has another key exchange; "1.99" speaks both.
  const bool has_kexinit = line->starts_with("SSH-2") || line->starts_with("SSH-1.99");
  side.state = has_kexinit ? State::kPacketLength : State::kOver;
  side.wanted = kLengthBytes;
}

void SshDissector::take_packet(Side& side, ByteReader& bytes, bool to_server, Findings& findings) {
  const size_t step = std::min(side.wanted - side.packet.size(), bytes.remaining());
  side.packet.insert(side.packet.end(), bytes.rest().begin(), bytes.rest().begin() + step);
  bytes.skip(step);
  if (side.packet.size() < side.wanted) return;
  ByteReader packet(side.packet);
  if (side.state == State::kPacketLength) {
    side.wanted = packet.u32(0);
    side.packet.clear();
    const bool is_plausible = side.wanted > kPaddingLengthBytes && side.wanted <= kMaxPacketBytes;
    side.state = is_plausible ? State::kPacket : State::kOver;
    return;
  }
  packet.truncate(side.wanted - std::min<size_t>(packet.u8(0), side.wanted));
  packet.skip(kPaddingLengthBytes);
  if (const auto hassh = hassh_of(packet, to_server)) {
    const auto field = to_server ? MetadataField::kHassh : MetadataField::kHasshServer;
    findings.metadata.add(field, *hassh);
  }
  side.packet = {};
  side.state = State::kOver;
}

size_t SshDissector::held_bytes() const {
  size_t bytes = 0;
  for (const Side& side : sides_) bytes += side.lines.held_bytes() + heap_bytes(side.packet);
  return bytes;
}

}  // namespace weir

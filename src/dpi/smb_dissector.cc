// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/smb_dissector.h"

#include <algorithm>
#include <array>

#include "dpi/smb_messages.h"

namespace weir {
namespace {

constexpr uint16_t kNetbiosPort = 139;
constexpr size_t kSessionHeader = 4;
enum SessionType : uint8_t { kMessage = 0x00, kRequest = 0x81 };
constexpr std::array<uint8_t, 6> kSessionTypes{kMessage, kRequest, 0x82, 0x83, 0x84, 0x85};

bool is_session_request(const Payload& payload) {
  constexpr uint32_t kSize = 0x44;  // two names in the first level of encoding
  return payload.bytes.u8(0) == kRequest && payload.bytes.u24(1) == kSize &&
         payload.server_port == kNetbiosPort && payload.bytes.u8(4) == 0x20;
}

}  // namespace

bool SmbDissector::may_begin(const Payload& payload) {
  constexpr uint32_t kLeast = 32;
  if (!payload.is_tcp) return false;
  if (is_session_request(payload)) return true;
  ByteReader message = payload.bytes;
  message.skip(kSessionHeader);
  return payload.bytes.u8(0) == kMessage && payload.bytes.u24(1) >= kLeast &&
         smb_kind(message) != SmbKind::kNone;
}

std::unique_ptr<Dissector> SmbDissector::create() {
  return std::make_unique<SmbDissector>();
}

std::optional<size_t> SmbDissector::size_of_unit(bool /*to_server*/, const ByteReader& head) const {
  if (!head.can_read(kSessionHeader)) return std::nullopt;
  const bool is_type = std::ranges::find(kSessionTypes, head.u8(0)) != kSessionTypes.end();
  return is_type ? head.u24(1) + kSessionHeader : kBroken;
}

Progress SmbDissector::take_unit(const Payload& /*payload*/, ByteReader unit, Findings& findings) {
  if (unit.u8(0) != kMessage) return Progress::kMore;
  unit.skip(kSessionHeader);
  switch (smb_kind(unit)) {
    case SmbKind::kSmb1:
      read_smb1(unit, findings);
      return Progress::kMore;
    case SmbKind::kSmb2:
      read_smb2(unit, findings);
      return Progress::kMore;
    case SmbKind::kEncrypted:
      findings.protocol = "SMBv23";
      return Progress::kDone;
    case SmbKind::kCompressed:
      findings.protocol = "SMBv23";
      return Progress::kMore;
    case SmbKind::kNone:
      break;
  }
  return findings.protocol.empty() ? Progress::kNotMine : Progress::kDone;
}

}  // namespace weir

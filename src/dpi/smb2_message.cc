// SPDX-License-Identifier: GPL-3.0-or-later
// SMB 2 and 3: [MS-SMB2], sections 2.2.1 (header), 2.2.4 (NEGOTIATE response), 2.2.5
// (SESSION_SETUP), 2.2.9 (TREE_CONNECT).
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "dpi/ntlm_message.h"
#include "dpi/smb_messages.h"
#include "dpi/utf16.h"

namespace weir {
namespace {

enum Command : uint16_t { kNegotiate = 0, kSessionSetup = 1, kTreeConnect = 3 };
constexpr size_t kHeader = 64;
constexpr size_t kMaxNameUnits = 256;

uint16_t little16(const ByteReader& bytes, size_t offset) {
  return static_cast<uint16_t>(bytes.u8(offset) | bytes.u8(offset + 1) << 8);
}
uint32_t little32(const ByteReader& bytes, size_t offset) {
  return static_cast<uint32_t>(little16(bytes, offset)) |
         static_cast<uint32_t>(little16(bytes, offset + 2)) << 16;
}

struct Dialect {
  uint16_t code;
  std::string_view name;
};
// 0x02ff only says that another negotiation follows.
constexpr std::array<Dialect, 5> kDialects{{
    {0x0202, "SMB 2.0.2"},
    {0x0210, "SMB 2.1"},
    {0x0300, "SMB 3.0"},
    {0x0302, "SMB 3.0.2"},
    {0x0311, "SMB 3.1.1"},
}};

void read_answer(const ByteReader& message, FlowMetadata& metadata) {
  if (little16(message, 12) != kNegotiate) return;
  const uint16_t code = little16(message, kHeader + 4);
  const auto* dialect = std::ranges::find(kDialects, code, &Dialect::code);
  if (dialect != kDialects.end()) metadata.set(MetadataField::kSmbVersion, dialect->name);
}

void read_request(const ByteReader& message, FlowMetadata& metadata) {
  const uint16_t command = little16(message, 12);
  NtlmLogon logon;
  if (command == kSessionSetup && find_ntlm_logon(message, logon)) {
    metadata.add(MetadataField::kSmbDomain, logon.domain);
    metadata.add(MetadataField::kUserName, logon.user);
  }
  if (command != kTreeConnect) return;
  const size_t offset = little16(message, kHeader + 4);
  const size_t size = little16(message, kHeader + 6);
  if (offset < kHeader || !message.can_read(offset + size)) return;
  ByteReader path = message;
  path.skip(offset);
  path.truncate(size);
  metadata.add(MetadataField::kSmbShare, utf8_of_utf16(path, kMaxNameUnits));
}

}  // namespace

SmbKind smb_kind(const ByteReader& message) {
  constexpr uint32_t kName = 0x534d42;  // "SMB"
  if (message.u24(1) != kName) return SmbKind::kNone;
  switch (message.u8(0)) {
    case 0xff:
      return SmbKind::kSmb1;
    case 0xfe:
      return SmbKind::kSmb2;
    case 0xfd:
      return SmbKind::kEncrypted;
    case 0xfc:
      return SmbKind::kCompressed;
    default:
      return SmbKind::kNone;
  }
}

void read_smb2(const ByteReader& message, Findings& findings) {
  constexpr uint32_t kFromServer = 1;
  findings.protocol = "SMBv23";
  ByteReader rest = message;
  // Requests may be chained; each says how far the next one is, which is never back.
  while (rest.can_read(kHeader) && smb_kind(rest) == SmbKind::kSmb2) {
    const bool is_answer = (little32(rest, 16) & kFromServer) != 0;
    if (is_answer)
      read_answer(rest, findings.metadata);
    else
      read_request(rest, findings.metadata);
    const size_t next = little32(rest, 20);
    if (next < kHeader) return;
    rest.skip(next);
  }
}

}  // namespace weir

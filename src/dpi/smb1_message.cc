// SPDX-License-Identifier: GPL-3.0-or-later
// SMB 1: [MS-CIFS], sections 2.2.3 (header), 2.2.4.53 (SESSION_SETUP_ANDX), 2.2.4.55
// (TREE_CONNECT_ANDX); [MS-SMB], section 2.2.4.6.
#include <algorithm>
#include <string>
#include <string_view>

#include "dpi/ascii_text.h"
#include "dpi/ntlm_message.h"
#include "dpi/smb_messages.h"
#include "dpi/utf16.h"

namespace weir {
namespace {

enum Command : uint8_t { kNegotiate = 0x72, kSessionSetup = 0x73, kTreeConnect = 0x75 };
constexpr size_t kHeader = 32;
constexpr size_t kMaxNameUnits = 256;

uint16_t little16(const ByteReader& bytes, size_t offset) {
  return static_cast<uint16_t>(bytes.u8(offset) | bytes.u8(offset + 1) << 8);
}

// The texts behind the parameters of a command: in UTF-16 they begin at an even offset.
class Texts {
 public:
  Texts(const ByteReader& message, size_t offset, bool is_unicode)
      : message_(message), offset_(offset), is_unicode_(is_unicode) {}

  std::string take() {
    if (is_unicode_) offset_ += offset_ % 2;
    ByteReader rest = message_;
    rest.skip(offset_);
    size_t units = 0;
    while (units < kMaxNameUnits && rest.can_read((units + 1) * unit()) && !is_zero(rest, units))
      ++units;
    offset_ += (units + 1) * unit();
    if (is_unicode_) return utf8_of_utf16(rest, units);
    return std::string(text_of(rest).substr(0, units));
  }

 private:
  [[nodiscard]] size_t unit() const { return is_unicode_ ? 2 : 1; }
  [[nodiscard]] bool is_zero(const ByteReader& rest, size_t index) const {
    return rest.u8(index * unit()) == 0 && (!is_unicode_ || rest.u8(2 * index + 1) == 0);
  }

  ByteReader message_;
  size_t offset_;
  bool is_unicode_;
};

struct Message {
  ByteReader bytes;
  bool is_unicode = false;
};

// Where the bytes behind the parameters of the command at `offset` begin.
size_t data_offset(const ByteReader& bytes, size_t offset) {
  return offset + 1 + 2 * size_t{bytes.u8(offset)} + 2;
}

void read_session_setup(const Message& message, size_t offset, FlowMetadata& metadata) {
  constexpr uint8_t kWordsWithPasswords = 13;
  NtlmLogon logon;
  if (message.bytes.u8(offset) == kWordsWithPasswords) {
    const size_t passwords =
        size_t{little16(message.bytes, offset + 15)} + little16(message.bytes, offset + 17);
    Texts texts(message.bytes, data_offset(message.bytes, offset) + passwords, message.is_unicode);
    logon.user = texts.take();
    logon.domain = texts.take();
  } else if (!find_ntlm_logon(message.bytes, logon)) {
    return;
  }
  metadata.add(MetadataField::kSmbDomain, logon.domain);
  metadata.add(MetadataField::kUserName, logon.user);
}

void read_tree_connect(const Message& message, size_t offset, FlowMetadata& metadata) {
  const size_t password = little16(message.bytes, offset + 7);
  Texts texts(message.bytes, data_offset(message.bytes, offset) + password, message.is_unicode);
  const std::string share = texts.take();
  if (share.starts_with("\\\\")) metadata.add(MetadataField::kSmbShare, share);
}

// The requests that are chained by AndX: each says where the next begins, always further on.
void read_requests(const Message& message, FlowMetadata& metadata) {
  uint8_t command = message.bytes.u8(4);
  size_t offset = kHeader;
  while (message.bytes.can_read(offset + 5)) {
    if (command == kSessionSetup) read_session_setup(message, offset, metadata);
    if (command == kTreeConnect) read_tree_connect(message, offset, metadata);
    if (command != kSessionSetup && command != kTreeConnect) return;
    const size_t next = little16(message.bytes, offset + 3);
    command = message.bytes.u8(offset + 1);
    if (next <= offset) return;
    offset = next;
  }
}

}  // namespace

void read_smb1(const ByteReader& message, Findings& findings) {
  constexpr uint8_t kReply = 0x80;
  constexpr uint16_t kUnicode = 0x8000;
  constexpr uint16_t kNoDialect = 0xffff;
  if (!message.can_read(kHeader)) return;
  const bool is_negotiation = message.u8(4) == kNegotiate;
  const bool is_reply = (message.u8(9) & kReply) != 0;
  // A question is no answer: the server may go on with SMB 2.
  if (is_negotiation && (!is_reply || little16(message, kHeader + 1) == kNoDialect)) return;
  findings.protocol = "SMBv1";
  findings.metadata.set(MetadataField::kSmbVersion, "SMB 1.0");
  if (!is_reply)
    read_requests({message, (little16(message, 10) & kUnicode) != 0}, findings.metadata);
}

}  // namespace weir

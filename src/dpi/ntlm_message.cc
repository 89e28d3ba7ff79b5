// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ntlm_message.h"

#include <string_view>

#include "dpi/ascii_text.h"
#include "dpi/utf16.h"

namespace weir {
namespace {

constexpr size_t kMaxNameUnits = 128;

uint16_t little16(const ByteReader& bytes, size_t offset) {
  return static_cast<uint16_t>(bytes.u8(offset) | bytes.u8(offset + 1) << 8);
}
uint32_t little32(const ByteReader& bytes, size_t offset) {
  return static_cast<uint32_t>(little16(bytes, offset)) |
         static_cast<uint32_t>(little16(bytes, offset + 2)) << 16;
}

// The descriptor at `offset`: bytes, room, place within the message.
std::string text_at(const ByteReader& message, size_t offset, bool is_unicode) {
  const size_t size = little16(message, offset);
  const size_t place = little32(message, offset + 4);
  if (place > message.remaining() || !message.can_read(place + size)) return {};
  ByteReader text = message;
  text.skip(place);
  text.truncate(size);
  if (is_unicode) return utf8_of_utf16(text, kMaxNameUnits);
  return std::string(text_of(text).substr(0, kMaxNameUnits));
}

}  // namespace

bool find_ntlm_logon(const ByteReader& bytes, NtlmLogon& logon) {
  constexpr std::string_view kSignature("NTLMSSP\0\3\0\0\0", 12);
  constexpr size_t kDomain = 28;
  constexpr size_t kUser = 36;
  constexpr size_t kFlags = 60;
  constexpr uint32_t kUnicode = 1;
  const size_t start = text_of(bytes).find(kSignature);
  if (start == std::string_view::npos) return false;
  ByteReader message = bytes;
  message.skip(start);
  if (!message.can_read(kFlags + 4)) return false;
  const bool is_unicode = (little32(message, kFlags) & kUnicode) != 0;
  logon.domain = text_at(message, kDomain, is_unicode);
  logon.user = text_at(message, kUser, is_unicode);
  return !logon.domain.empty() || !logon.user.empty();
}

}  // namespace weir

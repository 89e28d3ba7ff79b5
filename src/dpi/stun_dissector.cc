// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/stun_dissector.h"

#include <string_view>

#include "dpi/ascii_text.h"

namespace weir {
namespace {

constexpr size_t kHeaderBytes = 20;
constexpr size_t kAttributeHeaderBytes = 4;
constexpr size_t kMaxAttributes = 32;
constexpr uint32_t kMagicCookie = 0x2112a442;
constexpr uint16_t kBindingRequest = 1;

enum Attribute : uint16_t { kMessageIntegrity = 0x0008, kRealm = 0x0014, kSoftware = 0x8022 };

bool has_stun_port(const Payload& payload) {
  const auto is_port = [](uint16_t port) { return port >= 3478 && port <= 3481; };
  return is_port(payload.server_port) || is_port(payload.client_port);
}

// The type's two upper bits are 0, and the length is what is there: rounded up to four in the
// messages of old clients, too. Over TCP others may follow.
bool is_stun(const Payload& payload) {
  const ByteReader& bytes = payload.bytes;
  if (!bytes.can_read(kHeaderBytes) || (bytes.u8(0) & 0xc0) != 0) return false;
  const size_t size = kHeaderBytes + bytes.u16(2);
  const bool fits = payload.is_tcp ? size <= bytes.remaining() : size == bytes.remaining();
  if (bytes.u16(2) % 4 != 0 || !fits) return false;
  if (bytes.u32(4) == kMagicCookie) return true;
  // Binding and its answers, the only method of RFC 3489 in use, and Zoom's.
  const uint16_t method = bytes.u16(0) & 0xfeef;
  return has_stun_port(payload) && !payload.is_tcp && (method == 1 || method == 2);
}

bool is_between(uint16_t value, uint16_t lowest, uint16_t highest) {
  return value >= lowest && value <= highest;
}

std::string_view application_of_realm(std::string_view realm) {
  if (realm == "viber.com") return "ViberVoip";
  if (realm == "telegram.org") return "TelegramVoip";
  if (realm.ends_with("facebook.com")) return "FacebookVoip";
  return "";
}

// Attributes that only one service sends; none is registered for anything else.
std::string_view application_of(uint16_t attribute, bool has_cookie) {
  if (is_between(attribute, 0x4000, 0x4007)) return "WhatsAppCall";
  if (attribute == 0x0101 || attribute == 0x0103) return has_cookie ? "" : "Zoom";
  switch (attribute) {
    case 0x8008:  // MS-VERSION (MS-TURN)
    case 0x8055:  // MS-SERVICE-QUALITY
    case 0x8070:  // MS-IMPLEMENTATION-VERSION (MS-ICE2)
    case 0x8095:
      return "Skype_TeamsCall";
    case 0xff03:
      return "GoogleMeet";
    default:
      return "";
  }
}

void take_message(const ByteReader& bytes, Findings& findings) {
  const bool has_cookie = bytes.u32(4) == kMagicCookie;
  ByteReader attributes = bytes;
  attributes.skip(kHeaderBytes);
  attributes.truncate(bytes.u16(2));
  std::string_view application;
  size_t count = 0;
  uint16_t first = 0;
  for (; attributes.can_read(kAttributeHeaderBytes) && count < kMaxAttributes; ++count) {
    const uint16_t type = attributes.u16(0);
    const size_t size = attributes.u16(2);
    ByteReader value = attributes;
    value.skip(kAttributeHeaderBytes);
    value.truncate(size);
    if (count == 0) first = type;
    if (application.empty()) application = application_of(type, has_cookie);
    if (type == kSoftware) findings.metadata.add(MetadataField::kSoftware, text_of(value));
    if (type == kRealm && application.empty()) application = application_of_realm(text_of(value));
    attributes.skip(kAttributeHeaderBytes + (size + 3) / 4 * 4);
  }
  // RFC 8489, 9.1: integrity needs the name of a user beside it. WhatsApp's peers send it alone.
  const bool is_bare = count == 1 && first == kMessageIntegrity && bytes.u16(0) == kBindingRequest;
  if (is_bare && has_cookie) application = "WhatsAppCall";
  if (findings.application.empty()) findings.application = application;
}

}  // namespace

bool StunDissector::may_begin(const Payload& payload) {
  return is_stun(payload);
}

std::unique_ptr<Dissector> StunDissector::create() {
  return std::make_unique<StunDissector>();
}

Progress StunDissector::feed(const Payload& payload, Findings& findings) {
  // Media and TURN's channels come between the messages.
  if (is_stun(payload)) {
    findings.protocol = "STUN";
    take_message(payload.bytes, findings);
  } else if (findings.protocol.empty()) {
    return Progress::kNotMine;
  }
  const bool is_known = !findings.application.empty();
  return is_known || ++messages_ >= kMaxMessages ? Progress::kDone : Progress::kMore;
}

}  // namespace weir

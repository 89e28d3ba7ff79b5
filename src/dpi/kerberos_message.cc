// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/kerberos_message.h"

#include <algorithm>
#include <array>

#include "dpi/ascii_text.h"
#include "dpi/der_reader.h"

namespace weir {
namespace {

constexpr uint8_t kGeneralString = 0x1b;
// [APPLICATION n], constructed.
enum MessageTag : uint8_t {
  kTicket = 0x61,
  kAsRequest = 0x6a,
  kAsReply = 0x6b,
  kTgsRequest = 0x6c,
  kTgsReply = 0x6d,
  kError = 0x7e,
};
// [n], constructed.
constexpr uint8_t field_tag(unsigned number) {
  return static_cast<uint8_t>(0xa0 | number);
}

// The field of a sequence; those before it are skipped and stay skipped.
bool find_field(ByteReader& fields, unsigned number, ByteReader& content) {
  DerElement element;
  while (!fields.empty() && fields.u8(0) <= field_tag(number)) {
    if (!take_der(fields, element)) return false;
    if (element.tag != field_tag(number)) continue;
    content = element.content;
    return true;
  }
  return false;
}

std::string_view realm_in(ByteReader field) {
  ByteReader text;
  return take_der(field, kGeneralString, text) ? text_of(text) : std::string_view();
}

// Section 5.2.2: a type and the components of the name.
std::string principal_in(ByteReader field) {
  ByteReader principal;
  ByteReader names;
  ByteReader list;
  std::string text;
  if (!take_der(field, kDerSequence, principal) || !find_field(principal, 1, names) ||
      !take_der(names, kDerSequence, list))
    return text;
  ByteReader part;
  while (take_der(list, kGeneralString, part)) {
    if (!text.empty()) text += '/';
    text += text_of(part);
  }
  return text;
}

uint32_t number_in(ByteReader field) {
  constexpr size_t kMostBytes = 4;
  ByteReader digits;
  uint32_t number = 0;
  if (!take_der(field, kDerInteger, digits) || digits.remaining() > kMostBytes) return 0;
  for (size_t i = 0; i < digits.remaining(); ++i) number = number << 8 | digits.u8(i);
  return number;
}

// Reads the field into what is wanted of it, and nothing where it is not there.
void read_principal(ByteReader& fields, unsigned number, std::string& name) {
  ByteReader content;
  ByteReader at = fields;
  if (find_field(at, number, content)) name = principal_in(content);
}
void read_realm(ByteReader& fields, unsigned number, std::string_view& realm) {
  ByteReader content;
  ByteReader at = fields;
  if (find_field(at, number, content)) realm = realm_in(content);
}

bool read_request(ByteReader fields, KerberosMessage& message) {
  ByteReader body;
  ByteReader content;
  if (!find_field(fields, 4, content) || !take_der(content, kDerSequence, body)) return false;
  message.kind = KerberosMessage::Kind::kRequest;
  read_principal(body, 1, message.client);
  read_realm(body, 2, message.realm);
  read_principal(body, 3, message.service);
  return !message.realm.empty();
}

bool read_reply(ByteReader fields, KerberosMessage& message) {
  message.kind = KerberosMessage::Kind::kAnswer;
  read_principal(fields, 4, message.client);
  ByteReader content;
  ByteReader ticket;
  ByteReader parts;
  if (!find_field(fields, 5, content) || !take_der(content, kTicket, ticket) ||
      !take_der(ticket, kDerSequence, parts))
    return false;
  read_realm(parts, 1, message.realm);
  read_principal(parts, 2, message.service);
  return !message.realm.empty();
}

bool read_error(ByteReader fields, KerberosMessage& message) {
  ByteReader content;
  message.kind = KerberosMessage::Kind::kError;
  if (!find_field(fields, 6, content)) return false;
  message.error = number_in(content);
  read_principal(fields, 8, message.client);
  read_realm(fields, 9, message.realm);
  read_principal(fields, 10, message.service);
  return !message.realm.empty();
}

struct ErrorName {
  uint32_t code;
  std::string_view name;
};
constexpr std::array<ErrorName, 40> kErrors{{
    {1, "KDC_ERR_NAME_EXP"},
    {2, "KDC_ERR_SERVICE_EXP"},
    {3, "KDC_ERR_BAD_PVNO"},
    {6, "KDC_ERR_C_PRINCIPAL_UNKNOWN"},
    {7, "KDC_ERR_S_PRINCIPAL_UNKNOWN"},
    {8, "KDC_ERR_PRINCIPAL_NOT_UNIQUE"},
    {9, "KDC_ERR_NULL_KEY"},
    {10, "KDC_ERR_CANNOT_POSTDATE"},
    {11, "KDC_ERR_NEVER_VALID"},
    {12, "KDC_ERR_POLICY"},
    {13, "KDC_ERR_BADOPTION"},
    {14, "KDC_ERR_ETYPE_NOSUPP"},
    {15, "KDC_ERR_SUMTYPE_NOSUPP"},
    {16, "KDC_ERR_PADATA_TYPE_NOSUPP"},
    {17, "KDC_ERR_TRTYPE_NOSUPP"},
    {18, "KDC_ERR_CLIENT_REVOKED"},
    {19, "KDC_ERR_SERVICE_REVOKED"},
    {20, "KDC_ERR_TGT_REVOKED"},
    {21, "KDC_ERR_CLIENT_NOTYET"},
    {22, "KDC_ERR_SERVICE_NOTYET"},
    {23, "KDC_ERR_KEY_EXPIRED"},
    {24, "KDC_ERR_PREAUTH_FAILED"},
    {25, "KDC_ERR_PREAUTH_REQUIRED"},
    {26, "KDC_ERR_SERVER_NOMATCH"},
    {27, "KDC_ERR_MUST_USE_USER2USER"},
    {28, "KDC_ERR_PATH_NOT_ACCEPTED"},
    {29, "KDC_ERR_SVC_UNAVAILABLE"},
    {31, "KRB_AP_ERR_BAD_INTEGRITY"},
    {32, "KRB_AP_ERR_TKT_EXPIRED"},
    {33, "KRB_AP_ERR_TKT_NYV"},
    {34, "KRB_AP_ERR_REPEAT"},
    {35, "KRB_AP_ERR_NOT_US"},
    {36, "KRB_AP_ERR_BADMATCH"},
    {37, "KRB_AP_ERR_SKEW"},
    {41, "KRB_AP_ERR_MODIFIED"},
    {44, "KRB_AP_ERR_BADKEYVER"},
    {45, "KRB_AP_ERR_NOKEY"},
    {52, "KRB_ERR_RESPONSE_TOO_BIG"},
    {60, "KRB_ERR_GENERIC"},
    {68, "KDC_ERR_WRONG_REALM"},
}};

}  // namespace

bool may_be_kerberos(const ByteReader& bytes) {
  constexpr std::array<uint8_t, 5> kTags{kAsRequest, kAsReply, kTgsRequest, kTgsReply, kError};
  if (std::ranges::find(kTags, bytes.u8(0)) == kTags.end()) return false;
  // The length of the message, then a sequence.
  const uint8_t length = bytes.u8(1);
  const size_t digits = length < 0x80 ? 0 : length & size_t{0x7f};
  return digits <= 3 && length != 0x80 && bytes.u8(2 + digits) == kDerSequence;
}

bool read_kerberos(ByteReader bytes, KerberosMessage& message) {
  DerElement whole;
  ByteReader fields;
  if (!take_der(bytes, whole) || !take_der(whole.content, kDerSequence, fields)) return false;
  switch (whole.tag) {
    case kAsRequest:
    case kTgsRequest:
      return read_request(fields, message);
    case kAsReply:
    case kTgsReply:
      return read_reply(fields, message);
    case kError:
      return read_error(fields, message);
    default:
      return false;
  }
}

std::string kerberos_error_name(uint32_t code) {
  const auto* found = std::ranges::find(kErrors, code, &ErrorName::code);
  return found == kErrors.end() ? std::to_string(code) : std::string(found->name);
}

}  // namespace weir

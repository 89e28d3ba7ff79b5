// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/quic_version.h"

namespace weir {
namespace {

using Salt = std::array<uint8_t, 20>;

// RFC 9001, section 5.2, and the same section of the drafts.
constexpr Salt kDraft22{0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a,
                        0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a};
constexpr Salt kDraft23{0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
                        0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02};
constexpr Salt kDraft29{0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
                        0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99};
constexpr Salt kV1{0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
                   0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a};
// RFC 9369, section 3.3.1, and its draft.
constexpr Salt kV2{0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
                   0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9};
constexpr Salt kV2Draft{0xa7, 0x07, 0xc2, 0x03, 0xa5, 0x9b, 0x47, 0x18, 0x4a, 0x1d,
                        0x62, 0xca, 0x57, 0x04, 0x06, 0xea, 0x7a, 0xe3, 0xe5, 0xd3};
// Google's, as in Chromium's quic_utils.
constexpr Salt kQ050{0x50, 0x45, 0x74, 0xef, 0xd0, 0x66, 0xfe, 0x2f, 0x9d, 0x94,
                     0x5c, 0xfc, 0xdb, 0xd3, 0xa7, 0xf0, 0xd3, 0xb5, 0x6b, 0x45};
constexpr Salt kT050{0x7f, 0xf5, 0x79, 0xe5, 0xac, 0xd0, 0x72, 0x91, 0x55, 0x80,
                     0x30, 0x4c, 0x43, 0xa2, 0x36, 0x7c, 0x60, 0x48, 0x83, 0x10};
constexpr Salt kT051{0x7a, 0x4e, 0xde, 0xf4, 0xe7, 0xcc, 0xee, 0x5f, 0xa4, 0x50,
                     0x6c, 0x19, 0x12, 0x4f, 0xc8, 0xcc, 0xda, 0x6e, 0x03, 0x3d};

constexpr uint32_t kV2DraftNumber = 0x709a50c4;
constexpr uint32_t kDrafts = 0xff000000;
constexpr uint32_t kMvfst = 0xfaceb000;
constexpr uint32_t kGoogleT050 = 0x54303530;
constexpr uint32_t kGoogleT051 = 0x54303531;

bool is_reserved(uint32_t number) {
  return (number & 0x0f0f0f0f) == 0x0a0a0a0a;
}

// "Q0" and two digits.
bool is_google_q(uint32_t number) {
  const auto is_digit = [](uint32_t c) { return c >= '0' && c <= '9'; };
  return number >> 16 == 0x5130 && is_digit(number >> 8 & 0xff) && is_digit(number & 0xff);
}

uint32_t google_number(uint32_t number) {
  return 10 * ((number >> 8 & 0xff) - '0') + (number & 0xff) - '0';
}

QuicVersion with_salt(const Salt& salt) {
  QuicVersion version;
  version.keys = QuicVersion::Keys::kV1Labels;
  version.salt = salt;
  return version;
}

QuicVersion with_v2_salt(const Salt& salt) {
  QuicVersion version = with_salt(salt);
  version.keys = QuicVersion::Keys::kV2Labels;
  version.has_v2_types = true;
  return version;
}

bool find_draft(uint32_t draft, QuicVersion& out) {
  if (draft < 22 || draft > 34) return false;
  out = with_salt(draft == 22 ? kDraft22 : draft < 29 ? kDraft23 : draft < 33 ? kDraft29 : kV1);
  return true;
}

bool find_google(uint32_t number, QuicVersion& out) {
  const uint32_t version = google_number(number);
  if (version < 24 || version > 50) return false;
  out = version == 50 ? with_salt(kQ050) : QuicVersion();
  out.is_google = true;
  return true;
}

}  // namespace

bool find_quic_version(uint32_t number, QuicVersion& out) {
  switch (number) {
    case kQuicV2:
      out = with_v2_salt(kV2);
      return true;
    case kV2DraftNumber:
      out = with_v2_salt(kV2Draft);
      return true;
    case kGoogleT050:
      out = with_salt(kT050);
      return true;
    case kGoogleT051:
      out = with_salt(kT051);
      return true;
    default:
      break;
  }
  if (number == kQuicV1 || is_reserved(number)) {
    out = with_salt(kV1);
    return true;
  }
  if (number >> 8 == kDrafts >> 8) return find_draft(number & 0xff, out);
  if (is_google_q(number)) return find_google(number, out);
  if (number >> 8 != kMvfst >> 8) return false;
  out = with_salt(number == kMvfst + 1 ? kDraft22 : kDraft23);
  return true;
}

std::string quic_version_name(uint32_t number) {
  if (number == kQuicV1) return "v1";
  if (number == kQuicV2) return "v2";
  if (number == kV2DraftNumber) return "v2-draft";
  if (number >> 8 == kDrafts >> 8) return "draft-" + std::to_string(number & 0xff);
  if (number >> 8 == kMvfst >> 8) return "mvfst-" + std::to_string(number & 0xff);
  std::string text;
  if (is_google_q(number) || number == kGoogleT050 || number == kGoogleT051) {
    for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(number >> shift);
    return text;
  }
  constexpr char kHexDigits[] = "0123456789abcdef";
  text = "0x";
  for (int shift = 28; shift >= 0; shift -= 4) text += kHexDigits[number >> shift & 0xf];
  return text;
}

}  // namespace weir

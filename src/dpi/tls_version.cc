// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/tls_version.h"

#include <array>

namespace weir {
namespace {

struct Version {
  uint16_t number;
  std::string_view name;
  std::string_view ja4;
};

constexpr std::array kVersions{
    Version{kTls13, "TLS 1.3", "13"},   Version{kTls12, "TLS 1.2", "12"},
    Version{0x0302, "TLS 1.1", "11"},   Version{0x0301, "TLS 1.0", "10"},
    Version{kSsl3, "SSL 3.0", "s3"},    Version{kSsl2, "SSL 2.0", "s2"},
    Version{kDtls13, "DTLS 1.3", "d3"}, Version{kDtls12, "DTLS 1.2", "d2"},
    Version{kDtls10, "DTLS 1.0", "d1"}, Version{kOldOpensslDtls, "DTLS 1.0", "00"},
};

const Version* find(uint16_t number) {
  for (const Version& version : kVersions)
    if (version.number == number) return &version;
  return nullptr;
}

// 0x7f0e ... are the IETF's drafts, 0xfb17 ... were Facebook's.
bool is_tls13_draft(uint16_t version) {
  return version >> 8 == 0x7f || version >> 8 == 0xfb;
}

}  // namespace

bool is_tls13_or_later(uint16_t version) {
  return version == kTls13 || version == kDtls13 || is_tls13_draft(version);
}

std::string_view tls_version_name(uint16_t version) {
  if (is_tls13_draft(version)) return "TLS 1.3";
  const Version* known = find(version);
  return known == nullptr ? std::string_view() : known->name;
}

std::string_view ja4_version(uint16_t version) {
  const Version* known = find(version);
  return known == nullptr ? std::string_view("00") : known->ja4;
}

}  // namespace weir

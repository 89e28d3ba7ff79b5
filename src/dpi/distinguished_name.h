// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>

#include "base/byte_reader.h"

namespace weir {

inline constexpr size_t kMaxAttributeBytes = 128;
inline constexpr size_t kMaxNameBytes = 512;

// A subject's or issuer's name in a certificate.
struct DistinguishedName {
  std::string text;         // "CN=example.org,O=Example,C=NL"
  std::string common_name;  // the last one, "" when there is none
};

// Reads the content of an X.509 Name. Longer values are cut at kMaxAttributeBytes, and what comes
// after kMaxNameBytes is left out. Attributes without a well-known short name appear by their
// object identifier ("1.2.3.4=value"). What is malformed is left out. Source: RFC 4514, section 2.
[[nodiscard]] DistinguishedName read_distinguished_name(ByteReader content);

}  // namespace weir

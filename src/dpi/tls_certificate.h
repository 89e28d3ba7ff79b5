// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"

namespace weir {

// What a certificate says of its owner. Texts are UTF-8 where the certificate's were of a known
// kind, and may hold any byte.
struct CertificateFacts {
  static constexpr size_t kMaxNames = 256;
  static constexpr size_t kMaxNamesBytes = 4096;  // of all names
  static constexpr size_t kMaxNameBytes = 255;    // longer ones are no names of hosts

  std::vector<std::string> names;  // the subject's common name, then its DNS names but that
  std::string subject;             // "CN=example.org,O=Example,C=NL": RFC 4514, the last part first
  std::string issuer;
  int64_t not_before = 0;  // seconds since 1970; 0: not readable
  int64_t not_after = 0;
};

// Whether a name of a certificate stands for a host, in any case; a star for the first label alone.
// Source: RFC 6125, section 6.4.
[[nodiscard]] bool stands_for(std::string_view certificate_name, std::string_view host);

// Reads an X.509 certificate in DER with its first `max_names` names, and one more where none of
// those but that one stands for `host`; nothing of it is verified.
// False when it is none or ends early: `out` then holds what came before. Not OpenSSL's d2i_X509():
// that decodes the public key too, and allocates as much as the certificate wants.
// Cost: linear in the certificate, no allocation but the texts in `out`.
// Source: RFC 5280, section 4.
[[nodiscard]] bool parse_certificate(ByteReader der, CertificateFacts& out,
                                     size_t max_names = CertificateFacts::kMaxNames,
                                     std::string_view host = {});

// The certificate of the server itself: the first in the body of a Certificate message of TLS 1.2
// or before (RFC 5246, section 7.4.2). False when there is none or it was cut off.
[[nodiscard]] bool first_certificate(ByteReader body, ByteReader& der);

}  // namespace weir

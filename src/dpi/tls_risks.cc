// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "dpi/ascii_text.h"
#include "dpi/risk_facts.h"
#include "dpi/tls_certificate.h"

namespace weir {
namespace {

constexpr uint64_t kSecondsPerDay = 86400;

// Nobody protects anything with these any more: RFC 7525, sections 4.1 and 4.2, RFC 7465. "_RSA_"
// as the key exchange too has no forward secrecy (RFC 9325, section 4.1).
bool is_weak(std::string_view cipher) {
  constexpr std::array<std::string_view, 9> kParts{"NULL",  "anon_", "RC4_",  "RC2_", "DES_",
                                                   "DES40", "3DES_", "IDEA_", "MD5"};
  if (cipher.starts_with("TLS_RSA_") || cipher.find("EXPORT") != std::string_view::npos)
    return true;
  for (size_t at = cipher.find('_'); at != std::string_view::npos; at = cipher.find('_', at + 1)) {
    const std::string_view part = cipher.substr(at + 1);
    if (std::ranges::any_of(kParts, [&](auto weak) { return part.starts_with(weak); })) return true;
  }
  return false;
}

bool is_obsolete(std::string_view version) {
  constexpr std::array<std::string_view, 5> kVersions{"SSL 2.0", "SSL 3.0", "TLS 1.0", "TLS 1.1",
                                                      "DTLS 1.0"};
  return std::ranges::find(kVersions, version) != kVersions.end();
}

std::string_view common_name(std::string_view subject) {
  constexpr std::string_view kKey = "CN=";
  const size_t at = subject.find(kKey);
  if (at == std::string_view::npos) return {};
  subject.remove_prefix(at + kKey.size());
  return subject.substr(0, subject.find(','));
}

// Only where all names of the certificate are known.
bool is_mismatch(const RiskFacts& facts) {
  const FlowMetadata& metadata = *facts.metadata;
  const std::string_view host = metadata.first(MetadataField::kServerName);
  if (host.empty() || metadata.left_out() > 0 || facts.protocol() != "TLS") return false;
  bool has_names = false;
  for (const MetadataEntry& entry : metadata.entries()) {
    if (entry.field != MetadataField::kCertificateNames) continue;
    if (stands_for(entry.value, host)) return false;
    has_names = true;
  }
  if (has_names) return true;
  const std::string_view name = common_name(metadata.first(MetadataField::kCertificateSubject));
  return !name.empty() && !stands_for(name, host);
}

// The term that browsers accept of certificates issued since September 2020.
bool is_valid_too_long(uint64_t not_before, uint64_t not_after) {
  constexpr uint64_t kSince = 1598918400;
  constexpr uint64_t kMostDays = 398;
  return not_before >= kSince && not_after > not_before + kMostDays * kSecondsPerDay;
}

void add_certificate_risks(const RiskFacts& facts, RiskSet& risks) {
  constexpr uint64_t kSoon = 30 * kSecondsPerDay;
  const FlowMetadata& metadata = *facts.metadata;
  const std::string_view issuer = metadata.first(MetadataField::kCertificateIssuer);
  const bool is_own = issuer == metadata.first(MetadataField::kCertificateSubject);
  risks.add_if(!issuer.empty() && is_own, Risk::kTlsSelfSignedCertificate);
  risks.add_if(is_mismatch(facts), Risk::kTlsCertificateMismatch);
  const auto before = parse_decimal(metadata.first(MetadataField::kCertificateNotBefore));
  const auto after = parse_decimal(metadata.first(MetadataField::kCertificateNotAfter));
  if (!before || !after) return;
  const uint64_t now = facts.when.seconds;
  risks.add_if(now > *after, Risk::kTlsCertificateExpired);
  risks.add_if(now < *before, Risk::kTlsCertificateNotYetValid);
  risks.add_if(now <= *after && *after - now < kSoon, Risk::kTlsCertificateAboutToExpire);
  risks.add_if(is_valid_too_long(*before, *after), Risk::kTlsCertificateValidityTooLong);
}

}  // namespace

void add_tls_risks(const RiskFacts& facts, RiskSet& risks) {
  const FlowMetadata& metadata = *facts.metadata;
  const std::string_view version = metadata.first(MetadataField::kTlsVersion);
  if (version.empty()) return;
  add_certificate_risks(facts, risks);
  // Without an answer the version is only the one offered.
  const std::string_view cipher = metadata.first(MetadataField::kTlsCipher);
  risks.add_if(!cipher.empty() && is_obsolete(version), Risk::kTlsObsoleteVersion);
  risks.add_if(is_weak(cipher), Risk::kTlsWeakCipher);
  const bool has_hello = !metadata.first(MetadataField::kJa3).empty();
  const bool names_nobody = metadata.first(MetadataField::kServerName).empty();
  const bool is_to_name = facts.protocol() == "TLS" || facts.protocol() == "QUIC";
  risks.add_if(has_hello && names_nobody && is_to_name, Risk::kTlsMissingSni);
}

}  // namespace weir

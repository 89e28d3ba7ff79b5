// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

class FlowMetadata;

// What may be wrong with a flow, as its payload tells. docs/risks.md says when each is raised.
enum class Risk : uint8_t {
  kTlsSelfSignedCertificate,
  kTlsCertificateExpired,
  kTlsCertificateNotYetValid,
  kTlsCertificateAboutToExpire,
  kTlsCertificateValidityTooLong,
  kTlsCertificateMismatch,
  kTlsObsoleteVersion,
  kTlsWeakCipher,
  kTlsMissingSni,
  kNonStandardPort,
  kClearTextCredentials,
  kUnsafeProtocol,
  kHttpNumericHost,
  kHttpSuspiciousUserAgent,
  kHttpBinaryTransfer,
  kPossibleExploit,
  kDnsError,
  kDnsLargePacket,
  kSmbInsecureVersion,
  kSshObsoleteClient,
  kSshObsoleteServer,
  kRdpInsecureSecurity,
  kRemoteDesktopSession,
  kCount
};

// "tls_certificate_expired": an element of the field `risks`.
[[nodiscard]] std::string_view risk_name(Risk risk);
// 10 for what is worth knowing, 50 for what should be looked at, 100 for what is bad practice, 150
// for what may be an attack: as nDPI counts.
[[nodiscard]] unsigned risk_score(Risk risk);

// Some of them.
class RiskSet {
 public:
  constexpr RiskSet() = default;

  constexpr void add(Risk risk) { bits_ |= uint64_t{1} << static_cast<unsigned>(risk); }
  constexpr void add_if(bool is_so, Risk risk) {
    if (is_so) add(risk);
  }
  constexpr void add_all(RiskSet others) { bits_ |= others.bits_; }
  [[nodiscard]] constexpr bool has(Risk risk) const {
    return (bits_ >> static_cast<unsigned>(risk) & 1) != 0;
  }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  constexpr bool operator==(const RiskSet&) const = default;

  [[nodiscard]] std::vector<std::string> names() const;
  // The sum of their scores: the field `score`.
  [[nodiscard]] unsigned score() const;

  // As one short text, and out of it; digits that no text() gave are no risks.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] static RiskSet of_text(std::string_view text);

 private:
  static_assert(static_cast<size_t>(Risk::kCount) <= 64);
  uint64_t bits_ = 0;
};

// A flow's metadata holds them as the one value of MetadataField::kRisks, which stays once it was
// there.
[[nodiscard]] RiskSet risks_in(const FlowMetadata& metadata);
void set_risks(FlowMetadata& metadata, RiskSet risks);

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/risks.h"

#include <array>
#include <charconv>

#include "record/flow_metadata.h"

namespace weir {
namespace {

constexpr unsigned kLow = 10;
constexpr unsigned kMedium = 50;
constexpr unsigned kHigh = 100;
constexpr unsigned kSevere = 150;

struct RiskInfo {
  std::string_view name;
  unsigned score;
};
constexpr std::array<RiskInfo, static_cast<size_t>(Risk::kCount)> kRisks{{
    {"tls_self_signed_certificate", kHigh},
    {"tls_certificate_expired", kHigh},
    {"tls_certificate_not_yet_valid", kHigh},
    {"tls_certificate_about_to_expire", kMedium},
    {"tls_certificate_validity_too_long", kMedium},
    {"tls_certificate_mismatch", kHigh},
    {"tls_obsolete_version", kHigh},
    {"tls_weak_cipher", kHigh},
    {"tls_missing_sni", kMedium},
    {"non_standard_port", kMedium},
    {"clear_text_credentials", kHigh},
    {"unsafe_protocol", kLow},
    {"http_numeric_host", kLow},
    {"http_suspicious_user_agent", kHigh},
    {"http_binary_transfer", kSevere},
    {"possible_exploit", kSevere},
    {"dns_error", kLow},
    {"dns_large_packet", kMedium},
    {"smb_insecure_version", kHigh},
    {"ssh_obsolete_client", kMedium},
    {"ssh_obsolete_server", kMedium},
    {"rdp_insecure_security", kMedium},
    {"remote_desktop_session", kLow},
}};
static_assert(!kRisks.back().name.empty());

constexpr int kHexadecimal = 16;

}  // namespace

std::string_view risk_name(Risk risk) {
  return kRisks[static_cast<size_t>(risk)].name;
}
unsigned risk_score(Risk risk) {
  return kRisks[static_cast<size_t>(risk)].score;
}

std::vector<std::string> RiskSet::names() const {
  std::vector<std::string> names;
  for (size_t i = 0; i < kRisks.size(); ++i) {
    if (has(static_cast<Risk>(i))) names.emplace_back(kRisks[i].name);
  }
  return names;
}

unsigned RiskSet::score() const {
  unsigned score = 0;
  for (size_t i = 0; i < kRisks.size(); ++i) {
    if (has(static_cast<Risk>(i))) score += kRisks[i].score;
  }
  return score;
}

std::string RiskSet::text() const {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), bits_, kHexadecimal).ptr;
  return {digits.begin(), end};
}

RiskSet RiskSet::of_text(std::string_view text) {
  constexpr uint64_t kKnown = (uint64_t{1} << static_cast<unsigned>(Risk::kCount)) - 1;
  RiskSet risks;
  std::from_chars(text.data(), text.data() + text.size(), risks.bits_, kHexadecimal);
  risks.bits_ &= kKnown;
  return risks;
}

RiskSet risks_in(const FlowMetadata& metadata) {
  return RiskSet::of_text(metadata.first(MetadataField::kRisks));
}

void set_risks(FlowMetadata& metadata, RiskSet risks) {
  if (risks.empty() && metadata.first(MetadataField::kRisks).empty()) return;
  metadata.set(MetadataField::kRisks, risks.text());
}

}  // namespace weir

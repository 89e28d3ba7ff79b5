// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <optional>

#include "dpi/ascii_text.h"
#include "dpi/risk_facts.h"

namespace weir {
namespace {

template <size_t N>
bool is_among(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::ranges::find(names, name) != names.end();
}

// "NetBIOS.SMBv1" is SMBv1 too.
template <size_t N>
bool has_part_among(std::string_view application, const std::array<std::string_view, N>& names) {
  const size_t dot = application.find('.');
  if (is_among(application.substr(0, dot), names)) return true;
  return dot != std::string_view::npos && is_among(application.substr(dot + 1), names);
}

// User and password, or all that is done, go over the wire as they are.
constexpr std::array<std::string_view, 9> kUnsafe{"Telnet", "FTP_CONTROL", "SMBv1", "TFTP", "RSH",
                                                  "rlogin", "Finger",      "POP3",  "IMAP"};
constexpr std::array<std::string_view, 10> kRemoteDesktops{
    "RDP",       "VNC",       "TeamViewer", "AnyDesk",    "RustDesk",
    "Splashtop", "NoMachine", "Citrix",     "PCAnywhere", "SPICE"};

bool is_anonymous(std::string_view user) {
  return is_same_word(user, "anonymous") || is_same_word(user, "ftp");
}

// In these a user's name is read only where it is in the clear, and the password follows it.
constexpr std::array<std::string_view, 4> kClearText{"FTP_CONTROL", "POP3", "IMAP", "MQTT"};

// The number behind "OpenSSH_" in a banner.
std::optional<uint64_t> openssh_version(std::string_view banner) {
  constexpr std::string_view kName = "OpenSSH_";
  const size_t at = banner.find(kName);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = banner.substr(at + kName.size());
  return parse_decimal(rest.substr(0, rest.find_first_not_of("0123456789")));
}

// Protocol 1 without 2 (1.99 means both), or OpenSSH from before 2015, when weak key exchanges and
// ciphers were taken out.
bool is_obsolete_ssh(std::string_view banner) {
  constexpr uint64_t kFirstSound = 7;
  if (banner.starts_with("SSH-1.") && !banner.starts_with("SSH-1.99")) return true;
  const auto version = openssh_version(banner);
  return version && *version < kFirstSound;
}

// Those that add_value_risks() knows.
constexpr std::array kJudgedFields{MetadataField::kUserName,   MetadataField::kDnsRcode,
                                   MetadataField::kSmbVersion, MetadataField::kSshClient,
                                   MetadataField::kSshServer,  MetadataField::kRdpSecurity};

void add_value_risks(const MetadataEntry& entry, std::string_view protocol, RiskSet& risks) {
  switch (entry.field) {
    case MetadataField::kUserName:
      risks.add_if(is_among(protocol, kClearText) && !is_anonymous(entry.value),
                   Risk::kClearTextCredentials);
      break;
    case MetadataField::kDnsRcode:
      risks.add_if(protocol == "DNS" && entry.value != "NOERROR", Risk::kDnsError);
      break;
    case MetadataField::kSmbVersion:
      risks.add_if(entry.value == "SMB 1.0", Risk::kSmbInsecureVersion);
      break;
    case MetadataField::kSshClient:
      risks.add_if(is_obsolete_ssh(entry.value), Risk::kSshObsoleteClient);
      break;
    case MetadataField::kSshServer:
      risks.add_if(is_obsolete_ssh(entry.value), Risk::kSshObsoleteServer);
      break;
    case MetadataField::kRdpSecurity:
      risks.add_if(entry.value == "RDP", Risk::kRdpInsecureSecurity);
      break;
    default:
      break;
  }
}

}  // namespace

RiskSet risks_of_application(const RiskFacts& facts) {
  RiskSet risks;
  risks.add_if(is_on_strange_port(facts), Risk::kNonStandardPort);
  risks.add_if(has_part_among(facts.application, kUnsafe), Risk::kUnsafeProtocol);
  risks.add_if(has_part_among(facts.application, kRemoteDesktops), Risk::kRemoteDesktopSession);
  return risks;
}

RiskSet risks_of(const RiskFacts& facts) {
  constexpr size_t kLargestPlainDns = 512;  // RFC 1035, section 2.3.4
  if (!facts.is_read) return {};
  RiskSet risks = facts.http;
  const std::string_view protocol = facts.protocol();
  risks.add_all(facts.application_risks);
  if (std::ranges::any_of(kJudgedFields, [&](auto field) { return facts.metadata->has(field); })) {
    for (const MetadataEntry& entry : facts.metadata->entries())
      add_value_risks(entry, protocol, risks);
  }
  add_tls_risks(facts, risks);
  risks.add_if(protocol == "DNS" && facts.largest_datagram > kLargestPlainDns,
               Risk::kDnsLargePacket);
  return risks;
}

}  // namespace weir

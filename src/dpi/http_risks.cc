// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <string>

#include "dpi/ascii_text.h"
#include "dpi/risk_facts.h"
#include "net/ip_address.h"

namespace weir {
namespace {

template <size_t N>
bool contains_any(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::ranges::any_of(words,
                             [&](std::string_view word) { return contains_word(text, word); });
}

// "192.0.2.1", "192.0.2.1:8080", "[2001:db8::1]:80".
bool is_address(std::string_view host) {
  if (host.starts_with('[')) {
    host.remove_prefix(1);
    host = host.substr(0, host.find(']'));
  } else if (std::ranges::count(host, ':') == 1) {
    host = host.substr(0, host.find(':'));
  }
  return IpAddress::parse(host).has_value();
}

// Scanners that say who they are, and what no program calls itself.
bool is_suspicious_agent(std::string_view agent) {
  constexpr std::array<std::string_view, 12> kScanners{
      "sqlmap",   "nikto",  "masscan", "zgrab",   "nmap scripting", "dirbuster",
      "gobuster", "wpscan", "nessus",  "openvas", "acunetix",       "havij"};
  constexpr size_t kShortest = 4;
  return agent.size() < kShortest || contains_any(agent, kScanners) ||
         agent.find("<?") != std::string_view::npos ||
         agent.find("<script") != std::string_view::npos;
}

// Programs of Windows, Linux, macOS, Android and Java.
bool is_program_type(std::string_view type) {
  constexpr std::array<std::string_view, 10> kTypes{"application/x-msdownload",
                                                    "application/x-msdos-program",
                                                    "application/x-dosexec",
                                                    "application/x-ms-dos-executable",
                                                    "application/vnd.microsoft.portable-executable",
                                                    "application/x-executable",
                                                    "application/x-elf",
                                                    "application/x-mach-binary",
                                                    "application/vnd.android.package-archive",
                                                    "application/x-msi"};
  type = type.substr(0, type.find(';'));
  return std::ranges::any_of(kTypes,
                             [&](std::string_view each) { return is_same_word(type, each); });
}

bool is_program_url(std::string_view url) {
  constexpr std::array<std::string_view, 7> kEnds{".exe", ".msi", ".dll", ".scr",
                                                  ".apk", ".com", ".sys"};
  const size_t path = url.find('/');
  if (path == std::string_view::npos) return false;
  url = url.substr(path);
  url = url.substr(0, url.find('?'));
  return std::ranges::any_of(kEnds, [&](std::string_view end) {
    return url.size() > end.size() && is_same_word(url.substr(url.size() - end.size()), end);
  });
}

// A look-up that old Log4j makes of what it logs (CVE-2021-44228), and Shellshock (CVE-2014-6271).
bool is_exploit(std::string_view text) {
  constexpr std::array<std::string_view, 2> kMarks{"${jndi:", "() { :"};
  return contains_any(text, kMarks);
}

}  // namespace

void add_http_risks(const RiskFacts& facts, RiskSet& risks) {
  const bool is_web = facts.protocol() != "SSDP";  // whose host is a multicast address
  bool has_success = false;
  bool is_program = false;
  for (const MetadataEntry& entry : facts.metadata->entries()) {
    switch (entry.field) {
      case MetadataField::kHttpHost:
        risks.add_if(is_web && is_address(entry.value), Risk::kHttpNumericHost);
        break;
      case MetadataField::kUserAgent:
        risks.add_if(is_suspicious_agent(entry.value), Risk::kHttpSuspiciousUserAgent);
        risks.add_if(is_exploit(entry.value), Risk::kPossibleExploit);
        break;
      case MetadataField::kHttpUrl:
        risks.add_if(is_exploit(entry.value), Risk::kPossibleExploit);
        is_program = is_program || is_program_url(entry.value);
        break;
      case MetadataField::kHttpStatus:
        has_success = has_success || entry.value == "200" || entry.value == "206";
        break;
      case MetadataField::kHttpContentType:
        risks.add_if(is_program_type(entry.value), Risk::kHttpBinaryTransfer);
        break;
      default:
        break;
    }
  }
  risks.add_if(is_program && has_success, Risk::kHttpBinaryTransfer);
}

}  // namespace weir

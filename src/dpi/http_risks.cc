// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/http_risks.h"

#include <algorithm>
#include <array>
#include <string>

#include "dpi/ascii_text.h"
#include "net/ip_address.h"

namespace weir {
namespace {

// Words to look for in any case, of two letters at least.
template <size_t N>
class WordSet {
 public:
  explicit constexpr WordSet(const std::array<std::string_view, N>& words) : words_(words) {
    for (const std::string_view word : words) begins_[place_of(word[0], word[1])] = true;
  }
  // Looks closer only where two letters are as in one of them.
  [[nodiscard]] bool is_one_in(std::string_view text) const {
    for (size_t at = 0; at + 1 < text.size(); ++at) {
      if (begins_[place_of(text[at], text[at + 1])] && is_one_at(text.substr(at))) return true;
    }
    return false;
  }

 private:
  // Letters of either case have the same lower five bits.
  static constexpr size_t place_of(char first, char second) {
    return size_t{static_cast<uint8_t>(first) & 0x1fU} << 5 |
           (static_cast<uint8_t>(second) & 0x1fU);
  }
  [[nodiscard]] bool is_one_at(std::string_view text) const {
    return std::ranges::any_of(words_,
                               [&](std::string_view word) { return starts_with_word(text, word); });
  }

  std::array<std::string_view, N> words_;
  std::array<bool, 1024> begins_{};
};

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
  static constexpr WordSet<14> kScanners({"sqlmap", "nikto", "masscan", "zgrab", "nmap scripting",
                                          "dirbuster", "gobuster", "wpscan", "nessus", "openvas",
                                          "acunetix", "havij", "<?", "<script"});
  constexpr size_t kShortest = 4;
  return agent.size() < kShortest || kScanners.is_one_in(agent);
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

// A mark begins with a sign that is rare, so that most texts are done with the search for it.
bool contains_mark(std::string_view text, std::string_view lower_case) {
  for (size_t at = text.find(lower_case.front()); at != std::string_view::npos;
       at = text.find(lower_case.front(), at + 1)) {
    if (starts_with_word(text.substr(at), lower_case)) return true;
  }
  return false;
}

// A look-up that old Log4j makes of what it logs (CVE-2021-44228), and Shellshock (CVE-2014-6271).
bool is_exploit(std::string_view text) {
  return contains_mark(text, "${jndi:") || contains_mark(text, "() { :");
}

}  // namespace

void HttpRisks::read(const FlowMetadata& metadata, bool is_web) {
  const auto& entries = metadata.entries();
  for (; read_ < entries.size(); ++read_) read(entries[read_], is_web);
}

RiskSet HttpRisks::found() const {
  RiskSet risks = found_;
  risks.add_if(is_program_ && has_success_, Risk::kHttpBinaryTransfer);
  return risks;
}

void HttpRisks::read(const MetadataEntry& entry, bool is_web) {
  switch (entry.field) {
    case MetadataField::kHttpHost:
      found_.add_if(is_web && is_address(entry.value), Risk::kHttpNumericHost);
      break;
    case MetadataField::kUserAgent:
      found_.add_if(is_suspicious_agent(entry.value), Risk::kHttpSuspiciousUserAgent);
      found_.add_if(is_exploit(entry.value), Risk::kPossibleExploit);
      break;
    case MetadataField::kHttpUrl:
      found_.add_if(is_exploit(entry.value), Risk::kPossibleExploit);
      is_program_ = is_program_ || is_program_url(entry.value);
      break;
    case MetadataField::kHttpStatus:
      has_success_ = has_success_ || entry.value == "200" || entry.value == "206";
      break;
    case MetadataField::kHttpContentType:
      found_.add_if(is_program_type(entry.value), Risk::kHttpBinaryTransfer);
      break;
    default:
      break;
  }
}

}  // namespace weir

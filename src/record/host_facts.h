// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

// Where something said of a host was learnt. First the names that a host goes by, the most telling
// source first; then what hints at its operating system, the strongest first.
enum class HostFactKind : uint8_t {
  kDhcpName,     // the client's own, in DHCP
  kMdnsName,     // its own or another's answer
  kNetbiosName,  // the same
  kLlmnrName,    // the same
  kDnsName,      // asked for in DNS, the address being in the answer; or of its PTR record
  kTlsName,      // SNI of a TLS, DTLS or QUIC client: what the server is called
  kHttpName,     // host of an HTTP request: the same
  kReverseName,  // what a name server answered when weir asked for it; not of traffic
  kSshBanner,
  kDhcpClass,
  kDhcpFingerprint,
  kUserAgent,
  kHttpServer,
  kSynFingerprint,  // as syn_fingerprint_text()
  kCount
};
// "dhcp", "dns", "tls" ...; "user agent", "syn" ...
[[nodiscard]] std::string_view host_fact_name(HostFactKind kind);
[[nodiscard]] constexpr bool is_host_name(HostFactKind kind) {
  return kind <= HostFactKind::kReverseName;
}
// So many of a kind are kept of a host: the shortest ones, of equal length those that come first.
// Thus neither the order in which they come nor the shard matters.
[[nodiscard]] constexpr size_t most_facts(HostFactKind kind) {
  return is_host_name(kind) ? 4 : 2;
}
// Longer texts are cut.
inline constexpr size_t kMaxFactBytes = 255;

struct HostFact {
  HostFactKind kind = HostFactKind::kDhcpName;
  std::string text;

  bool operator==(const HostFact&) const = default;
};

// Whether `a` is kept rather than `b` of the same kind.
[[nodiscard]] bool is_kept_first(std::string_view a, std::string_view b);
// In the order of kinds, of a kind the one that is kept first; none twice.
void add_fact(std::vector<HostFact>& facts, HostFact fact);

struct SystemGuess {
  std::string_view name;  // "" when nothing tells; of schema/operating_systems.json
  const HostFact* evidence = nullptr;
};
// The first rule of schema/operating_systems.json that fits the strongest fact that any fits.
[[nodiscard]] SystemGuess guess_system(const std::vector<HostFact>& facts);

}  // namespace weir

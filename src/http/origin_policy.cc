// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/origin_policy.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <arpa/inet.h>

#include "base/ascii.h"
#include "http/http_server.h"

namespace weir {
namespace {

// An address in one spelling; a mapped IPv4 address as IPv6 stays what it is.
std::optional<std::string> canonical_address(std::string_view text) {
  const std::string terminated(text);
  std::array<unsigned char, 16> bytes{};
  for (const int family : {AF_INET, AF_INET6}) {
    if (terminated.find('\0') == std::string::npos &&
        inet_pton(family, terminated.c_str(), bytes.data()) == 1) {
      std::array<char, INET6_ADDRSTRLEN> out{};
      return std::string(inet_ntop(family, bytes.data(), out.data(), out.size()));
    }
  }
  return std::nullopt;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), ascii_lower);
  return out;
}

struct HostPort {
  std::string name;  // lower case, or the canonical address
  std::optional<uint16_t> port;
  bool is_address = false;
};

bool read_port(std::string_view text, std::optional<uint16_t>& port) {
  if (text.empty()) return true;
  if (text.front() != ':' || text.size() < 2) return false;
  uint16_t number = 0;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
  port = number;
  return error == std::errc() && end == text.data() + text.size() && number != 0;
}

std::optional<HostPort> parse_host(std::string_view text) {
  HostPort out;
  const bool bracketed = !text.empty() && text.front() == '[';
  const size_t end = bracketed ? text.find(']') : std::min(text.find(':'), text.size());
  if (end == std::string_view::npos || end == 0) return std::nullopt;
  const std::string_view name = bracketed ? text.substr(1, end - 1) : text.substr(0, end);
  const auto address = canonical_address(name);
  const bool is_v6 = address && address->find(':') != std::string::npos;
  if (bracketed != is_v6) return std::nullopt;
  out.is_address = address.has_value();
  out.name = address ? *address : lower(name);
  if (!read_port(text.substr(bracketed ? end + 1 : end), out.port)) return std::nullopt;
  return out;
}

}  // namespace

bool is_loopback(const std::string& address) {
  if (lower(address) == "localhost") return true;
  const auto canonical = canonical_address(address);
  return canonical && (*canonical == "::1" || (canonical->rfind("127.", 0) == 0));
}

OriginPolicy::OriginPolicy(std::string address, uint16_t port, std::vector<std::string> extra_hosts)
    : address_(std::move(address)), port_(port), extra_hosts_(std::move(extra_hosts)) {
  if (const auto canonical = canonical_address(address_)) address_ = *canonical;
  for (std::string& name : extra_hosts_) name = lower(name);
}

bool OriginPolicy::is_extra(std::string_view name) const {
  return std::find(extra_hosts_.begin(), extra_hosts_.end(), name) != extra_hosts_.end();
}

bool OriginPolicy::allows_host(std::string_view host) const {
  const auto parsed = parse_host(host);
  if (!parsed) return false;
  if (is_extra(parsed->name)) return true;
  if (parsed->port && *parsed->port != port_) return false;
  if (is_loopback(parsed->name) || parsed->name == address_) return true;
  return parsed->is_address && (address_ == "0.0.0.0" || address_ == "::");
}

bool OriginPolicy::allows_origin(std::string_view origin, std::string_view host) const {
  const std::string ours = lower(host);
  const std::string theirs = lower(origin);
  if (theirs == "http://" + ours) return true;
  const auto parsed = parse_host(host);
  return parsed && is_extra(parsed->name) && theirs == "https://" + ours;
}

}  // namespace weir

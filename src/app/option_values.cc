// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "app/options.h"
#include "net/ip_address.h"

namespace weir {
Result<ListenAddress> parse_listen_address(std::string_view text) {
  const Error refused{
      fmt::format("\"{}\" is no address to listen on: write 127.0.0.1:3000 or [::1]:3000", text)};
  const size_t colon = text.rfind(':');
  const std::string_view digits = colon == std::string_view::npos ? text : text.substr(colon + 1);
  ListenAddress listen{"127.0.0.1", 0};
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), listen.port);
  if (error != std::errc() || end != digits.data() + digits.size()) return refused;
  std::string_view address =
      colon == std::string_view::npos ? std::string_view() : text.substr(0, colon);
  if (address.empty()) return listen;
  if (address.size() > 2 && address.front() == '[' && address.back() == ']') {
    address = address.substr(1, address.size() - 2);
  } else if (address.find(':') != std::string_view::npos) {
    return refused;
  }
  if (address != "localhost" && !IpAddress::parse(address)) return refused;
  listen.address = address;
  return listen;
}

Result<std::vector<Prefix>> parse_networks(std::string_view text) {
  std::vector<Prefix> networks;
  while (!text.empty()) {
    const size_t comma = text.find(',');
    const std::string_view part = text.substr(0, comma);
    const auto network = Prefix::parse(part);
    if (!network)
      return Error{fmt::format("\"{}\" is no network: write 10.0.0.0/8,2001:db8::/32", part)};
    networks.push_back(*network);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return networks;
}

Result<ResolvedHosts> parse_resolved(std::string_view text) {
  if (text == "off") return ResolvedHosts::kNone;
  if (text == "local") return ResolvedHosts::kLocal;
  if (text == "all") return ResolvedHosts::kAll;
  return Error{fmt::format("\"{}\" is none of off, local, all", text)};
}

std::string_view to_text(ResolvedHosts hosts) {
  switch (hosts) {
    case ResolvedHosts::kNone:
      return "off";
    case ResolvedHosts::kLocal:
      return "local";
    case ResolvedHosts::kAll:
      return "all";
  }
  return {};
}

Result<std::string> parse_dns_server(std::string_view text) {
  const Error wrong{
      fmt::format("\"{}\" is no address: write 192.0.2.53 or [2001:db8::53]:5353", text)};
  const auto with_brackets = [](const IpAddress& address) {
    return address.is_v4() ? address.to_string() : "[" + address.to_string() + "]";
  };
  if (const auto address = IpAddress::parse(text)) return with_brackets(*address);
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong;
  std::string_view host = text.substr(0, colon);
  const bool has_brackets = host.size() > 1 && host.front() == '[' && host.back() == ']';
  if (has_brackets) host = host.substr(1, host.size() - 2);
  const auto address = IpAddress::parse(host);
  uint16_t port = 0;
  const auto [end, error] =
      std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
  if (!address || address->is_v4() == has_brackets || error != std::errc() || port == 0 ||
      end != text.data() + text.size())
    return wrong;
  return fmt::format("{}:{}", with_brackets(*address), port);
}

Result<std::optional<RedisAddress>> parse_cache(std::string_view text) {
  if (text == "embedded") return std::optional<RedisAddress>();
  auto address = RedisAddress::parse(text);
  if (!address) return address.error();
  return std::optional<RedisAddress>(*std::move(address));
}

Result<std::vector<uint32_t>> parse_numbers(std::string_view text) {
  constexpr uint32_t kMost = 4095;
  const Error refused{fmt::format("\"{}\" is no list of numbers: write 0-3 or 0,2,5", text)};
  std::vector<uint32_t> numbers;
  const char* at = text.data();
  const char* const last = text.data() + text.size();
  const auto read = [&](uint32_t& number) {
    const auto [end, error] = std::from_chars(at, last, number);
    at = end;
    return error == std::errc() && number <= kMost;
  };
  do {
    uint32_t first = 0;
    if (!read(first)) return refused;
    uint32_t final = first;
    if (at != last && *at == '-') {
      ++at;
      if (!read(final) || final < first) return refused;
    }
    for (uint32_t number = first; number <= final; ++number) {
      if (std::find(numbers.begin(), numbers.end(), number) != numbers.end()) return refused;
      numbers.push_back(number);
    }
  } while (at != last && *at++ == ',');
  if (at != last) return refused;
  return numbers;
}

std::vector<Prefix> default_local_networks() {
  std::vector<Prefix> networks;
  for (const char* text : {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
                           "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128"}) {
    networks.push_back(*Prefix::parse(text));
  }
  return networks;
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/redis_address.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace weir {
namespace {

constexpr std::string_view kScheme = "redis://";
constexpr size_t kMaxPrefix = 64;
constexpr uint32_t kMaxDatabase = 65'535;

template <typename Number>
bool read_number(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

// %XX is the byte XX.
std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    uint8_t byte = 0;
    if (text.size() - i < 3) return std::nullopt;
    const char* digits = text.data() + i + 1;
    const auto [end, error] = std::from_chars(digits, digits + 2, byte, 16);
    if (error != std::errc() || end != digits + 2) return std::nullopt;
    out += static_cast<char>(byte);
    i += 2;
  }
  return out;
}

// What is before `mark`, taken off `rest` with the mark; nothing when there is none.
std::optional<std::string_view> take_until(std::string_view& rest, char mark) {
  const size_t at = rest.rfind(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view before = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  return before;
}

bool read_credentials(std::string_view text, RedisAddress& out) {
  const size_t colon = text.find(':');
  const auto user = decoded(text.substr(0, colon));
  const auto password =
      colon == std::string_view::npos ? std::string() : decoded(text.substr(colon + 1));
  if (!user || !password || (!user->empty() && password->empty())) return false;
  out.user = *user;
  out.password = *password;
  return true;
}

bool read_host(std::string_view text, RedisAddress& out) {
  std::string_view port;
  if (text.starts_with('[')) {
    const size_t end = text.find(']');
    if (end == std::string_view::npos) return false;
    out.host = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else {
    const size_t colon = std::min(text.find(':'), text.size());
    out.host = text.substr(0, colon);
    port = text.substr(colon);
  }
  // An address that getaddrinfo() would read up to a zero byte or a blank is none.
  const auto is_plain = [](unsigned char c) { return c > ' ' && c < 0x7f; };
  if (out.host.empty() || !std::all_of(out.host.begin(), out.host.end(), is_plain)) return false;
  if (port.empty()) return true;
  return port.starts_with(':') && read_number(port.substr(1), out.port) && out.port != 0;
}

bool is_prefix(std::string_view text) {
  return !text.empty() && text.size() <= kMaxPrefix &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '.' || c == '-';
         });
}

bool read_query(std::string_view text, RedisAddress& out) {
  constexpr std::string_view kName = "prefix=";
  if (!text.starts_with(kName)) return false;
  out.prefix = text.substr(kName.size());
  return is_prefix(out.prefix);
}

}  // namespace

Result<RedisAddress> RedisAddress::parse(std::string_view url) {
  const Error wrong{
      "this is no address of a Redis: write redis://HOST[:PORT][/DB][?prefix=NAME], with "
      "USER:PASSWORD@ before HOST where they are needed"};
  if (!url.starts_with(kScheme)) return wrong;
  std::string_view rest = url.substr(kScheme.size());
  RedisAddress address;
  if (const auto credentials = take_until(rest, '@');
      credentials && !read_credentials(*credentials, address))
    return wrong;
  if (const size_t query = rest.find('?'); query != std::string_view::npos) {
    if (!read_query(rest.substr(query + 1), address)) return wrong;
    rest = rest.substr(0, query);
  }
  if (const size_t slash = rest.find('/'); slash != std::string_view::npos) {
    const std::string_view database = rest.substr(slash + 1);
    if (!database.empty() &&
        (!read_number(database, address.database) || address.database > kMaxDatabase))
      return wrong;
    rest = rest.substr(0, slash);
  }
  if (!read_host(rest, address)) return wrong;
  return address;
}

std::string RedisAddress::to_string() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  return fmt::format("redis://{}{}{}:{}/{}", is_v6 ? "[" : "", host, is_v6 ? "]" : "", port,
                     database);
}

}  // namespace weir

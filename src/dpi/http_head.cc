// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/http_head.h"

#include <algorithm>
#include <array>

#include "dpi/ascii_text.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 35> kMethods{
    "GET ",         "POST ",      "PUT ",      "HEAD ",        "DELETE ",      "OPTIONS ",
    "PATCH ",       "CONNECT ",   "TRACE ",    "PROPFIND ",    "PROPPATCH ",   "MKCOL ",
    "COPY ",        "MOVE ",      "LOCK ",     "UNLOCK ",      "REPORT ",      "SEARCH ",
    "SUBSCRIBE ",   "NOTIFY ",    "M-SEARCH ", "MKCALENDAR ",  "MERGE ",       "CHECKOUT ",
    "MKACTIVITY ",  "ACL ",       "BIND ",     "UNBIND ",      "REBIND ",      "LINK ",
    "UNSUBSCRIBE ", "BITS_POST ", "PURGE ",    "RPC_IN_DATA ", "RPC_OUT_DATA "};

bool is_hexadecimal(char c) {
  return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f');
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash ? text[i] != '-' : !is_hexadecimal(text[i])) return false;
  }
  return true;
}

// Words of the letters a to f ("feedface") are rare enough to be taken for numbers when they have a
// digit.
bool is_identifier(std::string_view text) {
  if (text.empty()) return false;
  if (std::all_of(text.begin(), text.end(), is_digit)) return true;
  if (is_uuid(text)) return true;
  return text.size() >= 8 && std::all_of(text.begin(), text.end(), is_hexadecimal) &&
         std::any_of(text.begin(), text.end(), is_digit);
}

void append_segment(std::string& key, std::string_view segment) {
  const std::string_view stem = segment.substr(0, segment.find('.'));
  const std::string_view ending = segment.substr(stem.size());
  const bool has_plain_ending = std::none_of(ending.begin(), ending.end(), is_digit);
  if (is_identifier(stem) && has_plain_ending) {
    key += ":id";
    key += ending;
  } else {
    key += segment;
  }
}

struct FieldName {
  std::string_view name;
  HttpField field;
};
constexpr std::array<FieldName, 7> kFieldNames{{
    {"host", HttpField::kHost},
    {"server", HttpField::kServer},
    {"upgrade", HttpField::kUpgrade},
    {"user-agent", HttpField::kUserAgent},
    {"content-type", HttpField::kContentType},
    {"content-length", HttpField::kContentLength},
    {"transfer-encoding", HttpField::kTransferEncoding},
}};

}  // namespace

bool begins_like_http_request(const ByteReader& bytes) {
  const auto first = static_cast<char>(bytes.u8(0));
  if (first < 'A' || first > 'U') return false;
  return std::any_of(kMethods.begin(), kMethods.end(), [&](std::string_view method) {
    return method.front() == first && begins_like(bytes, method);
  });
}

bool begins_like_http_response(const ByteReader& bytes) {
  return bytes.u8(0) == 'H' && begins_like(bytes, "HTTP/1.");
}

std::optional<HttpRequestLine> parse_http_request_line(std::string_view line, bool is_cut) {
  HttpRequestLine request;
  request.method = line.substr(0, line.find(' '));
  const std::string_view start = line.substr(0, request.method.size() + 1);
  if (std::find(kMethods.begin(), kMethods.end(), start) == kMethods.end()) return std::nullopt;
  line.remove_prefix(start.size());
  if (is_cut) {
    request.target = line.substr(0, line.find(' '));
    const bool is_plain = line.starts_with('/') || starts_with_word(line, "http");
    return is_plain ? std::optional(request) : std::nullopt;
  }
  // Some clients leave blanks in the target: what stands before the version is all of it.
  const size_t version = line.rfind(" HTTP/");
  if (version == std::string_view::npos || version == 0) return std::nullopt;
  request.target = trimmed(line.substr(0, version));
  if (request.target.empty()) return std::nullopt;
  return request;
}

std::optional<uint16_t> parse_http_status_line(std::string_view line) {
  if (!line.starts_with("HTTP/") || line.size() < 12) return std::nullopt;
  std::string_view rest = line;
  static_cast<void>(take_word(rest));
  const std::string_view digits = take_word(rest);
  const auto status = parse_decimal(digits);
  if (!status || digits.size() != 3 || *status < 100) return std::nullopt;
  return static_cast<uint16_t>(*status);
}

// Most lines are of fields that nobody asks for: their first letter and the place where the colon
// would be tell that.
HttpFieldLine parse_http_field_line(std::string_view line) {
  static constexpr uint32_t kFirsts = [] {
    uint32_t firsts = 0;
    for (const FieldName& known : kFieldNames) firsts |= 1U << (known.name.front() & 31);
    return firsts;
  }();
  if (line.empty() || (kFirsts >> (line.front() & 31) & 1) == 0) return {};
  const char first = ascii_lower(line.front());
  for (const FieldName& known : kFieldNames) {
    const size_t size = known.name.size();
    if (first == known.name.front() && line.size() > size && line[size] == ':' &&
        is_same_word(line.substr(0, size), known.name))
      return {known.field, trimmed(line.substr(size + 1))};
  }
  return {};
}

HttpTarget parse_http_target(std::string_view target) {
  target = target.substr(0, target.find('#'));
  if (target.starts_with('/') || target == "*") return {{}, target};
  const size_t scheme = target.find("://");
  if (scheme != std::string_view::npos) target.remove_prefix(scheme + 3);
  const size_t path = std::min(target.find_first_of("/?"), target.size());
  std::string_view host = target.substr(0, path);
  host.remove_prefix(host.rfind('@') + 1);  // npos + 1 is 0: nobody's name in it
  return {host, target.substr(path)};
}

std::string host_without_port(std::string_view host) {
  if (host.starts_with('['))
    return to_lower(host.substr(1, std::min(host.find(']'), host.size()) - 1));
  // More than one colon: an IPv6 address without its brackets.
  const size_t colon = host.find(':');
  if (colon == std::string_view::npos || host.find(':', colon + 1) != std::string_view::npos)
    return to_lower(host);
  return to_lower(host.substr(0, colon));
}

std::string http_transaction_key(std::string_view method, std::string_view host,
                                 std::string_view path) {
  if (host.ends_with(":80")) host.remove_suffix(3);
  std::string key;
  key.reserve(kMaxHttpKeyBytes);
  key.append(method).append(" ").append(to_lower(host.substr(0, kMaxHttpKeyBytes)));
  path = path.substr(0, path.find('?'));
  while (!path.empty() && key.size() < kMaxHttpKeyBytes) {
    const size_t end = path.find('/');
    append_segment(key, path.substr(0, end));
    if (end == std::string_view::npos) break;
    key += '/';
    path.remove_prefix(end + 1);
  }
  if (key.size() > kMaxHttpKeyBytes) key.resize(kMaxHttpKeyBytes);
  return key;
}

}  // namespace weir

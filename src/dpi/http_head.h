// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_reader.h"

// The lines of an HTTP/1 message's head (RFC 9112). Views are into the line.
namespace weir {

// Whether bytes begin with a method that HTTP and its extensions know (RFC 9110, WebDAV, UPnP), or
// do so as far as they go. Cost: a few compares.
[[nodiscard]] bool begins_like_http_request(const ByteReader& bytes);
// "HTTP/1." and all that begins so.
[[nodiscard]] bool begins_like_http_response(const ByteReader& bytes);

struct HttpRequestLine {
  std::string_view method;
  std::string_view target;
};
// "GET /path HTTP/1.1". Nothing when it is none, or one of RTSP or SIP. A line that was cut
// (`is_cut`) needs no version, but a target that begins with '/' or "http".
[[nodiscard]] std::optional<HttpRequestLine> parse_http_request_line(std::string_view line,
                                                                     bool is_cut);
// The status of "HTTP/1.1 200 OK": 100 to 999.
[[nodiscard]] std::optional<uint16_t> parse_http_status_line(std::string_view line);

enum class HttpField : uint8_t {
  kOther,
  kHost,
  kUserAgent,
  kServer,
  kContentType,
  kContentLength,
  kTransferEncoding,
  kUpgrade,
};
struct HttpFieldLine {
  HttpField field = HttpField::kOther;
  std::string_view value;
};
[[nodiscard]] HttpFieldLine parse_http_field_line(std::string_view line);

// What a request asks for, taken apart: "http://host:80/path?query#fragment", "/path", "host:443".
struct HttpTarget {
  std::string_view host;  // with the port; "" when the target does not say
  std::string_view path;  // with the query, without the fragment
};
[[nodiscard]] HttpTarget parse_http_target(std::string_view target);
// "example.org" of "Example.org:8080", "ff02::c" of "[FF02::C]:1900".
[[nodiscard]] std::string host_without_port(std::string_view host);

// What requests for the same thing have in common: "GET example.org/user/:id" of
// "GET example.org/user/42?page=2": the host in lower case, without port 80, no query, and ":id"
// for each segment of the path that is a number, a UUID or at least eight hexadecimal digits. At
// most kMaxHttpKeyBytes.
inline constexpr size_t kMaxHttpKeyBytes = 160;
[[nodiscard]] std::string http_transaction_key(std::string_view method, std::string_view host,
                                               std::string_view path);

}  // namespace weir

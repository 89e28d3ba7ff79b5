// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir {

// What the router looks at in a request. Absent headers are empty, except where absence means
// something.
struct HttpRequest {
  std::string method{};
  std::string target{};               // as sent: "/api/v1/hosts?limit=5"
  std::optional<std::string> host{};  // nothing also when it was sent twice
  std::optional<std::string> origin{};
  std::string accept{};
  std::string accept_encoding{};
  std::string if_none_match{};
  std::string fetch_site{};  // Sec-Fetch-Site
  std::string token{};       // X-Weir-Token
  std::string body{};        // of at most HttpOptions::max_body_bytes
  bool wants_websocket = false;
};

// An answer without the headers that every answer gets (security_headers(), Content-Length, Date,
// Server).
struct HttpAnswer {
  int status = 200;
  std::string content_type;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/http_message.h"

namespace weir {

// Whether the header Accept-Encoding lets us send gzip (RFC 9110, 12.5.3).
[[nodiscard]] bool accepts_gzip(std::string_view accept_encoding);
// Whether If-None-Match names the tag, of which a weak form counts as the same (RFC 9110, 13.1.2).
[[nodiscard]] bool matches_etag(std::string_view if_none_match, std::string_view etag);

// What a script made for requests without effects, as it is sent to those who asked: an answer with
// 200 has a weak tag of its content (of a JSON object without its member "time"), is 304 where the
// client has just that, and comes in gzip where the client takes it and it is worth while. Cost: a
// pass over the body, and, once for all, for gzip some 10 ns a byte.
class CodedAnswer {
 public:
  explicit CodedAnswer(HttpAnswer answer);
  [[nodiscard]] HttpAnswer to(const HttpRequest& request);

 private:
  HttpAnswer plain_;
  std::string etag_;  // without the sign that it is weak; empty: it has none
  std::optional<HttpAnswer> zipped_;
};

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace weir {

struct ScriptResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
};

// An RFC 7807 answer: {"type":"about:blank","title":...,"status":status,"detail":detail},
// and "parameter" where one is wrong.
[[nodiscard]] ScriptResponse problem_response(int status, std::string_view detail,
                                              std::string_view parameter = {});
// The reason phrase of an HTTP status that weir uses ("Not Found"); "Error" for others.
[[nodiscard]] std::string_view status_title(int status);

}  // namespace weir

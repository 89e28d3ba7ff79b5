// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/script_response.h"

#include <array>
#include <utility>

#include "base/value.h"

namespace weir {

std::string_view status_title(int status) {
  static constexpr std::array<std::pair<int, std::string_view>, 18> kTitles{{
      {101, "Switching Protocols"},
      {200, "OK"},
      {304, "Not Modified"},
      {400, "Bad Request"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {421, "Misdirected Request"},
      {426, "Upgrade Required"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {503, "Service Unavailable"},
      {505, "HTTP Version Not Supported"},
  }};
  for (const auto& [code, title] : kTitles) {
    if (code == status) return title;
  }
  return "Error";
}

ScriptResponse problem_response(int status, std::string_view detail, std::string_view parameter) {
  Value problem;
  problem.set("type", "about:blank");
  problem.set("title", status_title(status));
  problem.set("status", status);
  problem.set("detail", detail);
  if (!parameter.empty()) problem.set("parameter", parameter);
  return {status, "application/problem+json", to_json(problem)};
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/stream_answer.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace weir {
namespace {

// The position after the string literal that starts at `at`, or the end of a torn one.
size_t after_string(std::string_view json, size_t at) {
  for (++at; at < json.size(); ++at) {
    if (json[at] == '\\') {
      ++at;
    } else if (json[at] == '"') {
      return at + 1;
    }
  }
  return json.size();
}

// The position of the comma or brace that ends the value at `at`.
size_t after_value(std::string_view json, size_t at) {
  size_t depth = 0;
  while (at < json.size()) {
    const char c = json[at];
    if (c == '"') {
      at = after_string(json, at);
      continue;
    }
    if (depth == 0 && (c == ',' || c == '}')) return at;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++at;
  }
  return json.size();
}

void remove_id(std::string& json) {
  constexpr std::string_view kName = "\"id\":";
  size_t at = 1;
  while (at < json.size() && json[at] == '"') {
    const size_t end = after_value(json, after_string(json, at));
    if (json.compare(at, kName.size(), kName) == 0) {
      // With the comma after it, or the one before it when it is the last member.
      const bool is_last = end >= json.size() || json[end] != ',';
      const size_t first = is_last && at > 1 ? at - 1 : at;
      json.erase(first, (is_last ? end : end + 1) - first);
      return;
    }
    at = end + 1;
  }
}

}  // namespace

StreamAnswer to_stream_answer(ScriptResponse response) {
  if (response.content_type.starts_with("text/csv"))
    response = problem_response(400, "The stream sends JSON.", "format");
  // A script of a user may print anything.
  if (response.body.size() < 2 || response.body.front() != '{') {
    response =
        problem_response(500, "This resource answers no JSON object and cannot be subscribed to.");
  }
  remove_id(response.body);
  return {response.status, std::move(response.body)};
}

}  // namespace weir

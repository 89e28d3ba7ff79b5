// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/json_member.h"

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

}  // namespace

JsonMember find_member(std::string_view json, std::string_view name) {
  size_t at = 1;
  while (at < json.size() && json[at] == '"') {
    const size_t after_name = after_string(json, at);
    const size_t end = after_value(json, after_name);
    if (after_name - at == name.size() + 2 && json.substr(at + 1, name.size()) == name) {
      // With the comma after it, or the one before it when it is the last member.
      const bool is_last = end >= json.size() || json[end] != ',';
      return {is_last && at > 1 ? at - 1 : at, is_last ? end : end + 1};
    }
    at = end + 1;
  }
  return {json.size(), json.size()};
}

}  // namespace weir

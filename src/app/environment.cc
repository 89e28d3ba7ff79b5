// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/environment.h"

namespace weir {
namespace {

constexpr std::string_view kPrefix = "WEIR_";

}  // namespace

Environment weir_variables(const char* const* variables) {
  Environment found;
  for (; *variables != nullptr; ++variables) {
    const std::string_view text = *variables;
    const size_t equals = text.find('=');
    if (!text.starts_with(kPrefix) || equals == std::string_view::npos) continue;
    if (equals + 1 < text.size()) found.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return found;
}

std::string variable_of(std::string_view option) {
  std::string name(kPrefix);
  for (const char c : option) {
    if (c == '-') {
      name += '_';
    } else {
      name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  return name;
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/environment.h"

#include <sys/stat.h>
#include <unistd.h>

namespace weir {
namespace {

constexpr std::string_view kPrefix = "WEIR_";

std::string_view value_of(std::string_view name, const char* const* variables) {
  for (; *variables != nullptr; ++variables) {
    const std::string_view text = *variables;
    if (text.starts_with(name)) return text.substr(name.size());
  }
  return {};
}

// After sudo HOME may be that of who asked: nothing is written there in root's name.
bool is_of_another(const std::string& folder) {
  struct stat status {};
  return ::stat(folder.c_str(), &status) == 0 && status.st_uid != ::geteuid();
}

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

std::string config_folder(const char* const* variables) {
  const std::string xdg(value_of("XDG_CONFIG_HOME=", variables));
  // XDG Base Directory Specification: a path that is not absolute counts as none.
  if (xdg.starts_with('/')) return is_of_another(xdg) ? "" : xdg + "/weir";
  const std::string home(value_of("HOME=", variables));
  return home.starts_with('/') && !is_of_another(home) ? home + "/.config/weir" : "";
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

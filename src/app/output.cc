// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/output.h"

#include <cerrno>
#include <cstdio>
#include <string>

#include "base/printable.h"

namespace weir {

// Not fmt::print: it throws when a write fails.
void say(std::string_view text) {
  (void)std::fwrite(text.data(), 1, text.size(), stderr);
}

Result<void> print_out(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0)
    return {};
  return system_error("standard output", errno);
}

int complain(const Error& error) {
  say("weir: " + printable(error.message) + "\n");
  return 1;
}

int print_or_complain(std::string_view text) {
  const auto printed = print_out(text);
  return printed ? 0 : complain(printed.error());
}

}  // namespace weir

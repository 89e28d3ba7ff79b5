// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/small_commands.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include <fmt/format.h>

#include "app/help.h"
#include "base/printable.h"
#include "record/applications.h"

namespace weir {

int run_help(const HelpOptions& options) {
  const auto text = help_text(options.topic);
  if (!text) {
    fmt::print(stderr, "weir: {}\n", printable(text.error().message));
    return 2;
  }
  fmt::print("{}", *text);
  return 0;
}

int run_version() {
  fmt::print("weir {}\n", WEIR_VERSION);
  return 0;
}

int run_protocols() {
  for (uint16_t i = 1; i < application_count(); ++i)
    fmt::print("{:<24} {}\n", application_name(i), application_category(i));
  return 0;
}

int run_check_config(const CheckConfigOptions& options) {
  if (access(options.file.c_str(), R_OK) != 0) {
    fmt::print(stderr, "weir: {}\n", printable(system_error(options.file, errno).message));
    return 1;
  }
  const auto command = parse_command_line({"monitor", "--config", options.file});
  if (!command) {
    fmt::print(stderr, "weir: {}: {}\n", printable(options.file),
               printable(command.error().message));
    return 1;
  }
  fmt::print("{}: good\n", printable(options.file));
  return 0;
}

}  // namespace weir

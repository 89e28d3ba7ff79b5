// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/small_commands.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <map>
#include <string>

#include <fmt/format.h>

#include "app/help.h"
#include "app/output.h"
#include "app/start_checks.h"
#include "base/printable.h"
#include "dpi/ndpi_classifier.h"
#include "dpi/protocol_rules.h"
#include "record/applications.h"
#include "zmq/curve_keys.h"

namespace weir {

int run_help(const HelpOptions& options) {
  constexpr int kUsageError = 2;
  const auto text = help_text(options.topic);
  if (text) return print_or_complain(*text);
  (void)complain(text.error());
  return kUsageError;
}

int run_version() {
  return print_or_complain(fmt::format("weir {}\n", WEIR_VERSION));
}

int run_protocols() {
  // What nDPI and the built-in rules know gets its numbers when they are made.
  const auto rules = ProtocolRules::load("");
  if (!rules) return complain(rules.error());
  (*rules)->name_applications();
  const auto ndpi = NdpiModule::create();
  if (!ndpi) return complain(ndpi.error());
  (*ndpi)->name_applications();
  std::map<std::string_view, std::string_view> categories;
  for (uint16_t i = 1; i < application_count(); ++i)
    categories.emplace(application_name(i), application_category(i));
  std::string text;
  for (const auto& [name, category] : categories)
    text += fmt::format("{:<24} {}\n", printable(name), printable(category));
  return print_or_complain(text);
}

int run_check_config(const CheckConfigOptions& options) {
  if (access(options.file.c_str(), R_OK) != 0) return complain(system_error(options.file, errno));
  const auto applied = options_that_apply(options.file, options.environment);
  if (!applied) return complain(applied.error());
  if (auto checked = check_start(applied->options); !checked) return complain(checked.error());
  std::string text = printable(options.file) + ": good\n";
  for (const auto& [name, value, variable] : applied->list)
    text += fmt::format("{:<24} {:<32} {}\n", name, printable(value),
                        variable.empty() ? "file" : variable);
  const std::vector<std::string> names = monitor_option_names();
  for (const auto& [variable, value] : options.environment) {
    const auto is_its = [&its = variable](const std::string& name) {
      return variable_of(name) == its;
    };
    if (std::none_of(names.begin(), names.end(), is_its))
      text += fmt::format("{} is no option and changes nothing\n", printable(variable));
  }
  return print_or_complain(text);
}

int run_keys(const KeysOptions& options) {
  auto keys = read_curve_keys(options.file);
  if (!keys && keys.error().code == ENOENT) {
    keys = make_curve_keys();
    if (!keys) return complain(keys.error());
    if (auto written = write_curve_keys(options.file, *keys); !written)
      return complain(written.error());
    say(printable(options.file) + " is made: keep it; others get this public key\n");
  }
  if (!keys) return complain(keys.error());
  return print_or_complain(keys->public_key + "\n");
}

}  // namespace weir

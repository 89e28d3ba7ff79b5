// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/options.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <system_error>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "app/option_apps.h"
#include "app/option_file.h"
#include "app/read_outputs.h"

namespace weir {
namespace {

void add_read_options(CLI::App& app, ReadOptions& options, OptionTexts& texts) {
  app.add_option("FILE", options.files, "captures; - is standard input")->required();
  app.add_flag("--json", options.json, "print one JSON object");
  app.add_option("--flows", options.flows_file, "write each flow as a line of JSON")
      ->type_name("OUT");
  app.add_option("--hosts", options.hosts_file, "write each host as a line of JSON")
      ->type_name("OUT");
  app.add_option("--repeat", options.repeat, "read everything N times")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("N");
  add_table_options(app, options.tables, texts);
}

std::string name_of(const CLI::Option& option) {
  return option.get_lnames().front();
}
bool is_list(const CLI::Option& option) {
  return option.get_items_expected_max() > 1;
}

// What a variable says, as the command line would.
std::vector<std::string> arguments_of(const CLI::Option& option, std::string_view text) {
  const std::string name = "--" + name_of(option) + "=";
  if (!is_list(option)) return {name + std::string(text)};
  std::vector<std::string> arguments;
  for (size_t at = 0; at <= text.size();) {
    const size_t comma = std::min(text.find(',', at), text.size());
    arguments.push_back(name + std::string(text.substr(at, comma - at)));
    at = comma + 1;
  }
  return arguments;
}

// The arguments that the environment adds to these, which come first. Error: a variable says
// something wrong, or the command line does.
Result<std::vector<std::string>> with_environment(std::vector<std::string> arguments,
                                                  const Environment& environment) {
  MonitorApp given;
  if (auto parsed = parse_with(given.app, arguments); !parsed) return parsed.error();
  for (const CLI::Option* option : given.app.get_options()) {
    const std::string variable = variable_of(name_of(*option));
    const auto found = environment.find(variable);
    if (option->count() > 0 || found == environment.end()) continue;
    const std::vector<std::string> added = arguments_of(*option, found->second);
    MonitorApp alone;
    if (auto parsed = parse_with(alone.app, added); !parsed) return parsed.error().in(variable);
    arguments.insert(arguments.end(), added.begin(), added.end());
  }
  return arguments;
}

// As the command line would say it.
std::vector<std::string> arguments_of(const FileOption& option) {
  const std::string name = "--" + option.name;
  std::vector<std::string> arguments;
  for (const std::string& value : option.values) {
    // CLI11 takes "--data=" for an option whose value follows.
    arguments.push_back(value.empty() ? name : name + "=" + value);
    if (value.empty()) arguments.emplace_back();
  }
  return arguments;
}

// Null when there is none of this name: the long one or, as files of before have it, the letter.
const CLI::Option* find_option(const CLI::App& app, const std::string& name) {
  for (const CLI::Option* option : app.get_options()) {
    if (name_of(*option) == name || option->check_sname(name)) return option;
  }
  return nullptr;
}

// The arguments that a file of options adds to these, which come first. Nothing without a file.
// Error: it cannot be read, or says something wrong, also of what they say already.
// REQUIRES: the arguments have been parsed without an error.
Result<std::vector<std::string>> with_file(std::vector<std::string> arguments,
                                           const std::string& file) {
  if (file.empty()) return arguments;
  MonitorApp given;
  if (auto parsed = parse_with(given.app, arguments); !parsed) return parsed.error();
  const auto options = read_option_file(file);
  if (!options) return options.error();
  for (FileOption option : *options) {
    const std::string place = fmt::format("{}:{}", file, option.line);
    const CLI::Option* known = find_option(given.app, option.name);
    if (known == nullptr) return Error{fmt::format("{}: {} is no option", place, option.name)};
    option.name = name_of(*known);
    if (option.name == "config")
      return Error{fmt::format("{}: config: a file cannot name another", place)};
    const std::vector<std::string> added = arguments_of(option);
    MonitorApp alone;
    if (auto parsed = parse_with(alone.app, added); !parsed) return parsed.error().in(place);
    if (known->count() == 0) arguments.insert(arguments.end(), added.begin(), added.end());
  }
  return arguments;
}

// What all three places say together. Error: one of them says something wrong. Reads the file of
// --config once: it may be a pipe.
Result<std::vector<std::string>> from_all_places(const std::vector<std::string>& arguments,
                                                 const Environment& environment) {
  auto all = with_environment(arguments, environment);
  if (!all) return all;
  MonitorApp given;
  if (auto parsed = parse_with(given.app, *all); !parsed) return parsed.error();
  return with_file(*std::move(all), given.texts.config);
}

constexpr std::array<const char*, 3> kStartOptions{"interface", "local", "resolve"};

bool is_start_option(const std::string& name) {
  return std::find(kStartOptions.begin(), kStartOptions.end(), name) != kStartOptions.end();
}

// REQUIRES: networks are not those that count without an answer.
StartAnswers answers_in(const MonitorOptions& options) {
  return {options.sources, options.tables.local_networks, options.resolved};
}

std::string start_file(const std::string& data_folder, const std::string& config_folder) {
  const std::string& folder = data_folder.empty() ? config_folder : data_folder;
  return folder.empty() ? "" : folder + "/start.toml";
}

// REQUIRES: `asked` has parsed what `arguments` and `environment` say together.
std::map<std::string, std::string> who_decided(const CLI::App& asked,
                                               const std::vector<std::string>& arguments,
                                               const Environment& environment) {
  MonitorApp given;
  (void)parse_with(given.app, arguments);  // who parsed them before would have met an error
  std::map<std::string, std::string> decided;
  for (const char* name : kStartOptions) {
    const std::string option = std::string("--") + name;
    if (asked.get_option(option)->count() == 0) continue;
    const std::string variable = variable_of(name);
    std::string& by = decided[name];
    if (given.app.get_option(option)->count() > 0) {
      by = option;
    } else if (environment.contains(variable)) {
      by = variable;
    } else {
      by = asked.get_option("--config")->as<std::string>();
    }
  }
  return decided;
}

// What the file of answers says. Error: it says something wrong.
Result<StartAnswers> read_answers(const std::string& file) {
  const auto arguments = with_file({}, file);
  if (!arguments) return arguments.error();
  MonitorApp kept;
  if (auto parsed = parse_with(kept.app, *arguments); !parsed) return parsed.error().in(file);
  for (const CLI::Option* option : kept.app.get_options()) {
    const std::string name = name_of(*option);
    if (option->count() > 0 && !is_start_option(name))
      return Error{fmt::format("{}: has only interface, local and resolve, not {}", file, name)};
  }
  return answers_in(kept.options);
}

// Takes what is answered of what nothing else decided. REQUIRES: networks are not yet those that
// count without an answer.
Result<void> take_answers(MonitorOptions& options) {
  StartQuestions& start = options.start;
  std::error_code ignored;
  start.is_answered = !start.file.empty() && std::filesystem::exists(start.file, ignored);
  if (start.is_answered) {
    auto kept = read_answers(start.file);
    if (!kept) return kept.error();
    start.kept = *std::move(kept);
    if (!start.decided.contains("interface")) options.sources = start.kept.interfaces;
    if (!start.decided.contains("local")) options.tables.local_networks = start.kept.local_networks;
    if (!start.decided.contains("resolve")) options.resolved = start.kept.resolved;
  }
  start.answers = answers_in(options);
  return {};
}

Result<Command> parse_monitor(const std::vector<std::string>& arguments,
                              const Environment& environment, const std::string& config_folder) {
  const auto all = from_all_places(arguments, environment);
  if (!all) return all.error();
  MonitorApp monitor;
  if (auto parsed = parse_with(monitor.app, *all); !parsed) return parsed.error();
  MonitorOptions& options = monitor.options;
  options.start.file = start_file(options.data_folder, config_folder);
  options.start.config = monitor.texts.config;
  options.start.decided = who_decided(monitor.app, arguments, environment);
  if (auto taken = take_answers(options); !taken) return taken.error();
  if (options.tables.local_networks.empty())
    options.tables.local_networks = default_local_networks();
  return Command(std::move(options));
}

// As it would stand in a file, but for what is nobody's business.
std::string value_of(const CLI::Option& option, const MonitorOptions& options) {
  if (name_of(option) == "cache") return options.redis ? options.redis->to_string() : "embedded";
  std::string text;
  for (const std::string& value : option.results()) text += (text.empty() ? "" : ", ") + value;
  // CLI11 keeps what "no-dpi = true" means for the option, not what was said.
  if (!option.get_fnames().empty()) return text == "false" ? "true" : "false";
  return text;
}

Result<Command> parse_read(const std::vector<std::string>& arguments) {
  ReadOptions options;
  // A file's hosts are all wanted at its end, whenever they spoke.
  options.tables.timeouts.host = IdleTimeouts::kNever;
  OptionTexts texts;
  CLI::App app;
  app.set_help_flag();
  add_read_options(app, options, texts);
  if (auto parsed = parse_with(app, arguments); !parsed) return parsed.error();
  const bool reads_stdin =
      std::find(options.files.begin(), options.files.end(), "-") != options.files.end();
  if (reads_stdin && options.repeat > 1)
    return Error{"standard input can be read only once: leave out --repeat, or give a file"};
  if (options.json && options.writes_to_stdout())
    return Error{"--json has standard output for itself: give --flows and --hosts a file"};
  if (auto free = check_outputs(options); !free) return free.error();
  if (options.tables.local_networks.empty())
    options.tables.local_networks = default_local_networks();
  return Command(std::move(options));
}

Result<Command> parse_import_hosts(const std::vector<std::string>& arguments) {
  ImportHostsOptions options;
  CLI::App app;
  app.set_help_flag();
  app.add_option("FILE", options.files, "hosts as lines of JSON; - is standard input")->required();
  app.add_option("--data", options.data_folder, "data folder of the weir that is to know them")
      ->required()
      ->type_name("DIR");
  app.add_option("-i,--interface", options.interface, "interface on which they are")
      ->required()
      ->type_name("ID");
  add_remember_hosts(app, options.lifetime);
  if (auto parsed = parse_with(app, arguments); !parsed) return parsed.error();
  return Command(std::move(options));
}

Result<Command> parse_keys(const std::vector<std::string>& arguments) {
  if (arguments.size() != 1 || arguments.front().empty() || arguments.front().front() == '-')
    return Error{"keys takes one file"};
  return Command(KeysOptions{arguments.front()});
}

Result<Command> parse_top(const std::vector<std::string>& arguments) {
  TopCommandOptions options;
  CLI::App app;
  app.set_help_flag();
  app.add_option("LIST", options.top.list, "what to begin with")->type_name("LIST");
  app.add_option("--url", options.top.url, "where weir answers")->type_name("URL");
  app.add_option("--filter", options.top.filter, "which rows")->type_name("FILTER");
  app.add_option("--sort", options.top.sort, "by which field")->type_name("FIELD");
  app.add_flag("--once", options.top.once, "print the list and end");
  app.add_option("--rows", options.rows, "so many of them with --once")
      ->check(CLI::Range(size_t{1}, size_t{1000}));
  app.add_option("--columns", options.columns, "so wide with --once")
      ->check(CLI::Range(size_t{20}, size_t{1000}));
  if (auto parsed = parse_with(app, arguments); !parsed) return parsed.error();
  return Command(std::move(options));
}

bool asks_for_help(const std::vector<std::string>& arguments) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [](const std::string& text) { return text == "--help" || text == "-h"; });
}

}  // namespace

Result<Command> parse_command_line(const std::vector<std::string>& arguments,
                                   const Environment& environment,
                                   const std::string& config_folder) {
  const bool names_command =
      !arguments.empty() && !arguments.front().empty() && arguments.front().front() != '-';
  const std::string command = names_command ? arguments.front() : "monitor";
  const std::vector<std::string> rest(arguments.begin() + (names_command ? 1 : 0), arguments.end());
  if (asks_for_help(rest)) return Command(HelpOptions{names_command ? command : ""});
  if (command == "help") return Command(HelpOptions{rest.empty() ? "" : rest.front()});
  if (!rest.empty() && rest.front() == "--version") return Command(VersionOptions{});
  if (command == "version") return Command(VersionOptions{});
  if (command == "protocols") return Command(ProtocolsOptions{});
  if (command == "check-config") {
    if (rest.size() != 1) return Error{"check-config takes one file"};
    return Command(CheckConfigOptions{rest.front(), environment});
  }
  if (command == "monitor") return parse_monitor(rest, environment, config_folder);
  if (command == "read") return parse_read(rest);
  if (command == "import-hosts") return parse_import_hosts(rest);
  if (command == "keys") return parse_keys(rest);
  if (command == "top") return parse_top(rest);
  return Error{fmt::format("there is no command \"{}\": see weir help", command)};
}

Result<AppliedOptions> options_that_apply(const std::string& file, const Environment& environment) {
  const auto all = from_all_places({"--config", file}, environment);
  if (!all) return all.error();
  MonitorApp monitor;
  if (auto parsed = parse_with(monitor.app, *all); !parsed) return parsed.error();
  AppliedOptions applied;
  for (const CLI::Option* option : monitor.app.get_options()) {
    const std::string name = name_of(*option);
    if (option->count() == 0 || name == "config") continue;
    const std::string variable = variable_of(name);
    const bool is_variable = environment.contains(variable);
    applied.list.push_back({name, value_of(*option, monitor.options), is_variable ? variable : ""});
  }
  applied.options = std::move(monitor.options);
  return applied;
}

std::vector<std::string> monitor_option_names() {
  const MonitorApp monitor;
  std::vector<std::string> names;
  for (const CLI::Option* option : monitor.app.get_options()) names.push_back(name_of(*option));
  return names;
}

}  // namespace weir

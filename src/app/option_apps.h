// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/options.h"
#include "base/result.h"

namespace weir {

// What options said whose values are kept in another form. They belong to the app that parses.
struct OptionTexts {
  std::string memory;
  std::string local;
  std::string http;
  std::string buffer;
  std::string block;
  std::string cpus;
  std::string cache;
  std::string config;
  std::string resolve;
  std::string dns_server;
};

// Options that several commands have. All arguments must outlive the parsing.
void add_remember_hosts(CLI::App& app, std::chrono::seconds& lifetime);
void add_table_options(CLI::App& app, TableOptions& tables, OptionTexts& texts);

// Parses what follows the name of a command. Error: what CLI11 says of it.
[[nodiscard]] Result<void> parse_with(CLI::App& app, const std::vector<std::string>& arguments);

// The command line of `monitor`; its options' values land in `options`. The file of --config is
// only named.
struct MonitorApp {
  MonitorApp();
  MonitorApp(const MonitorApp&) = delete;
  MonitorApp& operator=(const MonitorApp&) = delete;

  MonitorOptions options;
  OptionTexts texts;
  CLI::App app;
};

}  // namespace weir

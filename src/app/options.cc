// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/options.h"

#include <algorithm>
#include <bit>
#include <functional>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/size_text.h"
#include "export/outlet_spec.h"
#include "fetch/allowed_urls.h"
#include "zmq/curve_keys.h"

namespace weir {
namespace {

// CLI11 reports what is wrong with a value as text.
template <typename Parse, typename Store>
std::function<std::string(const std::string&)> checked(Parse parse, Store store) {
  return [=](const std::string& text) -> std::string {
    const auto value = parse(text);
    if (!value) return value.error().message;
    store(*value);
    return {};
  };
}

void add_timeout(CLI::App& app, const std::string& name, std::chrono::seconds& timeout,
                 const std::string& text) {
  app.add_option_function<uint32_t>(
         name, [&timeout](uint32_t seconds) { timeout = std::chrono::seconds(seconds); }, text)
      ->type_name("SECONDS");
}

void add_remember_hosts(CLI::App& app, std::chrono::seconds& lifetime) {
  constexpr uint32_t kMostDays = 3650;
  app.add_option_function<uint32_t>(
         "--remember-hosts", [&lifetime](uint32_t days) { lifetime = std::chrono::days(days); },
         "how long what was forgotten of a host is kept; 0: not at all")
      ->check(CLI::Range(0U, kMostDays))
      ->type_name("DAYS");
}

// CLI11 checks values while it parses, so the checks also store.
template <typename Parse, typename Store>
CLI::Option* add_parsed(CLI::App& app, const std::string& name, std::string& text,
                        const std::string& help, Parse parse, Store store) {
  return app.add_option(name, text, help)->check(CLI::Validator(checked(parse, store), "", ""));
}

struct Texts {
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

void add_place_options(CLI::App& app, PlaceOptions& places) {
  app.add_option("--country-db", places.country_file, "what tells the countries of addresses")
      ->type_name("FILE");
  app.add_option("--as-db", places.as_file, "what tells the autonomous systems of addresses")
      ->type_name("FILE");
  const auto keep = [&places](const NamedNetwork& network) { places.networks.push_back(network); };
  app.add_option_function<std::vector<std::string>>(
         "--network", [](const std::vector<std::string>&) {}, "a network with a name")
      ->check(CLI::Validator(checked(parse_named_network, keep), "", ""))
      ->allow_extra_args(false)  // what follows may be a file
      ->type_name("NAME=NET");
}

void add_table_options(CLI::App& app, TableOptions& tables, Texts& texts) {
  add_parsed(app, "--memory", texts.memory, "bytes for the tables", parse_size, [&](size_t size) {
    tables.memory_bytes = size;
  })->type_name("SIZE");
  app.add_option("--shards", tables.shards, "threads for each interface")
      ->check(CLI::Range(1, 64))
      ->type_name("N");
  add_parsed(app, "--local", texts.local, "networks that are ours", parse_networks,
             [&](const std::vector<Prefix>& networks) { tables.local_networks = networks; })
      ->type_name("NET,...");
  add_place_options(app, tables.places);
  IdleTimeouts& timeouts = tables.timeouts;
  add_timeout(app, "--idle-timeout", timeouts.flow, "silence that ends a one-way flow");
  app.add_flag("!--no-dpi", tables.inspects,
               "look at no payload: name applications by port and rules only");
  app.add_option("--protocols", tables.protocols_file, "rules of your own for applications")
      ->type_name("FILE");
  add_timeout(app, "--idle-timeout-two-way", timeouts.flow_two_way,
              "silence that ends a flow of datagrams both ways");
  add_timeout(app, "--idle-timeout-tcp", timeouts.flow_established,
              "silence that ends an open TCP connection");
  add_timeout(app, "--idle-timeout-closed", timeouts.flow_closed,
              "how long a closed connection waits for late packets");
  add_timeout(app, "--idle-timeout-host", timeouts.host,
              "how long a host without flows is remembered");
}

Result<size_t> parse_block_size(std::string_view text) {
  constexpr size_t kLeast = size_t{128} << 10;  // holds the largest packet that offloads make
  constexpr size_t kMost = size_t{16} << 20;
  const auto size = parse_size(text);
  if (size && std::has_single_bit(*size) && *size >= kLeast && *size <= kMost) return size;
  return Error{fmt::format("\"{}\" is no size of a block: 128K, 256K ... 16M", text)};
}

void add_capture_options(CLI::App& app, MonitorOptions& options, Texts& texts) {
  app.add_option("--bpf", options.bpf, "packets to look at, as a libpcap filter")
      ->type_name("EXPRESSION");
  app.add_flag("!--no-promiscuous", options.promiscuous, "only packets for this machine");
  app.add_flag("--libpcap", options.prefer_libpcap, "capture through libpcap");
  add_parsed(app, "--buffer", texts.buffer, "ring between kernel and weir", parse_size,
             [&](size_t size) { options.buffer_bytes = size; })
      ->type_name("SIZE");
  add_parsed(app, "--block-size", texts.block, "blocks of the ring", parse_block_size,
             [&](size_t size) { options.block_bytes = size; })
      ->type_name("SIZE");
  app.add_option_function<uint32_t>(
         "--block-timeout",
         [&options](uint32_t time) { options.block_timeout = std::chrono::milliseconds(time); },
         "when a block that is not full is handed over")
      ->check(CLI::Range(1, 10'000))
      ->type_name("MS");
  app.add_flag("--busy-poll", options.busy_poll, "wait for packets without sleeping");
  add_parsed(app, "--cpus", texts.cpus, "processors of the shards' threads", parse_numbers,
             [&](const std::vector<uint32_t>& cpus) { options.cpus = cpus; })
      ->type_name("LIST");
}

void add_name_options(CLI::App& app, MonitorOptions& options, Texts& texts) {
  add_parsed(app, "--resolve", texts.resolve, "of which hosts the names are asked for",
             parse_resolved, [&](ResolvedHosts hosts) { options.resolved = hosts; })
      ->type_name("off|local|all");
  add_parsed(app, "--dns-server", texts.dns_server, "who is asked for names of hosts",
             parse_dns_server, [&](const std::string& server) { options.dns_server = server; })
      ->type_name("ADDR[:PORT]");
}

void add_export_options(CLI::App& app, MonitorOptions& options) {
  app.add_option("--export", options.exports, "where flows are sent")
      ->check([](const std::string& text) -> std::string {
        const auto parsed = parse_outlet(text);
        return parsed ? "" : parsed.error().message;
      })
      ->type_name("TARGET");
  add_timeout(app, "--export-every", options.export_every,
              "how often a flow that goes on is told of; 0: when it ends");
  app.add_option("--instance", options.instance, "the name of this weir in what it sends")
      ->check([](const std::string& text) -> std::string {
        return text.find('/') == std::string::npos && text.size() <= 64
                   ? ""
                   : "a name of at most 64 bytes without slashes is expected";
      })
      ->type_name("NAME");
}

std::string wrong_key(const std::string& text) {
  return is_curve_key(text) ? "" : "\"" + text + "\" is no public key: 40 characters of Z85";
}

void add_zmq_options(CLI::App& app, ZmqOptions& options) {
  app.add_option("--zmq-keys", options.keys_file,
                 "our own keys for ZeroMQ, as weir keys makes them")
      ->type_name("FILE");
  app.add_option("--zmq-allow", options.allow,
                 "public keys that may come where we listen: one, or a file of them, or any")
      ->type_name("FILE|KEY");
  app.add_option("--zmq-server-key", options.server_key, "public key of those to whom we connect")
      ->check(wrong_key)
      ->type_name("KEY");
  app.add_flag("--zmq-plain", options.allows_plain,
               "allow ZeroMQ without encryption to and from other machines");
}

void add_monitor_options(CLI::App& app, MonitorOptions& options, Texts& texts) {
  app.add_option("-i,--interface", options.sources, "what to watch")->type_name("SOURCE");
  add_parsed(app, "--http", texts.http, "where the console listens", parse_listen_address,
             [&](const ListenAddress& listen) {
               options.http_address = listen.address;
               options.http_port = listen.port;
             })
      ->type_name("ADDR:PORT");
  app.add_flag("--insecure", options.insecure,
               "listen on other than loopback addresses without a sign-in");
  app.add_option("--allow-host", options.allowed_hosts,
                 "a name under which browsers may reach the console")
      ->type_name("NAME");
  app.add_option("--data", options.data_folder, "folder for what outlives a restart")
      ->type_name("DIR");
  add_remember_hosts(app, options.remember_hosts);
  add_parsed(app, "--cache", texts.cache, "where scripts keep things", parse_cache,
             [&](const std::optional<RedisAddress>& redis) { options.redis = redis; })
      ->type_name("URL");
  add_name_options(app, options, texts);
  add_capture_options(app, options, texts);
  app.add_option("--web-dir", options.web_folder, "serve the console from this folder")
      ->type_name("DIR");
  app.add_option("--scripts", options.scripts_folder, "use the scripts of this folder")
      ->type_name("DIR");
  app.add_flag("--edit-scripts", options.edits_scripts, "scripts may be changed in the console");
  app.add_flag("--count-duplicates", options.counts_duplicates,
               "count flows as often as exporters tell of them");
  app.add_option("--allow-url", options.allowed_urls,
                 "where scripts may send requests: an origin, and a path it is to be below")
      ->check([](const std::string& url) -> std::string {
        const auto parsed = AllowedUrls::parse({url});
        return parsed ? "" : parsed.error().message;
      })
      ->type_name("URL");
  add_export_options(app, options);
  add_zmq_options(app, options.zmq);
  add_table_options(app, options.tables, texts);
}

void add_read_options(CLI::App& app, ReadOptions& options, Texts& texts) {
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

// Errors of CLI11 are exceptions; this is the one place that meets them.
Result<void> parse_with(CLI::App& app, const std::vector<std::string>& arguments) {
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::Error& error) {
    return Error{error.what(), 0};
  }
  return {};
}

// The command line of `monitor`; its options' values land in `options`.
struct MonitorApp {
  enum class File : uint8_t { kIsRead, kIsOnlyNamed };

  explicit MonitorApp(File use) {
    app.set_help_flag();
    add_monitor_options(app, options, texts);
    if (use == File::kIsRead) {
      app.set_config("--config", "", "a TOML file with the long options' names");
      // A misspelt name would be ignored otherwise.
      app.allow_config_extras(CLI::config_extras_mode::error);
    } else {
      app.add_option("--config", texts.config);
    }
  }
  MonitorApp(const MonitorApp&) = delete;
  MonitorApp& operator=(const MonitorApp&) = delete;

  MonitorOptions options;
  Texts texts;
  CLI::App app;
};

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
  MonitorApp given(MonitorApp::File::kIsOnlyNamed);
  if (auto parsed = parse_with(given.app, arguments); !parsed) return parsed.error();
  for (const CLI::Option* option : given.app.get_options()) {
    const std::string variable = variable_of(name_of(*option));
    const auto found = environment.find(variable);
    if (option->count() > 0 || found == environment.end()) continue;
    const std::vector<std::string> added = arguments_of(*option, found->second);
    MonitorApp alone(MonitorApp::File::kIsOnlyNamed);
    if (auto parsed = parse_with(alone.app, added); !parsed) return parsed.error().in(variable);
    arguments.insert(arguments.end(), added.begin(), added.end());
  }
  return arguments;
}

Result<Command> parse_monitor(const std::vector<std::string>& arguments,
                              const Environment& environment) {
  const auto all = with_environment(arguments, environment);
  if (!all) return all.error();
  MonitorApp monitor(MonitorApp::File::kIsRead);
  if (auto parsed = parse_with(monitor.app, *all); !parsed) return parsed.error();
  MonitorOptions& options = monitor.options;
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
  Texts texts;
  CLI::App app;
  app.set_help_flag();
  add_read_options(app, options, texts);
  if (auto parsed = parse_with(app, arguments); !parsed) return parsed.error();
  const bool reads_stdin =
      std::find(options.files.begin(), options.files.end(), "-") != options.files.end();
  if (reads_stdin && options.repeat > 1)
    return Error{"standard input can be read only once: leave out --repeat, or give a file"};
  const bool writes_to_stdout = options.flows_file == "-" || options.hosts_file == "-";
  if (options.json && writes_to_stdout) {
    return Error{"--json has standard output for itself: give --flows and --hosts a file"};
  }
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
                                   const Environment& environment) {
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
  if (command == "monitor") return parse_monitor(rest, environment);
  if (command == "read") return parse_read(rest);
  if (command == "import-hosts") return parse_import_hosts(rest);
  if (command == "keys") return parse_keys(rest);
  if (command == "top") return parse_top(rest);
  return Error{fmt::format("there is no command \"{}\": see weir help", command)};
}

Result<std::vector<AppliedOption>> options_that_apply(const std::string& file,
                                                      const Environment& environment) {
  const std::vector<std::string> arguments{"--config", file};
  const auto all = with_environment(arguments, environment);
  if (!all) return all.error();
  MonitorApp monitor(MonitorApp::File::kIsRead);
  if (auto parsed = parse_with(monitor.app, *all); !parsed) return parsed.error();
  std::vector<AppliedOption> applied;
  for (const CLI::Option* option : monitor.app.get_options()) {
    const std::string name = name_of(*option);
    if (option->count() == 0 || name == "config") continue;
    const std::string variable = variable_of(name);
    const bool is_variable = environment.contains(variable);
    applied.push_back({name, value_of(*option, monitor.options), is_variable ? variable : ""});
  }
  return applied;
}

std::vector<std::string> monitor_option_names() {
  const MonitorApp monitor(MonitorApp::File::kIsRead);
  std::vector<std::string> names;
  for (const CLI::Option* option : monitor.app.get_options()) names.push_back(name_of(*option));
  return names;
}

}  // namespace weir

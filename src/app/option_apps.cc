// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/option_apps.h"

#include <bit>
#include <functional>

#include <fmt/format.h>

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

// CLI11 checks values while it parses, so the checks also store.
template <typename Parse, typename Store>
CLI::Option* add_parsed(CLI::App& app, const std::string& name, std::string& text,
                        const std::string& help, Parse parse, Store store) {
  return app.add_option(name, text, help)->check(CLI::Validator(checked(parse, store), "", ""));
}

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

Result<size_t> parse_block_size(std::string_view text) {
  constexpr size_t kLeast = size_t{128} << 10;  // holds the largest packet that offloads make
  constexpr size_t kMost = size_t{16} << 20;
  const auto size = parse_size(text);
  if (size && std::has_single_bit(*size) && *size >= kLeast && *size <= kMost) return size;
  return Error{fmt::format("\"{}\" is no size of a block: 128K, 256K ... 16M", text)};
}

void add_capture_options(CLI::App& app, MonitorOptions& options, OptionTexts& texts) {
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

void add_name_options(CLI::App& app, MonitorOptions& options, OptionTexts& texts) {
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

void add_monitor_options(CLI::App& app, MonitorOptions& options, OptionTexts& texts) {
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

}  // namespace

void add_remember_hosts(CLI::App& app, std::chrono::seconds& lifetime) {
  constexpr uint32_t kMostDays = 3650;
  app.add_option_function<uint32_t>(
         "--remember-hosts", [&lifetime](uint32_t days) { lifetime = std::chrono::days(days); },
         "how long what was forgotten of a host is kept; 0: not at all")
      ->check(CLI::Range(0U, kMostDays))
      ->type_name("DAYS");
}

void add_table_options(CLI::App& app, TableOptions& tables, OptionTexts& texts) {
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

MonitorApp::MonitorApp() {
  app.set_help_flag();
  add_monitor_options(app, options, texts);
  app.add_option("--config", texts.config, "a TOML file with the long options' names")
      ->type_name("FILE");
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

}  // namespace weir

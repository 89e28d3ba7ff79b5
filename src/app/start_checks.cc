// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/start_checks.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "app/interface_setup.h"
#include "app/known_places.h"
#include "app/source_spec.h"
#include "app/zmq_links.h"
#include "capture/filtered_source.h"
#include "capture/interfaces.h"
#include "engine/shard.h"
#include "http/asset_store.h"
#include "http/http_server.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

// Devices that only libpcap knows; whether they are there shows when they are opened.
bool is_of_libpcap(std::string_view name) {
  constexpr std::array<std::string_view, 6> kPrefixes{"any",    "nflog",     "nfqueue",
                                                      "usbmon", "bluetooth", "dbus-"};
  return std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

Result<void> check_interface(const std::string& name, const MonitorOptions& options) {
  if (options.prefer_libpcap || is_of_libpcap(name)) return {};
  const std::vector<NetworkInterface> interfaces = list_interfaces(true);
  const bool is_there = std::any_of(interfaces.begin(), interfaces.end(),
                                    [&](const NetworkInterface& one) { return one.name == name; });
  if (is_there || interfaces.empty()) return {};
  return no_such_interface(name);
}

Result<void> check_source(const SourceSpec& spec, const MonitorOptions& options) {
  switch (spec.kind) {
    case SourceSpec::Kind::kFile: {
      // With several shards it is an error that is told before anything is opened.
      if (reads_once(spec.name) && options.tables.shards == 1) return {};
      if (auto sources = open_sources(spec, options, 0); !sources) return sources.error();
      return {};
    }
    case SourceSpec::Kind::kLive:
    case SourceSpec::Kind::kXdp:
      return check_interface(spec.name, options);
    case SourceSpec::Kind::kZmq:
      if (auto link = zmq_link(spec.endpoint, spec.listens, options.zmq); !link)
        return link.error().in(spec.name);
      return {};
    default:
      return {};
  }
}

// Those that are up are another matter on each machine.
Result<void> check_sources(const MonitorOptions& options) {
  if (options.sources.empty()) return {};
  const auto specs = sources_to_watch(options);
  if (!specs) return specs.error();
  for (const SourceSpec& spec : *specs) {
    if (auto checked = check_source(spec, options); !checked) return checked;
  }
  if (options.tables.memory_bytes == 0) return {};
  const size_t memory = options.tables.memory_bytes / specs->size();
  for (const SourceSpec& spec : *specs) {
    const size_t shards = spec.collects() ? 1 : options.tables.shards;
    if (memory / shards < Shard::kMinMemory)
      return Error{"the memory budget is below 8 MB for each shard: give more with --memory"}.in(
          spec.name);
  }
  return {};
}

// Whoever collects has no use for it.
Result<void> check_filter_of(const MonitorOptions& options) {
  const auto specs = sources_to_watch(options);
  const bool is_used = options.sources.empty() || !specs ||
                       std::any_of(specs->begin(), specs->end(),
                                   [](const SourceSpec& spec) { return !spec.collects(); });
  if (!is_used) return {};
  if (auto checked = check_filter(options.bpf); !checked) return checked.error().in("--bpf");
  return {};
}

Result<void> check_outlets(const MonitorOptions& options) {
  for (const std::string& text : options.exports) {
    if (auto outlet = outlet_of(text, options.zmq); !outlet) return outlet.error().in("--export");
  }
  return {};
}

// What is not there is made at the start.
Result<void> check_data_folder(const std::string& folder) {
  std::error_code ignored;
  if (folder.empty() || !fs::exists(folder, ignored) || fs::is_directory(folder, ignored))
    return {};
  return Error{fmt::format("--data {}: is no folder", folder)};
}

Result<void> check_folders(const MonitorOptions& options) {
  std::error_code error;
  if (const std::string& scripts = options.scripts_folder;
      !scripts.empty() && !fs::is_directory(scripts + "/rest", error))
    return Error{fmt::format("scripts: no folder {}/rest", scripts)};
  if (!options.web_folder.empty()) {
    if (auto assets = make_folder_assets(options.web_folder); !assets) return assets.error();
  }
  return check_data_folder(options.data_folder);
}

Result<void> check_files(const TableOptions& tables) {
  if (tables.protocols_file.empty() || !reads_once(tables.protocols_file)) {
    if (auto rules = load_rules(tables); !rules) return rules.error();
  }
  const PlaceOptions& places = tables.places;
  if (reads_once(places.country_file) || reads_once(places.as_file)) return {};
  if (auto loaded = load_places(tables); !loaded) return loaded.error();
  return {};
}

}  // namespace

Result<void> check_address(const MonitorOptions& options) {
  if (options.insecure || is_loopback(options.http_address)) return {};
  return Error{
      fmt::format("{} is no loopback address and there is no sign-in yet: add --insecure "
                  "if anybody may look, or use an ssh tunnel",
                  options.http_address)};
}

Result<void> check_start(const MonitorOptions& options) {
  if (auto checked = check_address(options); !checked) return checked;
  if (auto checked = check_folders(options); !checked) return checked;
  if (auto checked = check_sources(options); !checked) return checked;
  if (auto checked = check_filter_of(options); !checked) return checked;
  if (auto checked = check_outlets(options); !checked) return checked;
  return check_files(options.tables);
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/watched.h"

#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "app/interface_setup.h"
#include "app/output.h"
#include "base/log.h"
#include "base/printable.h"

namespace weir {
namespace {

// Of a file nothing is kept: it says the same the next time.
HostArchives archives_for(RememberedHosts* hosts, const SourceSpec& spec, uint32_t shards) {
  HostArchives archives;
  if (hosts == nullptr || spec.kind == SourceSpec::Kind::kFile) return archives;
  for (uint32_t i = 0; i < shards; ++i)
    archives.of_shards.push_back(hosts->keeper().add_shard(spec.id));
  archives.estimate_secret = hosts->keeper().estimate_secret();
  return archives;
}

// Rules that are wrong change nothing.
void reload_rules(const std::vector<Watched>& watched, const TableOptions& tables) {
  const auto rules = load_rules(tables);
  if (!rules) return log_error(printable(rules.error().message));
  for (const Watched& one : watched) {
    for (const auto& shard : one.interface->shards()) shard->use_rules(*rules);
  }
  log_info("rules for applications are read again");
}

void reload_places(const std::vector<Watched>& watched, KnownPlaces& places,
                   const TableOptions& tables) {
  if (auto reloaded = places.reload(tables); !reloaded)
    return log_error(printable(reloaded.error().message));
  for (const Watched& one : watched) {
    for (const auto& shard : one.interface->shards()) shard->use_places(places.get());
  }
  log_info("country and AS files are read again");
}

}  // namespace

Result<std::vector<Watched>> open_all(const std::vector<SourceSpec>& specs,
                                      const MonitorOptions& options, size_t memory_bytes,
                                      const std::shared_ptr<const ProtocolRules>& rules,
                                      const KnownPlaces& places, RememberedHosts* hosts) {
  const size_t memory = memory_bytes / specs.size();
  std::vector<Watched> watched;
  for (const SourceSpec& spec : specs) {
    const auto number = static_cast<uint32_t>(watched.size());
    // The group must be free on this machine; other programs choose theirs likewise.
    const auto group = static_cast<uint16_t>(static_cast<uint32_t>(getpid()) + number);
    auto sources = open_sources(spec, options, group);
    if (!sources) return sources.error();
    const bool is_file = spec.kind == SourceSpec::Kind::kFile;
    auto interface = make_interface(spec.id, spec.name, number * options.tables.shards,
                                    options.tables, memory, is_file, {}, rules, places.get(),
                                    archives_for(hosts, spec, options.tables.shards));
    if (!interface) return interface.error();
    (*interface)->set_capture({sources->sources.front()->method(), sources->balance});
    watched.push_back({std::move(*interface), std::move(sources->sources)});
  }
  return watched;
}

std::vector<const Interface*> interfaces_of(const std::vector<Watched>& watched) {
  std::vector<const Interface*> interfaces;
  for (const Watched& one : watched) interfaces.push_back(one.interface.get());
  return interfaces;
}

std::vector<std::unique_ptr<CaptureThread>> start_capture(std::vector<Watched>& watched,
                                                          const MonitorOptions& options) {
  std::vector<std::unique_ptr<CaptureThread>> threads;
  for (Watched& one : watched) {
    for (size_t shard = 0; shard < one.sources.size(); ++shard) {
      std::optional<uint32_t> cpu;
      if (!options.cpus.empty()) cpu = options.cpus[threads.size() % options.cpus.size()];
      threads.push_back(std::make_unique<CaptureThread>(std::move(one.sources[shard]),
                                                        *one.interface, shard, cpu));
    }
  }
  return threads;
}

void report_ends(const std::vector<Watched>& watched, std::vector<bool>& reported) {
  for (size_t i = 0; i < watched.size(); ++i) {
    if (reported[i] || watched[i].interface->state() == InterfaceState::kRunning) continue;
    reported[i] = true;
    const std::string error = watched[i].interface->error();
    const std::string& name = watched[i].interface->name();
    say(fmt::format("weir: {}\n", printable(error.empty() ? name + ": read to its end" : error)));
  }
}

void reload(const std::vector<Watched>& watched, KnownPlaces& places, const TableOptions& tables) {
  if (!tables.protocols_file.empty()) reload_rules(watched, tables);
  if (names_place_file(tables)) reload_places(watched, places, tables);
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/watched.h"

#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "app/interface_setup.h"
#include "app/output.h"
#include "app/zmq_links.h"
#include "base/log.h"
#include "base/printable.h"
#include "collect/zmq_listener.h"

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

// None when nothing is exported.
std::vector<FlowSink*> sinks_for(FlowOutlets* outlets, const SourceSpec& spec, uint32_t shards) {
  std::vector<FlowSink*> sinks;
  if (outlets == nullptr) return sinks;
  // Nothing of a file may be lost.
  const auto when_full = spec.kind == SourceSpec::Kind::kFile ? FlowReports::WhenFull::kWait
                                                              : FlowReports::WhenFull::kLeaveOut;
  for (uint32_t i = 0; i < shards; ++i) sinks.push_back(outlets->add_shard(spec.id, when_full));
  return sinks;
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

// How records come. For people.
const char* method_of(const SourceSpec& spec) {
  switch (spec.kind) {
    case SourceSpec::Kind::kZmq:
      return "ZeroMQ";
    case SourceSpec::Kind::kSyslog:
      return "syslog";
    default:
      return "NetFlow, IPFIX, sFlow";
  }
}

Result<std::unique_ptr<ExportListener>> open_listener(const SourceSpec& spec,
                                                      const MonitorOptions& options) {
  if (spec.kind != SourceSpec::Kind::kZmq) {
    ListenOptions listen;
    if (spec.kind == SourceSpec::Kind::kSyslog) listen.kind = ListenOptions::Kind::kSyslog;
    listen.address = spec.address;
    listen.port = spec.port;
    return ExportListener::open(listen);
  }
  const auto link = zmq_link(spec.endpoint, spec.listens, options.zmq);
  if (!link) return link.error();
  return open_zmq_listener(*link);
}

Result<Watched> open_exports(const SourceSpec& spec, uint32_t first_shard,
                             const MonitorOptions& options, size_t memory,
                             const std::shared_ptr<const ProtocolRules>& rules,
                             const KnownPlaces& places, const Listeners& listeners) {
  auto listener = open_listener(spec, options);
  if (!listener) return listener.error().in(spec.name);
  TableOptions tables = options.tables;
  tables.shards = 1;  // records of the same flow come from everywhere: one sees them all
  tables.inspects = false;
  tables.collects = true;
  auto interface = make_interface(spec.id, spec.name, first_shard, tables, memory, false, {}, rules,
                                  places.get(), archives_for(listeners.hosts, spec, 1));
  if (!interface) return interface.error();
  (*interface)->set_capture({method_of(spec), ""});
  Watched watched{std::move(*interface), {}};
  watched.listener = *std::move(listener);
  watched.board = std::make_unique<CollectorBoard>();
  watched.templates.emplace(options.data_folder, spec.id);
  if (listeners.outlets != nullptr)
    watched.relayed = listeners.outlets->add_shard(spec.id, FlowReports::WhenFull::kLeaveOut,
                                                   FlowReports::kQueueOfRecords);
  return watched;
}

}  // namespace

Result<std::vector<Watched>> open_all(const std::vector<SourceSpec>& specs,
                                      const MonitorOptions& options, size_t memory_bytes,
                                      const std::shared_ptr<const ProtocolRules>& rules,
                                      const KnownPlaces& places, const Listeners& listeners) {
  const size_t memory = memory_bytes / specs.size();
  std::vector<Watched> watched;
  for (const SourceSpec& spec : specs) {
    const auto number = static_cast<uint32_t>(watched.size());
    // The group must be free on this machine; other programs choose theirs likewise.
    const auto group = static_cast<uint16_t>(static_cast<uint32_t>(getpid()) + number);
    if (spec.collects()) {
      auto exports = open_exports(spec, number * options.tables.shards, options, memory, rules,
                                  places, listeners);
      if (!exports) return exports.error();
      watched.push_back(*std::move(exports));
      continue;
    }
    auto sources = open_sources(spec, options, group);
    if (!sources) return sources.error();
    const bool is_file = spec.kind == SourceSpec::Kind::kFile;
    auto interface =
        make_interface(spec.id, spec.name, number * options.tables.shards, options.tables, memory,
                       is_file, sinks_for(listeners.outlets, spec, options.tables.shards), rules,
                       places.get(), archives_for(listeners.hosts, spec, options.tables.shards));
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

std::vector<std::unique_ptr<CollectThread>> start_collecting(
    std::vector<Watched>& watched, const MonitorOptions& options,
    const std::function<void(const Value&)>& tell) {
  std::vector<std::unique_ptr<CollectThread>> threads;
  for (Watched& one : watched) {
    if (one.listener == nullptr) continue;
    CollectThread::Setting setting;
    setting.listener = std::move(one.listener);
    setting.collector.secret = KeyedHash::random_secret();
    setting.collector.drops_duplicates = !options.counts_duplicates;
    setting.templates = one.templates->read();
    setting.relayed = one.relayed;
    setting.tell = tell;
    threads.push_back(
        std::make_unique<CollectThread>(std::move(setting), *one.interface, *one.board));
  }
  return threads;
}

void keep_templates(std::vector<Watched>& watched, bool is_end) {
  for (Watched& one : watched) {
    if (one.templates) one.templates->write(*one.board, std::chrono::steady_clock::now(), is_end);
  }
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

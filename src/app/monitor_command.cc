// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/monitor_command.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "app/capture_thread.h"
#include "app/interface_setup.h"
#include "app/kept_days.h"
#include "app/known_places.h"
#include "app/memory_limit.h"
#include "app/name_lookup.h"
#include "app/output.h"
#include "app/remembered_hosts.h"
#include "app/source_spec.h"
#include "base/log.h"
#include "base/printable.h"
#include "cache/redis_cache.h"
#include "cache/sqlite_cache.h"
#include "http/asset_store.h"
#include "http/http_server.h"
#include "query/live_questions.h"
#include "script/cron.h"
#include "script/script_runner.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

// The channel and the resource of what happens.
constexpr const char* kEvents = "events";

// Where the bundled scripts are: as told, beside an installed program, else in the source tree it
// was built from.
std::string scripts_folder(const MonitorOptions& options) {
  if (!options.scripts_folder.empty()) return options.scripts_folder;
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  const fs::path installed = program.parent_path().parent_path() / "share/weir/scripts";
  return fs::is_directory(installed, ignored) ? installed.string() : WEIR_SOURCE_SCRIPTS;
}

Result<std::unique_ptr<AssetStore>> console_assets(const MonitorOptions& options) {
  if (!options.web_folder.empty()) return make_folder_assets(options.web_folder);
  return embedded_assets();
}

// One interface with the sources of its shards, not yet running.
struct Watched {
  std::unique_ptr<Interface> interface;
  std::vector<std::unique_ptr<PacketSource>> sources;
};

// What the sources need besides tables: files have no ring.
MemoryUsers users_of_memory(const std::vector<SourceSpec>& specs, const MonitorOptions& options) {
  const auto live = std::count_if(specs.begin(), specs.end(), [](const SourceSpec& spec) {
    return spec.kind != SourceSpec::Kind::kFile;
  });
  return {.interfaces = specs.size(),
          .rings = static_cast<size_t>(live),
          .ring_bytes = options.buffer_bytes,
          .shards = options.tables.shards};
}

// Null when they are not to be remembered.
std::unique_ptr<RememberedHosts> remember_hosts(const MonitorOptions& options,
                                                const MemoryPlan& plan, Cache* redis) {
  return RememberedHosts::open({.data_folder = options.data_folder,
                                .lifetime = options.remember_hosts,
                                .max_hosts = plan.kept_hosts,
                                .max_in_memory = plan.kept_hosts_in_memory,
                                .server = redis});
}

// Of a file nothing is kept: it says the same the next time.
HostArchives archives_for(RememberedHosts* hosts, const SourceSpec& spec, uint32_t shards) {
  HostArchives archives;
  if (hosts == nullptr || spec.kind == SourceSpec::Kind::kFile) return archives;
  for (uint32_t i = 0; i < shards; ++i)
    archives.of_shards.push_back(hosts->keeper().add_shard(spec.id));
  archives.estimate_secret = hosts->keeper().estimate_secret();
  return archives;
}

// `memory_bytes`: for the tables of all of them. `hosts` may be null.
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

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::vector<const Interface*> interfaces_of(const std::vector<Watched>& watched) {
  std::vector<const Interface*> interfaces;
  for (const Watched& one : watched) interfaces.push_back(one.interface.get());
  return interfaces;
}

// `hosts` and `names` may be null.
LiveQuestions questions_about(const std::vector<Watched>& watched, const MonitorOptions& options,
                              const MemoryPlan& plan, const KnownPlaces& places,
                              const RememberedHosts* hosts, const ReverseNames* names) {
  LiveQuestions::Setting setting;
  setting.interfaces = interfaces_of(watched);
  if (names != nullptr)
    setting.reverse_name = [names](const IpAddress& address) { return names->name(address); };
  if (hosts != nullptr) {
    setting.estimator = hosts->keeper().estimator();
    setting.archived = [hosts](const std::string& interface, const HostKey& key) {
      return hosts->keeper().find(interface, key);
    };
  }
  setting.local_networks = options.tables.local_networks;
  setting.places = [&places] { return places.get(); };
  setting.version = WEIR_VERSION;
  setting.max_rows = plan.answer_rows;
  setting.now = seconds_since_1970;
  setting.uptime = [start = std::chrono::steady_clock::now()] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  return LiveQuestions(std::move(setting));
}

void greet(const std::vector<Watched>& watched, const HttpServer& server, bool is_reachable) {
  std::string names;
  for (const Watched& one : watched) names += (names.empty() ? "" : ", ") + one.interface->name();
  std::string text = fmt::format("weir {} watches {}\nconsole: {}\n", WEIR_VERSION,
                                 printable(names), server.url());
  if (is_reachable)
    text += fmt::format("WARNING: anybody who reaches {} sees everything: there is no sign-in\n",
                        server.url());
  // Watching goes on when nobody reads what is said here.
  (void)print_out(text + "Ctrl-C ends it.\n");
}

// Says once what became of an interface that is over.
void report_ends(const std::vector<Watched>& watched, std::vector<bool>& reported) {
  for (size_t i = 0; i < watched.size(); ++i) {
    if (reported[i] || watched[i].interface->state() == InterfaceState::kRunning) continue;
    reported[i] = true;
    const std::string error = watched[i].interface->error();
    const std::string& name = watched[i].interface->name();
    say(fmt::format("weir: {}\n", printable(error.empty() ? name + ": read to its end" : error)));
  }
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

// What SIGHUP asks for.
void reload(const std::vector<Watched>& watched, KnownPlaces& places, const TableOptions& tables) {
  if (!tables.protocols_file.empty()) reload_rules(watched, tables);
  if (names_place_file(tables)) reload_places(watched, places, tables);
}

Result<void> use_data_folder(const std::string& folder) {
  if (folder.empty()) return {};
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return Error{fmt::format("--data {}: {}", folder, error.message()), error.value()};
  return {};
}

// What scripts remember: in the data folder, else only as long as weir runs. Null: no memory.
std::unique_ptr<Cache> open_cache(const std::string& data_folder) {
  SqliteCacheOptions options;
  if (!data_folder.empty()) options.file = data_folder + "/cache.sqlite";
  auto opened = SqliteCache::open(options);
  if (!opened.ok() && !options.file.empty()) {
    log_error(printable("cache: " + opened.error().message + ": nothing is kept this time"));
    options.file.clear();
    opened = SqliteCache::open(options);
  }
  if (!opened.ok()) return nullptr;
  return *std::move(opened);
}

// Ends all flows and keeps what is known of the hosts. REQUIRES: no capture thread runs any more.
void keep_hosts(const std::vector<Watched>& watched, const std::vector<SourceSpec>& specs,
                RememberedHosts* hosts) {
  if (hosts == nullptr || !hosts->outlives_weir()) return;
  std::vector<const Interface*> live;
  for (size_t i = 0; i < watched.size(); ++i) {
    if (specs[i].kind == SourceSpec::Kind::kFile) continue;
    for (const auto& shard : watched[i].interface->shards()) shard->finish();
    live.push_back(watched[i].interface.get());
  }
  constexpr std::chrono::seconds kMost{5};
  hosts->keeper().close(live, kMost);
}

// The Redis of --cache, if any. Preferences are kept in the data folder where there is one that can
// be used.
std::unique_ptr<Cache> open_redis(const MonitorOptions& options, Cache& embedded) {
  if (!options.redis) return nullptr;
  RedisCacheOptions redis;
  redis.address = *options.redis;
  if (embedded.statistics()["kind"] == Value("file")) redis.preferences = &embedded;
  return std::make_unique<RedisCache>(std::move(redis));
}

}  // namespace

int run_monitor(const MonitorOptions& asked, StopSignal& stop) {
  MonitorOptions options = asked;
  const bool is_reachable = !is_loopback(options.http_address);
  if (is_reachable && !options.insecure) {
    return complain(
        {fmt::format("{} is no loopback address and there is no sign-in yet: add --insecure if "
                     "anybody may look, or use an ssh tunnel",
                     options.http_address)});
  }
  if (auto used = use_data_folder(options.data_folder); !used) return complain(used.error());
  const auto specs = sources_to_watch(options);
  if (!specs) return complain(specs.error());
  const MemoryPlan plan = plan_memory(memory_limit(), users_of_memory(*specs, options));
  if (options.buffer_bytes == 0) options.buffer_bytes = plan.ring_bytes;
  // Before any thread starts: none of them may take the signal.
  if (!options.tables.protocols_file.empty() || names_place_file(options.tables))
    stop.hear_reload();
  const auto rules = load_rules(options.tables);
  if (!rules) return complain(rules.error());
  const auto places = KnownPlaces::load(options.tables);
  if (!places) return complain(places.error());
  const std::unique_ptr<Cache> embedded = open_cache(options.data_folder);
  if (embedded == nullptr) return complain({"no memory for the cache"});
  const std::unique_ptr<Cache> redis = open_redis(options, *embedded);
  Cache& cache = redis ? *redis : *embedded;
  const std::unique_ptr<RememberedHosts> hosts = remember_hosts(options, plan, redis.get());
  auto watched = open_all(*specs, options, memory_for_tables(options.tables, plan), *rules,
                          **places, hosts.get());
  if (!watched) return complain(watched.error());
  const auto names = look_up_names(options, interfaces_of(*watched), cache);
  if (!names) return complain(names.error());
  const LiveQuestions questions =
      questions_about(*watched, options, plan, **places, hosts.get(), names->get());
  ScriptOptions script_options;
  script_options.cache = &cache;
  HostDayOptions day_options;
  day_options.max_rows = plan.answer_rows;
  const auto days = keep_days(options.data_folder, interfaces_of(*watched), std::move(day_options));
  script_options.days = days.get();
  script_options.folder = scripts_folder(options);
  script_options.memory_limit_bytes = plan.script_bytes;
  auto scripts = ScriptRunner::open(script_options, questions);
  if (!scripts) return complain(scripts.error());
  (*scripts)->set_health_part("cache", [&cache] { return cache.statistics(); });
  if (*names) (*scripts)->set_health_part("reverse_dns", [&] { return (*names)->statistics(); });
  if (days != nullptr) (*scripts)->set_health_part("days", [&days] { return days->statistics(); });
  if (hosts != nullptr)
    (*scripts)->set_health_part("remembered_hosts", [&hosts] { return hosts->statistics(); });
  auto assets = console_assets(options);
  if (!assets) return complain(assets.error());
  HttpOptions http;
  http.address = options.http_address;
  http.port = options.http_port;
  http.allowed_hosts = options.allowed_hosts;
  auto server = HttpServer::start(http, **scripts, **assets);
  if (!server) return complain(server.error());

  if (hosts != nullptr) hosts->keeper().start();
  // What is told is kept from now on, and goes to those who listen at once.
  (void)cache.messages(kEvents, 0, 0);
  const auto events = cache.subscribe(kEvents, [&] { (*server)->refresh(kEvents); });
  std::vector<std::unique_ptr<CaptureThread>> threads;
  for (Watched& one : *watched) {
    for (size_t shard = 0; shard < one.sources.size(); ++shard) {
      std::optional<uint32_t> cpu;
      if (!options.cpus.empty()) cpu = options.cpus[threads.size() % options.cpus.size()];
      threads.push_back(std::make_unique<CaptureThread>(std::move(one.sources[shard]),
                                                        *one.interface, shard, cpu));
    }
  }
  const Cron cron(**scripts, {});
  greet(*watched, **server, is_reachable);
  std::vector<bool> reported(watched->size());
  constexpr std::chrono::milliseconds kLook{200};
  while (!stop.wait(kLook)) {
    report_ends(*watched, reported);
    if (stop.take_reload()) reload(*watched, **places, options.tables);
  }
  (*server)->stop();
  threads.clear();
  write_today(days.get());
  keep_hosts(*watched, *specs, hosts.get());
  return 0;
}

}  // namespace weir

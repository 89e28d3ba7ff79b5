// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/monitor_run.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <memory>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "app/caches.h"
#include "app/data_folder.h"
#include "app/event_tap.h"
#include "app/first_start.h"
#include "app/interface_setup.h"
#include "app/kept_days.h"
#include "app/known_places.h"
#include "app/memory_limit.h"
#include "app/name_lookup.h"
#include "app/output.h"
#include "app/remembered_hosts.h"
#include "app/source_spec.h"
#include "app/start_checks.h"
#include "app/watched.h"
#include "app/zmq_links.h"
#include "base/printable.h"
#include "export/flow_outlets.h"
#include "fetch/http_client.h"
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

// What the sources need besides tables: files have no ring.
MemoryUsers users_of_memory(const std::vector<SourceSpec>& specs, const MonitorOptions& options) {
  const auto live = std::count_if(specs.begin(), specs.end(), [](const SourceSpec& spec) {
    return spec.kind != SourceSpec::Kind::kFile && !spec.collects();
  });
  const auto collecting = std::count_if(specs.begin(), specs.end(),
                                        [](const SourceSpec& spec) { return spec.collects(); });
  return {.interfaces = specs.size(),
          .rings = static_cast<size_t>(live),
          .ring_bytes = options.buffer_bytes,
          .shards = options.tables.shards,
          .outlets = options.exports.size(),
          .collecting = static_cast<size_t>(collecting)};
}

// Null when they are not to be remembered.
std::unique_ptr<RememberedHosts> remember_hosts(const MonitorOptions& options,
                                                const MemoryPlan& plan, const DataFolder& data,
                                                Cache* redis) {
  return RememberedHosts::open({.data_folder = options.data_folder,
                                .keeps = !data.is_lost,
                                .lifetime = options.remember_hosts,
                                .max_hosts = plan.kept_hosts,
                                .max_in_memory = plan.kept_hosts_in_memory,
                                .server = redis});
}

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
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
  setting.exporters = [&watched](const std::string& interface) {
    for (const Watched& one : watched) {
      if (one.board != nullptr && one.interface->id() == interface)
        return one.board->latest()->exporters;
    }
    return Value::Array();
  };
  setting.now = seconds_since_1970;
  setting.uptime = [start = std::chrono::steady_clock::now()] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  return LiveQuestions(std::move(setting));
}

void greet(const std::vector<Watched>& watched, const HttpServer& server, bool is_reachable,
           bool asks) {
  std::string names;
  for (const Watched& one : watched) names += (names.empty() ? "" : ", ") + one.interface->name();
  std::string text = fmt::format("weir {} watches {}\nconsole: {}\n", WEIR_VERSION,
                                 printable(names), server.url());
  if (is_reachable)
    text += fmt::format("WARNING: anybody who reaches {} sees everything: there is no sign-in\n",
                        server.url());
  if (asks)
    text +=
        "The console asks what to watch, which networks are yours and whose names to look up.\n";
  // Watching goes on when nobody reads what is said here.
  (void)print_out(text + "Ctrl-C ends it.\n");
}

// Ends all flows, so that what is known of them goes where it is to go. REQUIRES: no capture thread
// runs any more.
void finish(const std::vector<Watched>& watched) {
  for (const Watched& one : watched) {
    for (const auto& shard : one.interface->shards()) shard->finish();
  }
}

// Keeps what is known of the hosts. REQUIRES: finish().
void keep_hosts(const std::vector<Watched>& watched, const std::vector<SourceSpec>& specs,
                RememberedHosts* hosts) {
  if (hosts == nullptr || !hosts->outlives_weir()) return;
  std::vector<const Interface*> live;
  for (size_t i = 0; i < watched.size(); ++i) {
    if (specs[i].kind != SourceSpec::Kind::kFile) live.push_back(watched[i].interface.get());
  }
  constexpr std::chrono::seconds kMost{5};
  hosts->keeper().close(live, kMost);
}

HttpOptions http_options(const MonitorOptions& options) {
  HttpOptions http;
  http.address = options.http_address;
  http.port = options.http_port;
  http.allowed_hosts = options.allowed_hosts;
  return http;
}

// What each that hears exporters counts.
void show_collectors(ScriptRunner& scripts, const std::vector<Watched>& watched) {
  const bool has_any = std::any_of(watched.begin(), watched.end(),
                                   [](const Watched& one) { return one.board != nullptr; });
  if (!has_any) return;
  scripts.set_health_part("collectors", [&watched] {
    Value::Array rows;
    for (const Watched& one : watched) {
      if (one.board == nullptr) continue;
      Value row;
      row.set("interface", one.interface->id());
      const auto notice = one.board->latest();
      if (const auto* members = notice->health.as<Value::Object>()) {
        for (const auto& [name, value] : *members) row.set(name, value);
      }
      rows.push_back(std::move(row));
    }
    return Value(std::move(rows));
  });
}

std::string machine_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0' ? name.data() : "weir";
}

// Null when nothing is exported.
Result<std::unique_ptr<FlowOutlets>> outlets_for(const MonitorOptions& options,
                                                 const MemoryPlan& plan,
                                                 const KnownPlaces& places) {
  FlowOutlets::Setting setting;
  for (const std::string& text : options.exports) {
    auto outlet = outlet_of(text, options.zmq);
    if (!outlet) return outlet.error().in("--export");
    if (outlet->spec.spool_bytes == 0) outlet->spec.spool_bytes = plan.spool_bytes;
    setting.outlets.push_back(*std::move(outlet));
  }
  setting.instance = options.instance.empty() ? machine_name() : options.instance;
  setting.every = options.export_every;
  setting.local_networks = options.tables.local_networks;
  setting.places = [&places] { return places.get(); };
  return FlowOutlets::open(std::move(setting));
}

Result<std::unique_ptr<HttpClient>> client_for_scripts(const MonitorOptions& options) {
  auto allowed = AllowedUrls::parse(options.allowed_urls);
  if (!allowed) return allowed.error().in("--allow-url");
  HttpClientOptions client;
  client.allowed = *std::move(allowed);
  return std::make_unique<HttpClient>(std::move(client));
}

// What is not there is null.
void show_in_health(ScriptRunner& scripts, Cache& cache, const HttpClient& client,
                    const ReverseNames* names, SqliteHostDays* days, const RememberedHosts* hosts) {
  scripts.set_health_part("http_client", [&client] { return client.statistics(); });
  scripts.set_health_part("cache", [&cache] { return cache.statistics(); });
  if (names != nullptr)
    scripts.set_health_part("reverse_dns", [names] { return names->statistics(); });
  if (days != nullptr) scripts.set_health_part("days", [days] { return days->statistics(); });
  if (hosts != nullptr)
    scripts.set_health_part("remembered_hosts", [hosts] { return hosts->statistics(); });
}

FirstStart::Setting questions_of_start(const MonitorOptions& options,
                                       const std::vector<SourceSpec>& specs) {
  FirstStart::Setting setting;
  setting.questions = options.start;
  for (const SourceSpec& spec : specs) setting.watched.push_back(spec.name);
  setting.local_networks = options.tables.local_networks;
  setting.why_not = why_answers_stay(options, specs);
  return setting;
}

MonitorEnd refused(const Error& error) {
  return {complain(error), error.message, 0, {}};
}

}  // namespace

MonitorEnd monitor_once(const MonitorOptions& asked, StopSignal& stop) {
  MonitorOptions options = asked;
  const bool is_reachable = !is_loopback(options.http_address);
  if (auto checked = check_address(options); !checked) return refused(checked.error());
  const auto data = DataFolder::take(options.data_folder);
  if (!data) return refused(data.error());
  options.data_folder = data->path;
  if (data->is_lost) options.start.file.clear();
  const auto specs = sources_to_watch(options);
  if (!specs) return refused(specs.error());
  const MemoryPlan plan = plan_memory(memory_limit(), users_of_memory(*specs, options));
  if (options.buffer_bytes == 0) options.buffer_bytes = plan.ring_bytes;
  // Before any thread starts: none of them may take the signal.
  if (!options.tables.protocols_file.empty() || names_place_file(options.tables))
    stop.hear_reload();
  const auto rules = load_rules(options.tables);
  if (!rules) return refused(rules.error());
  const auto places = KnownPlaces::load(options.tables);
  if (!places) return refused(places.error());
  const auto caches = Caches::open(options);
  if (!caches) return refused(caches.error());
  Cache& cache = caches->shared();
  const std::unique_ptr<RememberedHosts> hosts =
      remember_hosts(options, plan, *data, caches->redis());
  auto outlets = outlets_for(options, plan, **places);
  if (!outlets) return refused(outlets.error());
  auto watched = open_all(*specs, options, memory_for_tables(options.tables, plan), *rules,
                          **places, {hosts.get(), outlets->get()});
  if (!watched) return refused(watched.error());
  const auto names = look_up_names(options, interfaces_of(*watched), cache);
  if (!names) return refused(names.error());
  const LiveQuestions questions =
      questions_about(*watched, options, plan, **places, hosts.get(), names->get());
  const auto client = client_for_scripts(options);
  if (!client) return refused(client.error());
  FirstStart first_start(questions_of_start(options, *specs));
  ScriptOptions script_options;
  script_options.setup = &first_start;
  script_options.outlets.client = client->get();
  script_options.data_folder = options.data_folder;
  script_options.edits = options.edits_scripts;
  script_options.cache = &cache;
  HostDayOptions day_options;
  day_options.max_rows = plan.answer_rows;
  const auto days = keep_days(options.data_folder, interfaces_of(*watched), std::move(day_options));
  script_options.days = days.get();
  EventLog event_log(plan.event_bytes, seconds_since_1970);
  script_options.events = &event_log;
  script_options.folder = scripts_folder(options);
  script_options.memory_limit_bytes = plan.script_bytes;
  auto scripts = ScriptRunner::open(script_options, questions);
  if (!scripts) return refused(scripts.error());
  (*scripts)->set_health_part("events", [&event_log] { return event_log.statistics(); });
  show_in_health(**scripts, cache, **client, names->get(), days.get(), hosts.get());
  show_collectors(**scripts, *watched);
  if (const FlowOutlets* exports = outlets->get(); exports != nullptr)
    (*scripts)->set_health_part("exports", [exports] { return exports->statistics(); });
  auto assets = console_assets(options);
  if (!assets) return refused(assets.error());
  auto server = HttpServer::start(http_options(options), **scripts, **assets);
  if (!server) return refused(server.error());

  if (hosts != nullptr) hosts->keeper().start();
  if (*outlets != nullptr) (*outlets)->start();
  // What is told is kept from now on, and goes to those who listen at once.
  (void)cache.messages(kEvents, 0, 0);
  const EventTap tap(cache, kEvents, event_log, [&] { (*server)->refresh(kEvents); });
  std::vector<std::unique_ptr<CaptureThread>> threads = start_capture(*watched, options);
  const auto tell = [&cache](const Value& event) { cache.publish(kEvents, to_json(event)); };
  std::vector<std::unique_ptr<CollectThread>> collectors =
      start_collecting(*watched, options, tell);
  auto cron = std::make_unique<Cron>(**scripts, CronOptions{});
  greet(*watched, **server, is_reachable, first_start.asks());
  std::vector<bool> reported(watched->size());
  MonitorEnd end;
  end.port = (*server)->port();
  constexpr std::chrono::milliseconds kLook{200};
  while (!stop.wait(kLook) && !end.restart) {
    report_ends(*watched, reported);
    keep_templates(*watched);
    if (stop.take_reload()) reload(*watched, **places, options.tables);
    // It ends a look later: who asked for it is answered by then.
    end.restart = first_start.asks_for_restart();
  }
  (*client)->close();
  (*server)->stop();
  // Nobody asks any more what ends now.
  cron.reset();
  threads.clear();
  collectors.clear();
  keep_templates(*watched, true);
  write_today(days.get());
  const bool is_kept = hosts != nullptr && hosts->outlives_weir();
  if (is_kept || *outlets != nullptr) finish(*watched);
  outlets->reset();
  keep_hosts(*watched, *specs, hosts.get());
  return end;
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
// What scripts cost: a call of each kind, an answer, a check of a thousand hosts, and a run by
// itself, with a state of the pool and the naive way, with a fresh one for each request. Read the
// ratios.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cache/sqlite_cache.h"
#include "query/test_traffic.h"
#include "script/script_runner.h"
#include "script/test_script_folder.h"

namespace {

using namespace weir;  // NOLINT(google-build-using-namespace): this file is about nothing else

constexpr uint32_t kHosts = 1000;

std::vector<test_traffic::Sent> crowd() {
  std::vector<test_traffic::Sent> packets;
  for (uint32_t i = 0; i < kHosts; ++i) {
    packets.push_back(
        {.source = "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1),
         .destination = "192.0.2.1",
         .source_port = static_cast<uint16_t>(1024 + i),
         .destination_port = 53});
  }
  return packets;
}

struct World {
  std::unique_ptr<Interface> eth0 = test_traffic::watch("eth0", crowd());
  LiveQuestions questions = test_traffic::questions_about({eth0.get()});
  std::unique_ptr<SqliteCache> cache =
      *SqliteCache::open({.file = "", .commit_after = {}, .now = {}});
  ScriptFolder folder;

  World() {
    std::filesystem::copy(WEIR_SOURCE_DIR "/scripts", folder.path(),
                          std::filesystem::copy_options::recursive);
  }

  [[nodiscard]] std::unique_ptr<ScriptRunner> open() const {
    return *ScriptRunner::open({.folder = folder.path(), .on_error = {}, .cache = cache.get()},
                               questions);
  }
};

// One line of Lua, a thousand times in a run: items are its calls.
void call(benchmark::State& state, const std::string& line) {
  constexpr int kCalls = 1000;
  World world;
  world.folder.write("pages/bench.lua",
                     "for i = 1, " + std::to_string(kCalls) + " do " + line + " end");
  const auto runner = world.open();
  for (auto _ : state) {
    const ScriptResponse answer = runner->run({"bench", "", {}, "pages"});
    if (answer.status != 200) state.SkipWithError("the script failed");
  }
  state.SetItemsProcessed(state.iterations() * kCalls);
}
BENCHMARK_CAPTURE(call, nothing, "");
BENCHMARK_CAPTURE(call, interface_get, "interface.get('eth0')");
BENCHMARK_CAPTURE(call, interface_host, "interface.host('10.0.0.1')");
BENCHMARK_CAPTURE(call, get_cache, "ntop.getCache('key')");
BENCHMARK_CAPTURE(call, set_cache, "ntop.setCache('key', 'value', 60)");
BENCHMARK_CAPTURE(call, get_preference, "ntop.getPref('theme')");
BENCHMARK_CAPTURE(call, json_encode, "json.encode({ a = 1, b = 'c' })");

void run(benchmark::State& state, const ScriptRequest& request) {
  World world;
  world.folder.write("pages/empty.lua", "");
  world.folder.write("checks/host/busy.lua",
                     "columns = { 'bytes' } function check(host) return host.bytes > 1e9 end");
  const auto runner = world.open();
  for (auto _ : state) {
    const ScriptResponse answer = runner->run(request);
    if (answer.status != 200) state.SkipWithError("the script failed");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(run, empty, ScriptRequest{"empty", "", {}, "pages"});
BENCHMARK_CAPTURE(run, hosts_100, ScriptRequest{"hosts", "", {}});
BENCHMARK_CAPTURE(run, check_of_1000_hosts, ScriptRequest{"busy", "", {}, "checks/host"});

// The naive way: a state for each request, and all scripts compiled again.
void run_fresh(benchmark::State& state, const ScriptRequest& request) {
  World world;
  world.folder.write("pages/empty.lua", "");
  for (auto _ : state) {
    const ScriptResponse answer = world.open()->run(request);
    if (answer.status != 200) state.SkipWithError("the script failed");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(run_fresh, empty, ScriptRequest{"empty", "", {}, "pages"});
BENCHMARK_CAPTURE(run_fresh, hosts_100, ScriptRequest{"hosts", "", {}});

}  // namespace

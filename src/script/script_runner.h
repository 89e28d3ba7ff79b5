// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/value.h"
#include "cache/cache.h"
#include "query/event_log.h"
#include "query/host_days.h"
#include "query/questions.h"
#include "query/setup.h"
#include "script/script_outlets.h"
#include "script/script_response.h"

namespace weir {

struct ScriptOptions {
  // Has rest/NAME.lua (one per REST resource), put/NAME.lua and delete/NAME.lua (of those resources
  // that can be changed), pages/NAME.lua (other answers: pages of a user's
  // own, metrics), cron/PERIOD/NAME.lua and checks/ENTITY/NAME.lua (see Cron) and lib/NAME.lua
  // (what `require` finds).
  std::string folder;
  size_t memory_limit_bytes = size_t{256} << 20;  // of one Lua state, enforced by its allocator
  std::chrono::milliseconds cpu_limit{5000};      // CPU time of one run, questions included
  std::chrono::milliseconds wall_limit{30'000};
  // Where errors in scripts go: one line, script and line number included. Called from any thread
  // that runs scripts. Empty: log_error().
  std::function<void(const std::string&)> on_error;
  std::string data_folder{};  // for ntop.getDirs(); empty: none
  bool edits = false;         // those of put/ and delete/ may write and remove scripts
  ScriptOutlets outlets{};
  Cache* cache = nullptr;    // what scripts remember; must outlive the runner. Null: nothing
  HostDays* days = nullptr;  // the hosts of past days; must outlive the runner. Null: none
  Setup* setup = nullptr;    // what people may answer; must outlive the runner. Null: nothing
  const EventLog* events = nullptr;  // what was told lately; must outlive the runner. Null: none
};

// Query parameters, decoded, each name once.
using Parameters = std::vector<std::pair<std::string, std::string>>;

struct ScriptRequest {
  std::string resource;  // the NAME of GROUP/NAME.lua
  std::string path;  // what follows the resource, without the slash: "10.0.0.1"; empty: the list
  Parameters parameters;       // `_GET` in the script
  std::string group = "rest";  // or another of kScriptKinds
  std::string body{};          // `_BODY` in the script
};

struct ScriptStatistics {
  uint64_t runs = 0;
  uint64_t errors = 0;       // runs that ended in an error in the script (answered with 500)
  uint64_t load_errors = 0;  // versions of a file that could not be read or did not compile
};

// Runs the scripts that make answers. A script sees plain copies of what `Questions` answers,
// never engine memory. A changed file is used from the next run on; one that does not compile is
// reported once and its last good version stays. Each run has its own global variables; a state
// that ended in an error is thrown away. Thread-safe: any thread may run; each run has a Lua state
// of its own from a pool that grows to the number of threads.
class ScriptRunner {
 public:
  // `questions` must outlive the runner. Error: the folder is not there or has no rest/.
  static Result<std::unique_ptr<ScriptRunner>> open(ScriptOptions options,
                                                    const Questions& questions);
  ~ScriptRunner();
  ScriptRunner(const ScriptRunner&) = delete;
  ScriptRunner& operator=(const ScriptRunner&) = delete;

  // Never fails: no such resource is a 404, an error in the script a 500, both as
  // application/problem+json. The 500 says nothing about the script; on_error gets that.
  [[nodiscard]] ScriptResponse run(const ScriptRequest& request);

  // The names of GROUP/*.lua as they are in the folder now, sorted.
  [[nodiscard]] std::vector<std::string> scripts(std::string_view group) const;

  // Lets another part of the program add a member to what `ntop.health()` answers (HTTP adds
  // "http"). Replaces an earlier one of that name; an empty function takes it away and returns only
  // when no run uses it any more. `figures` is called from any thread that runs scripts.
  void set_health_part(const std::string& name, std::function<Value()> figures);

  [[nodiscard]] ScriptStatistics statistics() const;

 private:
  class Impl;
  explicit ScriptRunner(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir

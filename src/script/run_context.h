// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cache/cache.h"
#include "fetch/http_client.h"
#include "query/completion.h"
#include "query/event_log.h"
#include "query/host_days.h"
#include "query/questions.h"
#include "script/health_parts.h"
#include "script/script_figures.h"
#include "script/script_files.h"
#include "script/script_response.h"
#include "script/script_runner.h"

struct lua_State;

namespace weir {

// What scripts can reach. All of it outlives the states; all of it is thread-safe.
struct ScriptWorld {
  ScriptFiles& files;
  const Questions& questions;
  const HealthParts& health_parts;
  const ScriptFigures& figures;
  const ScriptOptions& options;  // without empty functions
};

// What the C functions of one Lua state share. An error in Lua may leave a C function without
// running destructors, so whatever owns memory while Lua is called lives here and not on the C
// stack. Owner: the thread that runs the state.
struct RunContext {
  explicit RunContext(const ScriptWorld& world)
      : files(world.files),
        questions(world.questions),
        health_parts(world.health_parts),
        figures(world.figures),
        options(world.options),
        cache(world.options.cache),
        days(world.options.days) {}

  ScriptFiles& files;
  const Questions& questions;
  const HealthParts& health_parts;
  const ScriptFigures& figures;
  const ScriptOptions& options;
  Cache* cache;    // null: none
  HostDays* days;  // null: none

  size_t memory_limit = 0;
  size_t memory_used = 0;
  bool out_of_memory = false;

  std::chrono::nanoseconds cpu_deadline{0};   // of this thread's CPU clock
  std::chrono::nanoseconds wall_deadline{0};  // of the monotonic clock
  bool out_of_time = false;
  size_t lines_said = 0;    // by ntop.log and ntop.syslog
  bool may_change = false;  // what outlives the request, which had the token
  bool may_edit = false;    // scripts

  ScriptResponse response;
  std::map<std::string, uint64_t, std::less<>> chunk_versions;  // what the state has compiled

  // Scratch.
  std::shared_ptr<const ScriptText> script;
  ListRequest list;
  CompletionRequest completion;
  EventCountsRequest event_counts;
  SetupChange setup;
  std::optional<OutgoingRequest> outgoing;
  std::optional<Answer> answer;
  Value value;
  std::optional<std::string> found;
  std::string text;
  std::vector<std::string_view> keys;
};

// The context of a state made by LuaState.
[[nodiscard]] RunContext& run_context(lua_State* state);

}  // namespace weir

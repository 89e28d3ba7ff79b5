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
#include "query/questions.h"
#include "script/health_parts.h"
#include "script/script_files.h"
#include "script/script_response.h"

struct lua_State;

namespace weir {

// What the C functions of one Lua state share. An error in Lua may leave a C function without
// running destructors, so whatever owns memory while Lua is called lives here and not on the C
// stack. Owner: the thread that runs the state.
struct RunContext {
  RunContext(ScriptFiles& script_files, const Questions& questions_to_ask, const HealthParts& parts,
             Cache* what_is_kept)
      : files(script_files),
        questions(questions_to_ask),
        health_parts(parts),
        cache(what_is_kept) {}

  ScriptFiles& files;
  const Questions& questions;
  const HealthParts& health_parts;
  Cache* cache;  // null: none

  size_t memory_limit = 0;
  size_t memory_used = 0;
  bool out_of_memory = false;

  std::chrono::nanoseconds cpu_deadline{0};   // of this thread's CPU clock
  std::chrono::nanoseconds wall_deadline{0};  // of the monotonic clock
  bool out_of_time = false;

  ScriptResponse response;
  std::map<std::string, uint64_t, std::less<>> chunk_versions;  // what the state has compiled

  // Scratch.
  std::shared_ptr<const ScriptText> script;
  ListRequest list;
  std::optional<Answer> answer;
  Value value;
  std::optional<std::string> found;
  std::string text;
  std::vector<std::string_view> keys;
};

// The context of a state made by LuaState.
[[nodiscard]] RunContext& run_context(lua_State* state);

}  // namespace weir

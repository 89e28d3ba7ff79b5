// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "script/lua_limits.h"
#include "script/run_context.h"
#include "script/script_runner.h"

struct lua_State;

namespace weir {

// Why a run gave no answer.
struct RunError {
  enum class Kind { kMissing, kOutOfMemory, kOutOfTime, kFailed } kind = Kind::kFailed;
  std::string message;  // for the log: "rest/hosts.lua:12: attempt to ..."
};

// One Lua state with the sandbox: base functions without load, dofile, getfenv and the like; string
// without dump; table, math, bit; json, interface, ntop, print, sendHTTPHeader, require. No os, io,
// ffi, debug, package, jit, coroutine. Memory is capped by the allocator, CPU time by a hook; the
// compiler is off so that the hook fires (README.md). Owner: one thread at a time.
class LuaState {
 public:
  struct Limits {
    size_t memory_bytes;
    TimeLimits time;
  };

  // Null when the memory limit is too small even for an empty state.
  static std::unique_ptr<LuaState> make(const ScriptWorld& world, Limits limits);
  ~LuaState();
  LuaState(const LuaState&) = delete;
  LuaState& operator=(const LuaState&) = delete;

  // Runs GROUP/RESOURCE.lua. After an error other than kMissing the state must not be used again.
  [[nodiscard]] Result<ScriptResponse, RunError> run(const ScriptRequest& request);

 private:
  LuaState(const ScriptWorld& world, Limits limits);
  [[nodiscard]] RunError error_of(int status);
  void collect();

  RunContext context_;
  const Limits limits_;
  lua_State* state_ = nullptr;
};

}  // namespace weir

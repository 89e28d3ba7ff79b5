// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_limits.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include <lua.hpp>

#include "script/run_context.h"

namespace weir {
namespace {

constexpr int kInstructionsBetweenChecks = 10'000;
// A function on fewer elements or bytes is over before one could look at the clock.
constexpr size_t kLong = 4096;

std::chrono::nanoseconds time_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

constexpr const char* kOver = "over its limit of time";

// As a hook: `where` is the line that runs.
void check_time(lua_State* state, lua_Debug* where);

// From now on the hook is called at each instruction.
void end_run(lua_State* state) {
  lua_sethook(state, check_time, LUA_MASKCOUNT, 1);
}

void check_time(lua_State* state, lua_Debug* where) {
  if (!is_out_of_time(state)) return;
  end_run(state);
  lua_getinfo(state, "Sl", where);
  lua_pushfstring(state, "%s:%d: %s", where->short_src, where->currentline, kOver);
  lua_error(state);
}

// The upvalue is the function.
int charged(lua_State* state) {
  const bool is_long = lua_objlen(state, 1) >= kLong;
  lua_pushvalue(state, lua_upvalueindex(1));
  lua_insert(state, 1);
  lua_call(state, lua_gettop(state) - 1, LUA_MULTRET);
  const bool gives_long = lua_gettop(state) > 0 && lua_objlen(state, 1) >= kLong;
  if ((is_long || gives_long) && is_out_of_time(state)) raise_out_of_time(state);
  return lua_gettop(state);
}

void charge(lua_State* state, const char* library, std::initializer_list<const char*> names) {
  lua_getglobal(state, library);
  for (const char* name : names) {
    lua_getfield(state, -1, name);
    lua_pushcclosure(state, charged, 1);
    lua_setfield(state, -2, name);
  }
  lua_pop(state, 1);
}

}  // namespace

void start_time_limit(lua_State* state, TimeLimits limits) {
  RunContext& context = run_context(state);
  context.out_of_time = false;
  context.lines_said = 0;
  context.cpu_deadline = time_of(CLOCK_THREAD_CPUTIME_ID) + limits.cpu;
  context.wall_deadline = time_of(CLOCK_MONOTONIC) + limits.wall;
  lua_sethook(state, check_time, LUA_MASKCOUNT, kInstructionsBetweenChecks);
}

std::chrono::milliseconds time_left(lua_State* state) {
  const auto left = run_context(state).wall_deadline - time_of(CLOCK_MONOTONIC);
  return std::max(std::chrono::milliseconds(0),
                  std::chrono::duration_cast<std::chrono::milliseconds>(left));
}

bool is_out_of_time(lua_State* state) {
  RunContext& context = run_context(state);
  context.out_of_time = context.out_of_time ||
                        time_of(CLOCK_THREAD_CPUTIME_ID) >= context.cpu_deadline ||
                        time_of(CLOCK_MONOTONIC) >= context.wall_deadline;
  return context.out_of_time;
}

void raise_out_of_time(lua_State* state) {
  end_run(state);
  luaL_error(state, kOver);
  std::abort();  // luaL_error does not return, which its declaration does not say
}

void charge_long_functions(lua_State* state) {
  charge(state, "table", {"insert", "remove", "concat", "sort"});
  charge(state, "string", {"rep", "reverse", "lower", "upper", "byte", "format"});
}

}  // namespace weir

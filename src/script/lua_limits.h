// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

struct lua_State;

namespace weir {

// How long one run of a script may take.
struct TimeLimits {
  std::chrono::nanoseconds cpu;   // of the thread, so that a busy machine makes no script fail
  std::chrono::nanoseconds wall;  // for those that wait
};

// The limit holds from now on. The hook of the state asks for the time every some thousand
// instructions; what does much in one instruction asks by itself.
void start_time_limit(lua_State* state, TimeLimits limits);

// What the run has left by the clock on the wall; not below zero.
[[nodiscard]] std::chrono::milliseconds time_left(lua_State* state);

// Whether the time of the run is over. Once it is, it stays so.
[[nodiscard]] bool is_out_of_time(lua_State* state);
// Raises; every further instruction does so too, so that a loop around pcall cannot go on.
[[noreturn]] void raise_out_of_time(lua_State* state);

// Functions of the standard library whose work grows with their arguments look at the time after
// long ones. REQUIRES: a protected call.
void charge_long_functions(lua_State* state);

}  // namespace weir

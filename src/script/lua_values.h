// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>

#include "base/value.h"

struct lua_State;
struct luaL_Reg;

namespace weir {

// All functions here may raise a Lua error (memory, a value that JSON cannot say) and so run only
// below a protected call.

// Makes the metatable that marks arrays and the global table `json`:
//   json.encode(value) -> string   members sorted by name; what is no JSON value (a function) is an
//                                  error
//   json.decode(text)  -> value    or nil and what is wrong; null is json.null
//   json.array(table)  -> table    marks it, so that it is [] and not {} when empty
//   json.null                      null inside arrays
void open_json(lua_State* state);

// Gives the global table of that name these functions, too.
void add_functions(lua_State* state, const char* table, std::span<const luaL_Reg> functions);

// Pushes a copy: objects and arrays are tables (arrays marked), null is json.null. Integers become
// Lua numbers, which are doubles: exact up to 2^53 (a petabyte counter of 9.007e15 bytes), rounded
// above.
void push_value(lua_State* state, const Value& value);

// What a function of ours returns of the RunContext: its value, which is gone then, or nil and its
// text, which says why there is none. The number of results.
int push_answer(lua_State* state, bool is_answered);

// Appends the Lua value at `index` as JSON.
void append_json(std::string& out, lua_State* state, int index);

}  // namespace weir

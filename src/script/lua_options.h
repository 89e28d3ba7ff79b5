// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

struct lua_State;

namespace weir {

// What functions that ask questions share. All of them may raise a Lua error and so run only below
// a protected call. What they read is kept in the state's RunContext or in what the caller keeps
// there.

// The text at `index`; valid while it is on the stack. REQUIRES: it is a string or a number.
[[nodiscard]] std::string_view string_at(lua_State* state, int index);

// Raises unless there is a table at `index` whose members all have one of the names.
void check_options(lua_State* state, int index, std::initializer_list<std::string_view> known);
// Each leaves `out` as it is where the table at `index` has no such member, and raises where it is
// of another kind.
void read_text(lua_State* state, int index, const char* name, std::string& out);
void read_count(lua_State* state, int index, const char* name, size_t& out);
// A list of texts: adds them to `out`.
void read_names(lua_State* state, int index, const char* name, std::vector<std::string>& out);
// The options of a list: RunContext::list.
void read_list_options(lua_State* state, int index);

// Pushes what RunContext::answer holds, or nil and {kind, message, parameter, column}, and gives
// its memory back before the script goes on. Returns how many values that are.
[[nodiscard]] int push_answer(lua_State* state);

}  // namespace weir

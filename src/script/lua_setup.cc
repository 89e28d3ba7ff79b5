// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_setup.h"

#include <string>
#include <vector>

#include <lua.hpp>

#include "query/setup.h"
#include "script/lua_options.h"
#include "script/lua_values.h"
#include "script/run_context.h"

namespace weir {
namespace {

QueryError refusal(const char* message) {
  return {QueryError::Kind::kBadParameter, "", message, 0};
}

bool has_member(lua_State* state, int index, const char* name) {
  lua_getfield(state, index, name);
  const bool is_there = !lua_isnil(state, -1);
  lua_pop(state, 1);
  return is_there;
}

void read_list(lua_State* state, const char* name, std::optional<std::vector<std::string>>& out) {
  if (!has_member(state, 1, name)) return;
  out.emplace();
  read_names(state, 1, name, *out);
}

// What owns memory lies in the context: reading may raise.
void read_change(lua_State* state, SetupChange& change) {
  check_options(state, 1, {"interfaces", "local", "resolve"});
  change = SetupChange{};
  read_list(state, "interfaces", change.interfaces);
  read_list(state, "local", change.local);
  if (!has_member(state, 1, "resolve")) return;
  change.resolve.emplace();
  read_text(state, 1, "resolve", *change.resolve);
}

int setup(lua_State* state) {
  RunContext& context = run_context(state);
  if (context.options.setup == nullptr) {
    lua_pushnil(state);
    return 1;
  }
  context.value = context.options.setup->state();
  return push_answer(state, true);
}

int change_setup(lua_State* state) {
  RunContext& context = run_context(state);
  read_change(state, context.setup);
  if (!context.may_change) {
    context.answer.emplace(refusal("only scripts of put/ and delete/ may change it"));
  } else if (context.options.setup == nullptr) {
    context.answer.emplace(refusal("there are no questions here"));
  } else {
    context.answer.emplace(context.options.setup->change(context.setup));
  }
  return push_answer(state);
}

}  // namespace

void open_setup(lua_State* state) {
  static constexpr luaL_Reg kFunctions[] = {{"setup", setup}, {"changeSetup", change_setup}};
  add_functions(state, "ntop", kFunctions);
}

}  // namespace weir

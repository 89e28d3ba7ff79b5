// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_services.h"

#include <string>
#include <string_view>
#include <utility>

#include <lua.hpp>

#include "script/lua_values.h"
#include "script/run_context.h"
#include "script/script_kinds.h"

namespace weir {
namespace {

int list_scripts(lua_State* state) {
  size_t size = 0;
  const char* group = luaL_checklstring(state, 1, &size);
  if (!is_script_name({group, size})) luaL_error(state, "ntop.scripts: no name of a folder");
  Value& names = run_context(state).value;
  names = Value(Value::Array{});
  for (std::string& name : run_context(state).files.names({group, size}))
    names.push(std::move(name));
  push_value(state, names);
  names = {};
  return 1;
}

// "last good": the newest version does not compile, and the one before it is used.
std::string_view state_name(const ScriptFileState& state) {
  if (state.problem.empty()) return "good";
  return state.is_usable ? "last good" : "broken";
}

Value state_of(std::string_view group, const std::string& name, const ScriptFileState& state,
               const ScriptRuns& runs) {
  const std::string script = std::string(group) + "/" + name;
  Value row;
  row.set("script", script);
  row.set("kind", group);
  row.set("name", name);
  row.set("file", script + ".lua");
  row.set("state", state_name(state));
  if (!state.problem.empty()) row.set("error", state.problem);
  if (!state.about.empty()) row.set("about", state.about);
  row.set("changed", state.changed);
  row.set("runs", runs.runs);
  row.set("errors", runs.errors);
  row.set("last_ms", runs.last_ms);
  row.set("longest_ms", runs.longest_ms);
  row.set("total_ms", runs.total_ms);
  if (!runs.last_error.empty()) row.set("last_error", runs.last_error);
  return row;
}

int list_states(lua_State* state) {
  RunContext& context = run_context(state);
  context.value = Value(Value::Array{});
  for (const ScriptKind& kind : kScriptKinds) {
    const std::string group(kind.group);
    for (const std::string& name : context.files.names(group)) {
      const auto found = context.files.state(group, name);
      if (!found) continue;
      context.value.push(state_of(group, name, *found, context.figures.of(group + "/" + name)));
    }
  }
  return push_answer(state, true);
}

}  // namespace

void open_services(lua_State* state) {
  static constexpr luaL_Reg kFunctions[] = {{"scripts", list_scripts},
                                            {"scriptStates", list_states}};
  add_functions(state, "ntop", kFunctions);
}

}  // namespace weir

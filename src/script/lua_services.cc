// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_services.h"

#include <string_view>

#include <lua.hpp>

#include "script/lua_values.h"
#include "script/run_context.h"

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

}  // namespace

void open_services(lua_State* state) {
  lua_getglobal(state, "ntop");
  lua_pushcfunction(state, list_scripts);
  lua_setfield(state, -2, "scripts");
  lua_pop(state, 1);
}

}  // namespace weir

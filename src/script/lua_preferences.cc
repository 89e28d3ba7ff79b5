// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_preferences.h"

#include <string>
#include <string_view>
#include <utility>

#include <lua.hpp>

#include "cache/cache.h"
#include "script/lua_values.h"
#include "script/run_context.h"

namespace weir {
namespace {

constexpr lua_Integer kUsualNames = 1000;

Cache& cache_of(lua_State* state) {
  Cache* cache = run_context(state).cache;
  if (cache == nullptr) luaL_error(state, "there is no cache here");
  return *cache;
}

int list_names(lua_State* state) {
  const lua_Integer limit = luaL_optinteger(state, 1, kUsualNames);
  luaL_argcheck(state, limit >= 0, 1, "is negative");
  Cache& cache = cache_of(state);
  Value& names = run_context(state).value;
  names = Value(Value::Array{});
  for (std::string& name : cache.preference_names(static_cast<size_t>(limit)))
    names.push(std::move(name));
  push_value(state, names);
  names = {};
  return 1;
}

int erase(lua_State* state) {
  size_t size = 0;
  const char* name = luaL_checklstring(state, 1, &size);
  std::string& problem = run_context(state).text;
  problem.clear();
  if (auto gone = cache_of(state).erase_preference({name, size}); !gone.ok())
    problem = gone.error().message;
  if (!problem.empty()) luaL_error(state, "ntop.delPref: %s", problem.c_str());
  return 0;
}

}  // namespace

void open_preferences(lua_State* state) {
  lua_getglobal(state, "ntop");
  lua_pushcfunction(state, list_names);
  lua_setfield(state, -2, "prefNames");
  lua_pushcfunction(state, erase);
  lua_setfield(state, -2, "delPref");
  lua_pop(state, 1);
}

}  // namespace weir

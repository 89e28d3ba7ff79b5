// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_globals.h"

#include <algorithm>

#include <lua.hpp>

#include "script/run_context.h"

namespace weir {
namespace {

constexpr const char* kGlobals = "weir.globals";  // metatable of each script's own globals
constexpr const char* kChunks = "weir.chunks";    // chunk name -> function
// Function of a module -> what it returned. Weak: it goes when a new version takes the function's
// place.
constexpr const char* kModules = "weir.modules";

void open_library(lua_State* state, lua_CFunction open, const char* name) {
  lua_pushcfunction(state, open);
  lua_pushstring(state, name);
  lua_call(state, 1, 0);
}

// LuaJIT's base library opens coroutine and leaves much else; only these stay.
void keep_base_functions(lua_State* state) {
  static constexpr const char* kAllowed[] = {
      "assert",   "error",  "getmetatable", "ipairs", "next",     "pairs",        "pcall",
      "rawequal", "rawget", "rawset",       "select", "tostring", "setmetatable", "tonumber",
      "type",     "unpack", "xpcall",       "string", "table",    "math",         "bit"};
  lua_newtable(state);
  for (const char* name : kAllowed) {
    lua_getglobal(state, name);
    lua_setfield(state, -2, name);
  }
  lua_replace(state, LUA_GLOBALSINDEX);
}

void harden_strings(lua_State* state) {
  lua_getglobal(state, "string");
  lua_pushnil(state);
  lua_setfield(state, -2, "dump");
  lua_pop(state, 1);
  lua_pushstring(state, "");
  lua_getmetatable(state, -1);
  lua_pushboolean(state, 0);
  lua_setfield(state, -2, "__metatable");
  lua_pop(state, 2);
}

int print(lua_State* state) {
  RunContext& context = run_context(state);
  const int count = lua_gettop(state);
  for (int i = 1; i <= count; ++i) {
    size_t size = 0;
    const char* text = luaL_checklstring(state, i, &size);
    std::string& body = context.response.body;
    if (size > context.memory_limit - std::min(context.memory_limit, body.size())) {
      luaL_error(state, "the answer is longer than the memory of a script");
    }
    body.append(text, size);
  }
  return 0;
}

int send_http_header(lua_State* state) {
  size_t size = 0;
  const char* type = luaL_checklstring(state, 1, &size);
  const auto status = luaL_optinteger(state, 2, 200);
  const std::string_view text(type, size);
  // As a plain char a byte above 0x7f is negative on some processors only.
  const auto is_refused = [](unsigned char c) { return c < 0x20 || c >= 0x7f; };
  if (std::any_of(text.begin(), text.end(), is_refused)) {
    luaL_error(state, "sendHTTPHeader: a control character or no ASCII in the content type");
  }
  if (status < 200 || status > 599)
    luaL_error(state, "sendHTTPHeader: the status is not in 200 to 599");
  run_context(state).response.content_type.assign(text);
  run_context(state).response.status = static_cast<int>(status);
  return 0;
}

// Modules are run once per version and state. `false` stands for one that is just being loaded.
int require(lua_State* state) {
  size_t size = 0;
  const char* text = luaL_checklstring(state, 1, &size);
  lua_settop(state, 1);
  push_script(state, "lib", {text, size});
  lua_getfield(state, LUA_REGISTRYINDEX, kModules);  // 1 name, 2 function, 3 modules
  lua_pushvalue(state, 2);
  lua_rawget(state, 3);
  if (lua_isboolean(state, -1)) luaL_error(state, "require: %s needs itself", text);
  if (!lua_isnil(state, -1)) return 1;
  lua_pushvalue(state, 2);
  lua_pushboolean(state, 0);
  lua_rawset(state, 3);
  lua_pushvalue(state, 2);
  lua_call(state, 0, 1);
  if (!lua_istable(state, -1)) luaL_error(state, "require: %s returns no table", text);
  lua_pushvalue(state, 2);
  lua_pushvalue(state, -2);
  lua_rawset(state, 3);
  return 1;
}

void set_own_globals(lua_State* state) {
  lua_newtable(state);
  lua_getfield(state, LUA_REGISTRYINDEX, kGlobals);
  lua_setmetatable(state, -2);
  lua_setfenv(state, -2);
}

// Pushes the function of context.script, compiled now if the state has another version or none.
void push_compiled(lua_State* state) {
  RunContext& context = run_context(state);
  const ScriptText& script = *context.script;
  lua_getfield(state, LUA_REGISTRYINDEX, kChunks);
  const auto known = context.chunk_versions.find(script.chunk_name);
  if (known != context.chunk_versions.end() && known->second == script.version) {
    lua_getfield(state, -1, script.chunk_name.c_str());
    lua_remove(state, -2);
    return;
  }
  context.text.assign("@").append(script.chunk_name);
  if (luaL_loadbufferx(state, script.text.data(), script.text.size(), context.text.c_str(), "t") !=
      0)
    lua_error(state);
  lua_pushvalue(state, -1);
  lua_setfield(state, -3, script.chunk_name.c_str());
  lua_remove(state, -2);
  context.chunk_versions.insert_or_assign(script.chunk_name, script.version);
}

}  // namespace

void open_globals(lua_State* state) {
  open_library(state, luaopen_base, "");
  open_library(state, luaopen_string, LUA_STRLIBNAME);
  open_library(state, luaopen_table, LUA_TABLIBNAME);
  open_library(state, luaopen_math, LUA_MATHLIBNAME);
  open_library(state, luaopen_bit, LUA_BITLIBNAME);
  keep_base_functions(state);
  harden_strings(state);
  lua_pushcfunction(state, print);
  lua_setglobal(state, "print");
  lua_pushcfunction(state, send_http_header);
  lua_setglobal(state, "sendHTTPHeader");
  lua_pushcfunction(state, require);
  lua_setglobal(state, "require");

  lua_newtable(state);
  lua_pushvalue(state, LUA_GLOBALSINDEX);
  lua_setfield(state, -2, "__index");
  lua_pushboolean(state, 0);
  lua_setfield(state, -2, "__metatable");
  lua_setfield(state, LUA_REGISTRYINDEX, kGlobals);
  lua_newtable(state);
  lua_setfield(state, LUA_REGISTRYINDEX, kChunks);
  lua_newtable(state);
  lua_newtable(state);
  lua_pushstring(state, "k");
  lua_setfield(state, -2, "__mode");
  lua_setmetatable(state, -2);
  lua_setfield(state, LUA_REGISTRYINDEX, kModules);
}

void set_request_globals(lua_State* state, const ScriptRequest& request) {
  lua_createtable(state, 0, static_cast<int>(request.parameters.size()));
  for (const auto& [name, value] : request.parameters) {
    lua_pushlstring(state, name.data(), name.size());
    lua_pushlstring(state, value.data(), value.size());
    lua_rawset(state, -3);
  }
  lua_setglobal(state, "_GET");
  lua_pushlstring(state, request.path.data(), request.path.size());
  lua_setglobal(state, "_PATH");
  lua_pushlstring(state, request.body.data(), request.body.size());
  lua_setglobal(state, "_BODY");
  // What older scripts set, and `require` does not ask.
  lua_createtable(state, 0, 1);
  lua_pushliteral(state, "");
  lua_setfield(state, -2, "path");
  lua_setglobal(state, "package");
}

void push_script(lua_State* state, std::string_view group, std::string_view name) {
  RunContext& context = run_context(state);
  auto found = context.files.get(group, name);
  if (!found.ok()) {
    context.text.assign(group).append("/").append(name).append(
        ".lua: no such script, or it never compiled");
    lua_pushlstring(state, context.text.data(), context.text.size());
    lua_error(state);
  }
  context.script = *std::move(found);
  push_compiled(state);
  // A module keeps the globals it was loaded with; a resource gets fresh ones for each run.
  set_own_globals(state);
}

}  // namespace weir

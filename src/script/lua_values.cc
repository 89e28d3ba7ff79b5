// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_values.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <lua.hpp>

#include "base/json_reader.h"
#include "script/run_context.h"

namespace weir {
namespace {

constexpr int kMaxDepth = 64;
constexpr const char* kArrayMark = "weir.array";

void append_any(std::string& out, lua_State* state, int index, int depth);

void mark_array(lua_State* state) {
  lua_getfield(state, LUA_REGISTRYINDEX, kArrayMark);
  lua_setmetatable(state, -2);
}

bool is_marked_array(lua_State* state, int index) {
  if (lua_getmetatable(state, index) == 0) return false;
  lua_getfield(state, LUA_REGISTRYINDEX, kArrayMark);
  const bool marked = lua_rawequal(state, -1, -2) != 0;
  lua_pop(state, 2);
  return marked;
}

void append_number(std::string& out, double number) {
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (!std::isfinite(number)) {
    out += "null";
  } else if (number == std::floor(number) && std::abs(number) <= kExact) {
    out += fmt::format("{}", static_cast<int64_t>(number));
  } else {
    out += fmt::format("{}", number);
  }
}

void append_array(std::string& out, lua_State* state, int index, int depth) {
  out += '[';
  const auto size = static_cast<int>(lua_objlen(state, index));
  for (int i = 1; i <= size; ++i) {
    if (i > 1) out += ',';
    lua_rawgeti(state, index, i);
    append_any(out, state, lua_gettop(state), depth + 1);
    lua_pop(state, 1);
  }
  out += ']';
}

// The names lie in the table's own strings, which live as long as nothing changes the table.
void collect_keys(lua_State* state, int index) {
  RunContext& context = run_context(state);
  lua_pushnil(state);
  while (lua_next(state, index) != 0) {
    lua_pop(state, 1);
    if (lua_type(state, -1) != LUA_TSTRING) {
      luaL_error(state, "json.encode: a table has members that are named by a %s",
                 luaL_typename(state, -1));
    }
    size_t size = 0;
    const char* name = lua_tolstring(state, -1, &size);
    context.keys.emplace_back(name, size);
  }
}

void append_object(std::string& out, lua_State* state, int index, int depth) {
  std::vector<std::string_view>& keys = run_context(state).keys;
  const size_t first = keys.size();
  collect_keys(state, index);
  std::sort(keys.begin() + static_cast<std::ptrdiff_t>(first), keys.end());
  out += '{';
  const size_t end = keys.size();
  for (size_t i = first; i < end; ++i) {
    if (i > first) out += ',';
    append_json_string(out, keys[i]);
    out += ':';
    lua_pushlstring(state, keys[i].data(), keys[i].size());
    lua_rawget(state, index);
    append_any(out, state, lua_gettop(state), depth + 1);
    lua_pop(state, 1);
  }
  out += '}';
  keys.resize(first);
}

void append_any(std::string& out, lua_State* state, int index, int depth) {
  if (depth > kMaxDepth) luaL_error(state, "json.encode: deeper than %d levels", kMaxDepth);
  luaL_checkstack(state, 8, "json.encode");
  switch (lua_type(state, index)) {
    case LUA_TNIL:
    case LUA_TLIGHTUSERDATA:
      out += "null";
      return;
    case LUA_TBOOLEAN:
      out += lua_toboolean(state, index) != 0 ? "true" : "false";
      return;
    case LUA_TNUMBER:
      append_number(out, lua_tonumber(state, index));
      return;
    case LUA_TSTRING: {
      size_t size = 0;
      const char* text = lua_tolstring(state, index, &size);
      append_json_string(out, {text, size});
      return;
    }
    case LUA_TTABLE:
      if (is_marked_array(state, index) || lua_objlen(state, index) > 0) {
        append_array(out, state, index, depth);
      } else {
        append_object(out, state, index, depth);
      }
      return;
    default:
      luaL_error(state, "json.encode: a %s is no JSON value", luaL_typename(state, index));
  }
}

int json_encode(lua_State* state) {
  luaL_checkany(state, 1);
  RunContext& context = run_context(state);
  context.text.clear();
  context.keys.clear();
  append_json(context.text, state, 1);
  lua_pushlstring(state, context.text.data(), context.text.size());
  return 1;
}

int json_array(lua_State* state) {
  luaL_checktype(state, 1, LUA_TTABLE);
  lua_settop(state, 1);
  mark_array(state);
  return 1;
}

void push_array(lua_State* state, const Value::Array& array) {
  lua_createtable(state, static_cast<int>(array.size()), 0);
  int position = 0;
  for (const Value& element : array) {
    push_value(state, element);
    lua_rawseti(state, -2, ++position);
  }
  mark_array(state);
}

void push_object(lua_State* state, const Value::Object& object) {
  lua_createtable(state, 0, static_cast<int>(object.size()));
  for (const auto& [name, member] : object) {
    lua_pushlstring(state, name.data(), name.size());
    push_value(state, member);
    lua_rawset(state, -3);
  }
}

// The parsed value lies in the context: an error in Lua would skip its destructor.
int json_decode(lua_State* state) {
  size_t size = 0;
  const char* text = luaL_checklstring(state, 1, &size);
  RunContext& context = run_context(state);
  context.text.clear();
  if (Result<Value> parsed = parse_json({text, size}); parsed.ok()) {
    context.value = *std::move(parsed);
  } else {
    context.text = parsed.error().message;
  }
  return push_answer(state, context.text.empty());
}

}  // namespace

void add_functions(lua_State* state, const char* table, std::span<const luaL_Reg> functions) {
  lua_getglobal(state, table);
  for (const auto& [name, function] : functions) {
    lua_pushcfunction(state, function);
    lua_setfield(state, -2, name);
  }
  lua_pop(state, 1);
}

void open_json(lua_State* state) {
  lua_newtable(state);
  lua_pushboolean(state, 0);
  lua_setfield(state, -2, "__metatable");
  lua_setfield(state, LUA_REGISTRYINDEX, kArrayMark);
  lua_newtable(state);
  lua_pushcfunction(state, json_encode);
  lua_setfield(state, -2, "encode");
  lua_pushcfunction(state, json_decode);
  lua_setfield(state, -2, "decode");
  lua_pushcfunction(state, json_array);
  lua_setfield(state, -2, "array");
  lua_pushlightuserdata(state, nullptr);
  lua_setfield(state, -2, "null");
  lua_setglobal(state, "json");
}

void push_value(lua_State* state, const Value& value) {
  luaL_checkstack(state, 8, "answer");
  if (const auto* boolean = value.as<bool>()) {
    lua_pushboolean(state, *boolean ? 1 : 0);
  } else if (const auto* natural = value.as<uint64_t>()) {
    lua_pushnumber(state, static_cast<double>(*natural));
  } else if (const auto* integer = value.as<int64_t>()) {
    lua_pushnumber(state, static_cast<double>(*integer));
  } else if (const auto* real = value.as<double>()) {
    lua_pushnumber(state, *real);
  } else if (const auto* text = value.as<std::string>()) {
    lua_pushlstring(state, text->data(), text->size());
  } else if (const auto* array = value.as<Value::Array>()) {
    push_array(state, *array);
  } else if (const auto* object = value.as<Value::Object>()) {
    push_object(state, *object);
  } else {
    lua_pushlightuserdata(state, nullptr);
  }
}

int push_answer(lua_State* state, bool is_answered) {
  RunContext& context = run_context(state);
  if (!is_answered) {
    lua_pushnil(state);
    lua_pushlstring(state, context.text.data(), context.text.size());
    return 2;
  }
  push_value(state, context.value);
  context.value = {};
  return 1;
}

void append_json(std::string& out, lua_State* state, int index) {
  append_any(out, state, index, 0);
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_cache.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include <lua.hpp>

#include "cache/cache.h"
#include "script/lua_values.h"
#include "script/run_context.h"

namespace weir {
namespace {

constexpr lua_Integer kUsualLength = 1000;

Cache& cache_of(lua_State* state) {
  Cache* cache = run_context(state).cache;
  if (cache == nullptr) luaL_error(state, "there is no cache here");
  return *cache;
}

std::string_view text_at(lua_State* state, int index) {
  size_t size = 0;
  const char* text = luaL_checklstring(state, index, &size);
  return {text, size};
}

size_t length_at(lua_State* state, int index) {
  const lua_Integer length = luaL_optinteger(state, index, kUsualLength);
  luaL_argcheck(state, length >= 0, index, "is negative");
  return static_cast<size_t>(length);
}

// Pushes what the context's answer holds and gives its memory back before the script goes on.
int push_found(lua_State* state) {
  auto& found = run_context(state).found;
  if (found) {
    lua_pushlstring(state, found->data(), found->size());
  } else {
    lua_pushnil(state);
  }
  found.reset();
  return 1;
}

int get(lua_State* state) {
  run_context(state).found = cache_of(state).get(text_at(state, 1));
  return push_found(state);
}

int set(lua_State* state) {
  const std::string_view key = text_at(state, 1);
  const std::string_view value = text_at(state, 2);
  const lua_Integer seconds = luaL_optinteger(state, 3, 0);
  luaL_argcheck(state, seconds >= 0, 3, "is negative");
  cache_of(state).set(key, value, std::chrono::seconds(seconds));
  return 0;
}

int erase(lua_State* state) {
  cache_of(state).erase(text_at(state, 1));
  return 0;
}

int push(lua_State* state) {
  const std::string_view list = text_at(state, 1);
  const std::string_view value = text_at(state, 2);
  const size_t keep = length_at(state, 3);
  cache_of(state).push(list, value, keep);
  return 0;
}

int range(lua_State* state) {
  const std::string_view list = text_at(state, 1);
  const size_t limit = length_at(state, 2);
  Cache& cache = cache_of(state);
  Value& elements = run_context(state).value;
  elements = Value(Value::Array{});
  for (std::string& element : cache.newest(list, limit)) elements.push(std::move(element));
  push_value(state, elements);
  elements = {};
  return 1;
}

int pop(lua_State* state) {
  run_context(state).found = cache_of(state).take_oldest(text_at(state, 1));
  return push_found(state);
}

int publish(lua_State* state) {
  const std::string_view channel = text_at(state, 1);
  const std::string_view message = text_at(state, 2);
  cache_of(state).publish(channel, message);
  return 0;
}

int messages(lua_State* state) {
  const std::string_view channel = text_at(state, 1);
  const lua_Integer after = luaL_optinteger(state, 2, 0);
  luaL_argcheck(state, after >= 0, 2, "is negative");
  const size_t limit = length_at(state, 3);
  Cache& cache = cache_of(state);
  Value& found = run_context(state).value;
  found = Value(Value::Array{});
  for (CacheMessage& message : cache.messages(channel, static_cast<uint64_t>(after), limit)) {
    found.push(Value::Object{{"number", message.number}, {"text", std::move(message.text)}});
  }
  push_value(state, found);
  found = {};
  return 1;
}

int get_preference(lua_State* state) {
  run_context(state).found = cache_of(state).preference(text_at(state, 1));
  return push_found(state);
}

int set_preference(lua_State* state) {
  const std::string_view name = text_at(state, 1);
  const std::string_view value = text_at(state, 2);
  std::string& problem = run_context(state).text;
  problem.clear();
  if (auto kept = cache_of(state).set_preference(name, value); !kept.ok())
    problem = kept.error().message;
  if (!problem.empty()) luaL_error(state, "ntop.setPref: %s", problem.c_str());
  return 0;
}

int erase_preference(lua_State* state) {
  std::string& problem = run_context(state).text;
  problem.clear();
  if (auto gone = cache_of(state).erase_preference(text_at(state, 1)); !gone.ok())
    problem = gone.error().message;
  if (!problem.empty()) luaL_error(state, "ntop.delPref: %s", problem.c_str());
  return 0;
}

int list_preferences(lua_State* state) {
  const lua_Integer limit = luaL_optinteger(state, 1, kUsualLength);
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

}  // namespace

void open_cache(lua_State* state) {
  static constexpr luaL_Reg kFunctions[] = {{"getCache", get},
                                            {"setCache", set},
                                            {"delCache", erase},
                                            {"lpushCache", push},
                                            {"lrangeCache", range},
                                            {"lpopCache", pop},
                                            {"getPref", get_preference},
                                            {"setPref", set_preference},
                                            {"publishCache", publish},
                                            {"messagesCache", messages},
                                            {"delPref", erase_preference},
                                            {"prefNames", list_preferences}};
  add_functions(state, "ntop", kFunctions);
}

}  // namespace weir

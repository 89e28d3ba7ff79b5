// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_options.h"

#include <cmath>
#include <optional>

#include <lua.hpp>

#include "script/lua_values.h"
#include "script/run_context.h"

namespace weir {
namespace {

void push_error(lua_State* state, const QueryError& error) {
  lua_createtable(state, 0, 4);
  lua_pushstring(state, error.kind == QueryError::Kind::kNotFound ? "not_found" : "bad_parameter");
  lua_setfield(state, -2, "kind");
  lua_pushlstring(state, error.message.data(), error.message.size());
  lua_setfield(state, -2, "message");
  if (!error.parameter.empty()) {
    lua_pushlstring(state, error.parameter.data(), error.parameter.size());
    lua_setfield(state, -2, "parameter");
  }
  if (error.column > 0) {
    lua_pushinteger(state, error.column);
    lua_setfield(state, -2, "column");
  }
}

// An optional member of the table at `index`; leaves it on the stack.
bool has_option(lua_State* state, int index, const char* name, int type) {
  lua_getfield(state, index, name);
  if (lua_isnil(state, -1)) return false;
  if (lua_type(state, -1) != type)
    luaL_error(state, "option %s is a %s", name, luaL_typename(state, -1));
  return true;
}

void read_order(lua_State* state, int index, bool& descending) {
  if (has_option(state, index, "order", LUA_TSTRING)) {
    const std::string_view order = string_at(state, -1);
    if (order != "asc" && order != "desc")
      luaL_error(state, "option order is neither asc nor desc");
    descending = order == "desc";
  }
  lua_pop(state, 1);
}

void read_flag(lua_State* state, int index, const char* name, bool& out) {
  if (has_option(state, index, name, LUA_TBOOLEAN)) out = lua_toboolean(state, -1) != 0;
  lua_pop(state, 1);
}

}  // namespace

std::string_view string_at(lua_State* state, int index) {
  size_t size = 0;
  const char* text = lua_tolstring(state, index, &size);
  return {text, size};
}

int push_answer(lua_State* state) {
  std::optional<Answer>& answer = run_context(state).answer;
  int results = 1;
  if (answer->ok()) {
    push_value(state, answer->value());
  } else {
    lua_pushnil(state);
    push_error(state, answer->error());
    results = 2;
  }
  answer.reset();
  return results;
}

void check_options(lua_State* state, int index, std::initializer_list<std::string_view> known) {
  luaL_checktype(state, index, LUA_TTABLE);
  lua_pushnil(state);
  while (lua_next(state, index) != 0) {
    lua_pop(state, 1);
    bool found = false;
    if (lua_type(state, -1) == LUA_TSTRING) {
      const std::string_view name = string_at(state, -1);
      for (const std::string_view candidate : known) found = found || candidate == name;
    }
    if (!found) {
      lua_pushvalue(state, -1);  // lua_tostring would change a number key under lua_next
      luaL_error(state, "there is no option %s", lua_tostring(state, -1));
    }
  }
}

void read_text(lua_State* state, int index, const char* name, std::string& out) {
  if (has_option(state, index, name, LUA_TSTRING)) out.assign(string_at(state, -1));
  lua_pop(state, 1);
}

void read_count(lua_State* state, int index, const char* name, size_t& out) {
  constexpr double kMax = 9007199254740992.0;
  if (has_option(state, index, name, LUA_TNUMBER)) {
    const double number = lua_tonumber(state, -1);
    if (!(number >= 0 && number <= kMax) || number != std::floor(number)) {
      luaL_error(state, "option %s is not a whole number", name);
    }
    out = static_cast<size_t>(number);
  }
  lua_pop(state, 1);
}

void read_names(lua_State* state, int index, const char* name, std::vector<std::string>& out) {
  if (has_option(state, index, name, LUA_TTABLE)) {
    const auto size = static_cast<int>(lua_objlen(state, -1));
    for (int i = 1; i <= size; ++i) {
      lua_rawgeti(state, -1, i);
      if (lua_type(state, -1) != LUA_TSTRING)
        luaL_error(state, "option %s is not a list of names", name);
      out.emplace_back(string_at(state, -1));
      lua_pop(state, 1);
    }
  }
  lua_pop(state, 1);
}

void read_list_options(lua_State* state, int index) {
  check_options(state, index,
                {"interface", "filter", "where", "sort", "order", "limit", "offset", "columns",
                 "group_by", "column_names"});
  ListRequest& list = run_context(state).list;
  list = ListRequest{};
  read_text(state, index, "interface", list.interface);
  read_text(state, index, "filter", list.filter);
  read_text(state, index, "where", list.where);
  read_text(state, index, "sort", list.sort);
  read_order(state, index, list.descending);
  read_count(state, index, "limit", list.limit);
  read_count(state, index, "offset", list.offset);
  read_names(state, index, "columns", list.columns);
  read_names(state, index, "group_by", list.group_by);
  read_flag(state, index, "column_names", list.has_column_names);
}

}  // namespace weir

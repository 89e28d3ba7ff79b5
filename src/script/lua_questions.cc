// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_questions.h"

#include <cmath>
#include <iterator>
#include <string_view>

#include <lua.hpp>

#include "script/lua_values.h"
#include "script/run_context.h"

namespace weir {
namespace {

using ListQuestion = Answer (*)(const Questions&, const ListRequest&);
using ItemQuestion = Answer (Questions::*)(std::string_view) const;

std::string_view string_at(lua_State* state, int index) {
  size_t size = 0;
  const char* text = lua_tolstring(state, index, &size);
  return {text, size};
}

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

// Pushes what the context's answer holds and gives its memory back before the script goes on.
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

// An optional member of the option table at 1; leaves it on the stack.
bool has_option(lua_State* state, const char* name, int type) {
  lua_getfield(state, 1, name);
  if (lua_isnil(state, -1)) return false;
  if (lua_type(state, -1) != type)
    luaL_error(state, "option %s is a %s", name, luaL_typename(state, -1));
  return true;
}

void read_text(lua_State* state, const char* name, std::string& out) {
  if (has_option(state, name, LUA_TSTRING)) out.assign(string_at(state, -1));
  lua_pop(state, 1);
}

void read_count(lua_State* state, const char* name, size_t& out) {
  constexpr double kMax = 9007199254740992.0;
  if (has_option(state, name, LUA_TNUMBER)) {
    const double number = lua_tonumber(state, -1);
    if (!(number >= 0 && number <= kMax) || number != std::floor(number)) {
      luaL_error(state, "option %s is not a whole number", name);
    }
    out = static_cast<size_t>(number);
  }
  lua_pop(state, 1);
}

void read_columns(lua_State* state, std::vector<std::string>& out) {
  if (has_option(state, "columns", LUA_TTABLE)) {
    const auto size = static_cast<int>(lua_objlen(state, -1));
    for (int i = 1; i <= size; ++i) {
      lua_rawgeti(state, -1, i);
      if (lua_type(state, -1) != LUA_TSTRING)
        luaL_error(state, "option columns is not a list of names");
      out.emplace_back(string_at(state, -1));
      lua_pop(state, 1);
    }
  }
  lua_pop(state, 1);
}

void read_order(lua_State* state, bool& descending) {
  if (has_option(state, "order", LUA_TSTRING)) {
    const std::string_view order = string_at(state, -1);
    if (order != "asc" && order != "desc")
      luaL_error(state, "option order is neither asc nor desc");
    descending = order == "desc";
  }
  lua_pop(state, 1);
}

void refuse_others(lua_State* state, std::initializer_list<std::string_view> known) {
  lua_pushnil(state);
  while (lua_next(state, 1) != 0) {
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

// The argument is the index of the question in a table below: an upvalue cannot hold a pointer to
// member.
template <Answer (Questions::*kQuestion)(const ListRequest&) const>
Answer ask_questions(const Questions& questions, const ListRequest& request) {
  return (questions.*kQuestion)(request);
}
template <GroupKind kKind>
Answer ask_groups(const Questions& questions, const ListRequest& request) {
  return questions.groups(kKind, request);
}
struct NamedList {
  const char* name;
  ListQuestion ask;
};
constexpr NamedList kListQuestions[] = {
    {"list", ask_questions<&Questions::interfaces>},
    {"hosts", ask_questions<&Questions::hosts>},
    {"flows", ask_questions<&Questions::flows>},
    {"applications", ask_questions<&Questions::applications>},
    {"transactions", ask_questions<&Questions::transactions>},
    {"countries", ask_groups<GroupKind::kCountry>},
    {"asns", ask_groups<GroupKind::kAs>},
    {"networks", ask_groups<GroupKind::kNetwork>},
    {"macs", ask_groups<GroupKind::kMac>},
    {"vlans", ask_groups<GroupKind::kVlan>},
    {"categories", ask_groups<GroupKind::kCategory>},
};
constexpr ItemQuestion kItemQuestions[] = {&Questions::interface, &Questions::host,
                                           &Questions::flow};

int ask_list(lua_State* state) {
  luaL_checktype(state, 1, LUA_TTABLE);
  refuse_others(state, {"interface", "filter", "sort", "order", "limit", "offset", "columns"});
  RunContext& context = run_context(state);
  context.list = ListRequest{};
  read_text(state, "interface", context.list.interface);
  read_text(state, "filter", context.list.filter);
  read_text(state, "sort", context.list.sort);
  read_order(state, context.list.descending);
  read_count(state, "limit", context.list.limit);
  read_count(state, "offset", context.list.offset);
  read_columns(state, context.list.columns);
  const auto which = static_cast<size_t>(lua_tointeger(state, lua_upvalueindex(1)));
  context.answer.emplace(kListQuestions[which].ask(context.questions, context.list));
  return push_answer(state);
}

int ask_item(lua_State* state) {
  luaL_checktype(state, 1, LUA_TSTRING);
  RunContext& context = run_context(state);
  const auto which = static_cast<size_t>(lua_tointeger(state, lua_upvalueindex(1)));
  context.answer.emplace((context.questions.*kItemQuestions[which])(string_at(state, 1)));
  return push_answer(state);
}

int ask_series(lua_State* state) {
  luaL_checktype(state, 1, LUA_TTABLE);
  refuse_others(state, {"interface", "seconds"});
  RunContext& context = run_context(state);
  context.text.clear();
  read_text(state, "interface", context.text);
  size_t seconds = 300;
  read_count(state, "seconds", seconds);
  context.answer.emplace(context.questions.series(context.text, seconds));
  return push_answer(state);
}

int ask_health(lua_State* state) {
  RunContext& context = run_context(state);
  context.answer.emplace(context.questions.health());
  if (context.answer->ok()) context.health_parts.add_to(context.answer->value());
  return push_answer(state);
}

void set_question(lua_State* state, const char* name, lua_CFunction function, int which = 0) {
  lua_pushinteger(state, which);
  lua_pushcclosure(state, function, 1);
  lua_setfield(state, -2, name);
}

}  // namespace

void open_questions(lua_State* state) {
  lua_newtable(state);
  for (size_t i = 0; i < std::size(kListQuestions); ++i)
    set_question(state, kListQuestions[i].name, ask_list, static_cast<int>(i));
  set_question(state, "get", ask_item, 0);
  set_question(state, "host", ask_item, 1);
  set_question(state, "flow", ask_item, 2);
  set_question(state, "series", ask_series);
  lua_setglobal(state, "interface");
  lua_newtable(state);
  set_question(state, "health", ask_health);
  lua_setglobal(state, "ntop");
}

}  // namespace weir

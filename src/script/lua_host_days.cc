// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_host_days.h"

#include <utility>

#include <lua.hpp>

#include "query/host_days.h"
#include "script/lua_options.h"
#include "script/lua_values.h"
#include "script/run_context.h"

namespace weir {
namespace {

constexpr lua_Integer kMaxDays = 36'500;

QueryError no_folder() {
  return {QueryError::Kind::kNotFound, "", "hosts of past days are kept with --data DIR", 0};
}

unsigned days_at(lua_State* state, int index) {
  const lua_Integer days = luaL_checkinteger(state, index);
  luaL_argcheck(state, days >= 0 && days <= kMaxDays, index, "is no number of days");
  return static_cast<unsigned>(days);
}

void dump_to_answer(RunContext& context, unsigned days_ago, unsigned keep) {
  auto day = context.days->dump(days_ago, keep);
  if (day.ok()) {
    context.answer.emplace(Value(*std::move(day)));
  } else {
    context.answer.emplace(
        QueryError{QueryError::Kind::kBadParameter, "", std::move(day).error().message, 0});
  }
}

int dump(lua_State* state) {
  const unsigned days_ago = days_at(state, 1);
  const unsigned keep = days_at(state, 2);
  RunContext& context = run_context(state);
  if (context.days == nullptr) {
    context.answer.emplace(no_folder());
  } else {
    dump_to_answer(context, days_ago, keep);
  }
  return push_answer(state);
}

int list_days(lua_State* state) {
  RunContext& context = run_context(state);
  if (context.days == nullptr) {
    context.answer.emplace(no_folder());
  } else {
    context.answer.emplace(context.days->days());
  }
  return push_answer(state);
}

int list_hosts(lua_State* state) {
  luaL_checktype(state, 1, LUA_TSTRING);
  read_list_options(state, 2);
  RunContext& context = run_context(state);
  if (context.days == nullptr) {
    context.answer.emplace(no_folder());
  } else {
    context.answer.emplace(context.days->hosts(string_at(state, 1), context.list));
  }
  return push_answer(state);
}

}  // namespace

void open_host_days(lua_State* state) {
  static constexpr luaL_Reg kFunctions[] = {
      {"dumpHosts", dump}, {"days", list_days}, {"dayHosts", list_hosts}};
  add_functions(state, "ntop", kFunctions);
}

}  // namespace weir

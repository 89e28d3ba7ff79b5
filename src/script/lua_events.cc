// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_events.h"

#include <utility>

#include <lua.hpp>

#include "script/lua_options.h"
#include "script/lua_values.h"
#include "script/run_context.h"

namespace weir {
namespace {

// What owns memory lies in the context: reading options may raise.
void read_request(lua_State* state, EventCountsRequest& request) {
  check_options(state, 1, {"by", "event", "seconds", "step", "limit"});
  request = EventCountsRequest{};
  read_text(state, 1, "by", request.by);
  read_text(state, 1, "event", request.event);
  size_t number = request.seconds;
  read_count(state, 1, "seconds", number);
  request.seconds = number;
  number = request.step;
  read_count(state, 1, "step", number);
  request.step = number;
  read_count(state, 1, "limit", request.limit);
}

void count(RunContext& context) {
  auto counts = context.options.events->counts(context.event_counts);
  if (counts.ok()) {
    context.answer.emplace(*std::move(counts));
  } else {
    context.answer.emplace(
        QueryError{QueryError::Kind::kBadParameter, "", std::move(counts).error().message, 0});
  }
}

int event_counts(lua_State* state) {
  RunContext& context = run_context(state);
  read_request(state, context.event_counts);
  if (context.options.events == nullptr) {
    context.answer.emplace(
        QueryError{QueryError::Kind::kNotFound, "", "events are not kept here", 0});
  } else {
    count(context);
  }
  return push_answer(state);
}

}  // namespace

void open_events(lua_State* state) {
  static constexpr luaL_Reg kFunctions[] = {{"eventCounts", event_counts}};
  add_functions(state, "ntop", kFunctions);
}

}  // namespace weir

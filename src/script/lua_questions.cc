// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_questions.h"

#include <iterator>
#include <string_view>

#include <lua.hpp>

#include "script/lua_options.h"
#include "script/run_context.h"

namespace weir {
namespace {

using ListQuestion = Answer (*)(const Questions&, const ListRequest&);
using ItemQuestion = Answer (*)(const Questions&, std::string_view key, std::string_view interface);

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
    {"exporters", ask_questions<&Questions::exporters>},
};
template <Answer (Questions::*kQuestion)(std::string_view) const>
Answer ask_one(const Questions& questions, std::string_view key, std::string_view /*interface*/) {
  return (questions.*kQuestion)(key);
}
template <Answer (Questions::*kQuestion)(const WantedHost&) const>
Answer ask_host(const Questions& questions, std::string_view key, std::string_view interface) {
  return (questions.*kQuestion)({key, interface});
}
struct NamedItem {
  const char* name;
  ItemQuestion ask;
};
constexpr NamedItem kItemQuestions[] = {
    {"get", ask_one<&Questions::interface>},
    {"host", ask_host<&Questions::host>},
    {"flow", ask_one<&Questions::flow>},
    {"archivedHost", ask_host<&Questions::archived_host>},
    {"hostRecord", ask_host<&Questions::host_record>},
    {"exporter", ask_one<&Questions::exporter>},
};

int ask_list(lua_State* state) {
  read_list_options(state, 1);
  RunContext& context = run_context(state);
  const auto which = static_cast<size_t>(lua_tointeger(state, lua_upvalueindex(1)));
  context.answer.emplace(kListQuestions[which].ask(context.questions, context.list));
  return push_answer(state);
}

int ask_item(lua_State* state) {
  luaL_checktype(state, 1, LUA_TSTRING);
  const bool has_interface = !lua_isnoneornil(state, 2);
  if (has_interface) luaL_checktype(state, 2, LUA_TSTRING);
  RunContext& context = run_context(state);
  const auto which = static_cast<size_t>(lua_tointeger(state, lua_upvalueindex(1)));
  context.answer.emplace(
      kItemQuestions[which].ask(context.questions, string_at(state, 1),
                                has_interface ? string_at(state, 2) : std::string_view()));
  return push_answer(state);
}

SeriesBy read_series_by(lua_State* state) {
  // No C++ object may live where Lua's error leaves.
  lua_getfield(state, 1, "by");
  const std::string_view by = lua_isnil(state, -1) ? "class" : string_at(state, -1);
  const bool is_known = by == "class" || by == "direction" || by == "application";
  if (!is_known) luaL_error(state, "by: \"class\", \"direction\" or \"application\"");
  lua_pop(state, 1);
  if (by == "application") return SeriesBy::kApplication;
  return by == "direction" ? SeriesBy::kDirection : SeriesBy::kClass;
}

int ask_series(lua_State* state) {
  check_options(state, 1, {"interface", "seconds", "by", "top"});
  RunContext& context = run_context(state);
  context.text.clear();
  read_text(state, 1, "interface", context.text);
  SeriesRequest request;
  read_count(state, 1, "seconds", request.seconds);
  read_count(state, 1, "top", request.top);
  request.by = read_series_by(state);
  request.interface = context.text;
  context.answer.emplace(context.questions.series(request));
  return push_answer(state);
}

int ask_completion(lua_State* state) {
  check_options(state, 1, {"text", "cursor", "list", "limit"});
  RunContext& context = run_context(state);
  context.completion = CompletionRequest{};
  read_text(state, 1, "text", context.completion.text);
  read_count(state, 1, "cursor", context.completion.cursor);
  read_text(state, 1, "list", context.completion.list);
  read_count(state, 1, "limit", context.completion.limit);
  context.answer.emplace(complete(context.questions, context.completion));
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
  for (size_t i = 0; i < std::size(kItemQuestions); ++i)
    set_question(state, kItemQuestions[i].name, ask_item, static_cast<int>(i));
  set_question(state, "series", ask_series);
  set_question(state, "complete", ask_completion);
  lua_setglobal(state, "interface");
  lua_newtable(state);
  set_question(state, "health", ask_health);
  lua_setglobal(state, "ntop");
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_outlets.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <lua.hpp>

#include "base/log.h"
#include "fetch/http_client.h"
#include "script/lua_limits.h"
#include "script/lua_options.h"
#include "script/lua_values.h"
#include "script/run_context.h"

namespace weir {
namespace {

constexpr size_t kMaxLineBytes = 1024;
constexpr size_t kMaxLines = 100;  // of one run

LogLevel level_at(lua_State* state, int index) {
  static constexpr const char* kNames[] = {"info", "warning", "error", nullptr};
  static constexpr LogLevel kLevels[] = {LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError};
  return kLevels[luaL_checkoption(state, index, nullptr, kNames)];
}

// Whether one more may be said in this run.
bool may_say(RunContext& context) {
  if (context.lines_said == kMaxLines)
    context.options.outlets.log(
        LogLevel::kWarning, "a script says more than 100 lines in one run: the rest is left out");
  return context.lines_said++ < kMaxLines;
}

int say(lua_State* state, const std::function<void(LogLevel, const std::string&)>& tell) {
  const LogLevel level = level_at(state, 1);
  size_t size = 0;
  const char* text = luaL_checklstring(state, 2, &size);
  RunContext& context = run_context(state);
  if (!may_say(context)) return 0;
  context.text.assign(text, std::min(size, kMaxLineBytes));
  tell(level, context.text);
  return 0;
}

int log(lua_State* state) {
  return say(state, run_context(state).options.outlets.log);
}

int syslog(lua_State* state) {
  return say(state, run_context(state).options.outlets.syslog);
}

void read_headers(lua_State* state, int index, OutgoingRequest& request) {
  lua_getfield(state, index, "headers");
  if (!lua_isnil(state, -1)) {
    luaL_checktype(state, -1, LUA_TTABLE);
    lua_pushnil(state);
    while (lua_next(state, -2) != 0) {
      if (lua_type(state, -2) != LUA_TSTRING || lua_type(state, -1) != LUA_TSTRING)
        luaL_error(state, "option headers is not a table of texts by name");
      request.headers.emplace_back(string_at(state, -2), string_at(state, -1));
      lua_pop(state, 1);
    }
  }
  lua_pop(state, 1);
}

// What the run has left, or less where the script says so.
void read_time(lua_State* state, int index, OutgoingRequest& request) {
  request.time = time_left(state);
  lua_getfield(state, index, "timeout");
  if (!lua_isnil(state, -1)) {
    const double seconds = luaL_checknumber(state, -1);
    constexpr double kMost = 3600;
    if (!(seconds > 0 && seconds <= kMost)) luaL_error(state, "option timeout is no time");
    const std::chrono::duration<double> asked(seconds);
    request.time =
        std::min(request.time, std::chrono::duration_cast<std::chrono::milliseconds>(asked));
  }
  lua_pop(state, 1);
}

// The answer is in the context's value, or why there is none in its text.
bool ask(RunContext& context) {
  HttpClient* client = context.options.outlets.client;
  if (client == nullptr) {
    context.text = "nothing is allowed: weir was started without --allow-url";
    return false;
  }
  auto answer = client->ask(*context.outgoing);
  if (!answer) {
    context.text = answer.error().message;
    return false;
  }
  context.value = Value::Object{{"status", int64_t{answer->status}},
                                {"type", std::move(answer->content_type)},
                                {"body", std::move(answer->body)}};
  return true;
}

int http_request(lua_State* state) {
  check_options(state, 1, {"url", "method", "body", "type", "headers", "timeout"});
  RunContext& context = run_context(state);
  OutgoingRequest& request = context.outgoing.emplace();
  read_text(state, 1, "url", request.url);
  read_text(state, 1, "method", request.method);
  read_text(state, 1, "body", request.body);
  read_text(state, 1, "type", request.content_type);
  read_headers(state, 1, request);
  read_time(state, 1, request);
  const bool is_answered = ask(context);
  context.outgoing.reset();
  if (is_out_of_time(state)) raise_out_of_time(state);
  return push_answer(state, is_answered);
}

Value folders_of(const ScriptOptions& options) {
  const std::filesystem::path scripts = options.folder;
  Value folders{
      Value::Object{{"installdir", scripts.parent_path().string()}, {"scripts", options.folder}}};
  if (!options.data_folder.empty()) folders.set("data", options.data_folder);
  return folders;
}

int folders(lua_State* state) {
  RunContext& context = run_context(state);
  context.value = folders_of(context.options);
  return push_answer(state, true);
}

}  // namespace

void open_outlets(lua_State* state) {
  static constexpr luaL_Reg kFunctions[] = {
      {"log", log}, {"syslog", syslog}, {"httpRequest", http_request}, {"getDirs", folders}};
  add_functions(state, "ntop", kFunctions);
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_script_texts.h"

#include <algorithm>
#include <string>
#include <string_view>

#include <lua.hpp>

#include "script/lua_options.h"
#include "script/lua_values.h"
#include "script/run_context.h"
#include "script/script_kinds.h"

namespace weir {
namespace {

constexpr size_t kMaxScriptsOfAKind = 1000;

struct ScriptPath {
  std::string_view group;  // "" : there is no such kind
  std::string_view name;
};

// Of "cron/second/talkers".
ScriptPath script_at(lua_State* state, int index) {
  size_t size = 0;
  const char* text = luaL_checklstring(state, index, &size);
  const std::string_view path(text, size);
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  const ScriptPath found{path.substr(0, slash), path.substr(slash + 1)};
  const auto is_it = [&](const ScriptKind& kind) { return kind.group == found.group; };
  const bool is_known = std::any_of(kScriptKinds.begin(), kScriptKinds.end(), is_it);
  return is_known && is_script_name(found.name) ? found : ScriptPath{};
}

int push_refusal(lua_State* state, std::string_view message, const char* parameter = nullptr) {
  lua_settop(state, 0);
  lua_pushnil(state);
  lua_createtable(state, 0, 2);
  lua_pushlstring(state, message.data(), message.size());
  lua_setfield(state, -2, "message");
  if (parameter != nullptr) {
    lua_pushstring(state, parameter);
    lua_setfield(state, -2, "parameter");
  }
  return 2;
}

// What happened to a file; the Result lies in the context's text by now.
int push_outcome(lua_State* state) {
  const std::string& problem = run_context(state).text;
  if (!problem.empty()) return push_refusal(state, problem);
  lua_pushboolean(state, 1);
  return 1;
}

void note(RunContext& context, const Result<void>& done) {
  context.text = done ? std::string() : done.error().message;
}

bool is_full(const RunContext& context, const ScriptPath& path) {
  const auto names = context.files.names(path.group);
  return names.size() >= kMaxScriptsOfAKind &&
         !std::binary_search(names.begin(), names.end(), path.name);
}

int edits(lua_State* state) {
  lua_pushboolean(state, run_context(state).options.edits ? 1 : 0);
  return 1;
}

int text(lua_State* state) {
  const ScriptPath path = script_at(state, 1);
  RunContext& context = run_context(state);
  context.found.reset();
  if (!path.group.empty()) context.found = context.files.text(path.group, path.name);
  if (context.found) {
    lua_pushlstring(state, context.found->data(), context.found->size());
  } else {
    lua_pushnil(state);
  }
  context.found.reset();
  return 1;
}

int save(lua_State* state) {
  const ScriptPath path = script_at(state, 1);
  size_t size = 0;
  const char* text = luaL_checklstring(state, 2, &size);
  RunContext& context = run_context(state);
  if (!context.may_edit) return push_refusal(state, "scripts cannot be changed here");
  if (path.group.empty()) return push_refusal(state, "there is no such kind of script", "script");
  if (size > ScriptFiles::kMaxFileBytes) return push_refusal(state, "it is too long", "text");
  if (is_full(context, path)) return push_refusal(state, "there are 1000 of that kind already");
  context.text.assign("@").append(path.group).append("/").append(path.name).append(".lua");
  if (luaL_loadbufferx(state, text, size, context.text.c_str(), "t") != 0) {
    context.text = string_at(state, -1);
    return push_refusal(state, context.text, "text");
  }
  note(context, context.files.save(path.group, path.name, {text, size}));
  return push_outcome(state);
}

int erase(lua_State* state) {
  const ScriptPath path = script_at(state, 1);
  RunContext& context = run_context(state);
  if (!context.may_edit) return push_refusal(state, "scripts cannot be changed here");
  if (path.group.empty()) return push_refusal(state, "there is no such kind of script", "script");
  note(context, context.files.remove(path.group, path.name));
  return push_outcome(state);
}

}  // namespace

void open_script_texts(lua_State* state) {
  static constexpr luaL_Reg kFunctions[] = {
      {"editsScripts", edits}, {"scriptText", text}, {"saveScript", save}, {"deleteScript", erase}};
  add_functions(state, "ntop", kFunctions);
}

}  // namespace weir

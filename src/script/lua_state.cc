// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_state.h"

#include <cstdlib>
#include <utility>

#include <lua.hpp>

#include "script/lua_cache.h"
#include "script/lua_events.h"
#include "script/lua_globals.h"
#include "script/lua_host_days.h"
#include "script/lua_outlets.h"
#include "script/lua_questions.h"
#include "script/lua_script_texts.h"
#include "script/lua_services.h"
#include "script/lua_setup.h"
#include "script/lua_strings.h"
#include "script/lua_values.h"
#include "script/script_kinds.h"

namespace weir {
namespace {

// A state that has grown is cleaned at once instead of waiting for the collector's pace with an
// answer's garbage in it.
constexpr size_t kCollectAboveBytes = size_t{8} << 20;

void* allocate(void* user_data, void* block, size_t old_size, size_t new_size) {
  auto& context = *static_cast<RunContext*>(user_data);
  if (new_size == 0) {
    std::free(block);
    context.memory_used -= old_size;
    return nullptr;
  }
  if (new_size > old_size && new_size - old_size > context.memory_limit - context.memory_used) {
    context.out_of_memory = true;
    return nullptr;
  }
  void* moved = std::realloc(block, new_size);
  if (moved != nullptr) context.memory_used = context.memory_used - old_size + new_size;
  return moved;
}

int open_all(lua_State* state) {
  open_globals(state);
  open_strings(state);
  charge_long_functions(state);
  open_json(state);
  open_questions(state);
  open_services(state);
  open_cache(state);
  open_host_days(state);
  open_events(state);
  open_outlets(state);
  open_script_texts(state);
  open_setup(state);
  return 0;
}

// A check's file only says what it looks for. lib/checks.lua asks it: ask(ENTITY, NAME, its global
// variables). At the top of the stack: the function of the file.
void run_check(lua_State* state, std::string_view entity, const std::string& name) {
  lua_getfenv(state, -1);
  lua_insert(state, -2);
  lua_call(state, 0, 0);
  lua_getglobal(state, "require");
  lua_pushliteral(state, "checks");
  lua_call(state, 1, 1);
  lua_getfield(state, -1, "ask");
  lua_pushlstring(state, entity.data(), entity.size());
  lua_pushlstring(state, name.data(), name.size());
  lua_pushvalue(state, -5);
  lua_call(state, 3, 0);
}

int run_request(lua_State* state) {
  const auto& request = *static_cast<const ScriptRequest*>(lua_touserdata(state, 1));
  lua_settop(state, 0);
  set_request_globals(state, request);
  push_script(state, request.group, request.resource);
  const std::string_view entity = checked_entity(request.group);
  if (entity.empty()) {
    lua_call(state, 0, 0);
  } else {
    run_check(state, entity, request.resource);
  }
  return 0;
}

}  // namespace

RunContext& run_context(lua_State* state) {
  void* user_data = nullptr;
  lua_getallocf(state, &user_data);
  return *static_cast<RunContext*>(user_data);
}

LuaState::LuaState(const ScriptWorld& world, Limits limits) : context_(world), limits_(limits) {
  context_.memory_limit = limits.memory_bytes;
}

std::unique_ptr<LuaState> LuaState::make(const ScriptWorld& world, Limits limits) {
  std::unique_ptr<LuaState> made(new LuaState(world, limits));
  made->state_ = lua_newstate(allocate, &made->context_);
  if (made->state_ == nullptr) return nullptr;
  luaJIT_setmode(made->state_, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);
  if (lua_cpcall(made->state_, open_all, nullptr) != 0) return nullptr;
  return made;
}

LuaState::~LuaState() {
  if (state_ != nullptr) lua_close(state_);
}

Result<ScriptResponse, RunError> LuaState::run(const ScriptRequest& request) {
  const auto script = context_.files.get(request.group, request.resource);
  if (!script.ok() && script.error() == ScriptFileError::kMissing) {
    return RunError{RunError::Kind::kMissing, "no such script"};
  }
  context_.response = ScriptResponse{};
  context_.may_change = request.group == "put" || request.group == "delete";
  context_.may_edit = context_.options.edits && context_.may_change;
  context_.out_of_memory = false;
  start_time_limit(state_, limits_.time);
  const int status = lua_cpcall(state_, run_request, const_cast<ScriptRequest*>(&request));
  context_.script.reset();
  if (status != 0) return error_of(status);
  // A script that swallowed the error with pcall has still used up its limit.
  if (context_.out_of_time) return RunError{RunError::Kind::kOutOfTime, "over its limit of time"};
  if (context_.memory_used > kCollectAboveBytes) collect();
  return std::move(context_.response);
}

// Outside a protected call: the collector may allocate (a smaller string table), and a refusal
// would end the process.
void LuaState::collect() {
  context_.memory_limit = SIZE_MAX;
  lua_gc(state_, LUA_GCCOLLECT, 0);
  context_.memory_limit = limits_.memory_bytes;
}

RunError LuaState::error_of(int status) {
  const bool is_text = lua_type(state_, -1) == LUA_TSTRING;
  std::string message = is_text ? lua_tostring(state_, -1) : "an error that is no text";
  auto kind = RunError::Kind::kFailed;
  if (context_.out_of_time) kind = RunError::Kind::kOutOfTime;
  if (status == LUA_ERRMEM) kind = RunError::Kind::kOutOfMemory;
  return {kind, std::move(message)};
}

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_strings.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include <lua.hpp>

#include "script/lua_limits.h"
#include "script/lua_pattern.h"
#include "script/lua_values.h"

namespace weir {
namespace {

using Outcome = LuaPattern::Outcome;

std::string_view check_text(lua_State* state, int index) {
  size_t size = 0;
  const char* text = luaL_checklstring(state, index, &size);
  return {text, size};
}

bool may_go_on(void* state) {
  return !is_out_of_time(static_cast<lua_State*>(state));
}

const char* message_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kTooComplex:
      return "pattern too complex";
    case Outcome::kEndsWithPercent:
      return "malformed pattern (ends with '%')";
    case Outcome::kMissingBracket:
      return "malformed pattern (missing ']')";
    case Outcome::kMissingSet:
      return "missing '[' after '%f' in pattern";
    case Outcome::kMissingBalance:
      return "unbalanced pattern";
    case Outcome::kTooManyCaptures:
      return "too many captures";
    case Outcome::kInvalidReference:
      return "invalid capture index";
    case Outcome::kUnfinishedCapture:
      return "unfinished capture";
    default:
      return "invalid pattern capture";
  }
}

// Whether it matches at `at`; what ends the search is raised.
bool matches(lua_State* state, LuaPattern& pattern, size_t at) {
  const Outcome outcome = pattern.match(at);
  if (outcome == Outcome::kOutOfTime) raise_out_of_time(state);
  if (outcome != Outcome::kMatch && outcome != Outcome::kNoMatch)
    luaL_error(state, "%s", message_of(outcome));
  return outcome == Outcome::kMatch;
}

void push_capture(lua_State* state, const LuaPattern& pattern, std::string_view text, size_t i) {
  const LuaPattern::Capture& capture = pattern.capture(i);
  if (capture.length == LuaPattern::Capture::kPosition) {
    lua_pushinteger(state, static_cast<lua_Integer>(capture.begin) + 1);
  } else {
    lua_pushlstring(state, text.data() + capture.begin, capture.length);
  }
}

// Pushes all captures, or the whole match where there are none and `whole` is wanted.
int push_captures(lua_State* state, const LuaPattern& pattern, std::string_view text, size_t begin,
                  bool whole) {
  if (pattern.captures() == 0) {
    if (!whole) return 0;
    lua_pushlstring(state, text.data() + begin, pattern.end() - begin);
    return 1;
  }
  luaL_checkstack(state, static_cast<int>(pattern.captures()), "too many captures");
  for (size_t i = 0; i < pattern.captures(); ++i) push_capture(state, pattern, text, i);
  return static_cast<int>(pattern.captures());
}

// Takes a leading ^ off.
bool take_anchor(std::string_view& pattern) {
  if (pattern.empty() || pattern.front() != '^') return false;
  pattern.remove_prefix(1);
  return true;
}

// Where a search is to begin: from 1, or from the end where it is negative.
size_t start_of(lua_State* state, int index, size_t size) {
  auto start = static_cast<ptrdiff_t>(luaL_optinteger(state, index, 1));
  if (start < 0) start += static_cast<ptrdiff_t>(size) + 1;
  return start < 1 ? 0 : std::min(static_cast<size_t>(start) - 1, size);
}

int push_range(lua_State* state, size_t begin, size_t end) {
  lua_pushinteger(state, static_cast<lua_Integer>(begin) + 1);
  lua_pushinteger(state, static_cast<lua_Integer>(end));
  return 2;
}

int find_plain(lua_State* state, std::string_view text, std::string_view wanted, size_t start) {
  const void* found =
      memmem(text.data() + start, text.size() - start, wanted.data(), wanted.size());
  if (found == nullptr) {
    lua_pushnil(state);
    return 1;
  }
  const auto begin = static_cast<size_t>(static_cast<const char*>(found) - text.data());
  return push_range(state, begin, begin + wanted.size());
}

int find_or_match(lua_State* state, bool is_find) {
  const std::string_view text = check_text(state, 1);
  std::string_view wanted = check_text(state, 2);
  const size_t start = start_of(state, 3, text.size());
  const bool is_plain = is_find && (lua_toboolean(state, 4) != 0 ||
                                    wanted.find_first_of("^$*+?.([%-") == std::string_view::npos);
  if (is_plain) return find_plain(state, text, wanted, start);
  const bool is_anchored = take_anchor(wanted);
  LuaPattern pattern(text, wanted, may_go_on, state);
  for (size_t at = start; at <= text.size(); ++at) {
    if (matches(state, pattern, at)) {
      if (!is_find) return push_captures(state, pattern, text, at, true);
      return push_range(state, at, pattern.end()) + push_captures(state, pattern, text, at, false);
    }
    if (is_anchored) break;
  }
  lua_pushnil(state);
  return 1;
}

int find(lua_State* state) {
  return find_or_match(state, true);
}

int match(lua_State* state) {
  return find_or_match(state, false);
}

// Upvalues: text, pattern, where to go on. In gmatch "^" is a character like others.
int next_match(lua_State* state) {
  const std::string_view text = check_text(state, lua_upvalueindex(1));
  LuaPattern pattern(text, check_text(state, lua_upvalueindex(2)), may_go_on, state);
  for (auto at = static_cast<size_t>(lua_tointeger(state, lua_upvalueindex(3))); at <= text.size();
       ++at) {
    if (!matches(state, pattern, at)) continue;
    // After an empty match it goes on one character further.
    const size_t next = pattern.end() + (pattern.end() == at ? 1 : 0);
    lua_pushinteger(state, static_cast<lua_Integer>(next));
    lua_replace(state, lua_upvalueindex(3));
    return push_captures(state, pattern, text, at, true);
  }
  return 0;
}

int gmatch(lua_State* state) {
  check_text(state, 1);
  check_text(state, 2);
  lua_settop(state, 2);
  lua_pushinteger(state, 0);
  lua_pushcclosure(state, next_match, 3);
  return 1;
}

// A replacement text: %0 to %9 are the captures, %% is %.
void add_text(lua_State* state, luaL_Buffer& out, const LuaPattern& pattern, std::string_view text,
              size_t begin) {
  const std::string_view replacement = check_text(state, 3);
  for (size_t i = 0; i < replacement.size(); ++i) {
    const char c = replacement[i];
    if (c != '%') {
      luaL_addchar(&out, c);
      continue;
    }
    const char next = ++i < replacement.size() ? replacement[i] : '\0';
    const auto number = static_cast<size_t>(next - '0');
    if (next < '0' || next > '9') {
      luaL_addchar(&out, next);
    } else if (number == 0 || (number == 1 && pattern.captures() == 0)) {
      luaL_addlstring(&out, text.data() + begin, pattern.end() - begin);
    } else {
      if (number > pattern.captures()) luaL_error(state, "invalid capture index");
      push_capture(state, pattern, text, number - 1);
      luaL_addvalue(&out);
    }
  }
}

// Pushes what a table or a function makes of the match.
void push_replacement(lua_State* state, const LuaPattern& pattern, std::string_view text,
                      size_t begin) {
  if (lua_istable(state, 3)) {
    if (pattern.captures() == 0) {
      lua_pushlstring(state, text.data() + begin, pattern.end() - begin);
    } else {
      push_capture(state, pattern, text, 0);
    }
    lua_gettable(state, 3);
    return;
  }
  lua_pushvalue(state, 3);
  lua_call(state, push_captures(state, pattern, text, begin, true), 1);
}

void add_replacement(lua_State* state, luaL_Buffer& out, const LuaPattern& pattern,
                     std::string_view text, size_t begin) {
  if (lua_isstring(state, 3) != 0) return add_text(state, out, pattern, text, begin);
  push_replacement(state, pattern, text, begin);
  if (lua_toboolean(state, -1) == 0) {
    lua_pop(state, 1);
    luaL_addlstring(&out, text.data() + begin, pattern.end() - begin);
    return;
  }
  if (lua_isstring(state, -1) == 0)
    luaL_error(state, "invalid replacement value (a %s)", luaL_typename(state, -1));
  luaL_addvalue(&out);
}

int gsub(lua_State* state) {
  const std::string_view text = check_text(state, 1);
  std::string_view wanted = check_text(state, 2);
  const int type = lua_type(state, 3);
  luaL_argcheck(
      state,
      type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TTABLE || type == LUA_TFUNCTION, 3,
      "string/function/table expected");
  const auto most =
      static_cast<ptrdiff_t>(luaL_optinteger(state, 4, static_cast<lua_Integer>(text.size()) + 1));
  const bool is_anchored = take_anchor(wanted);
  LuaPattern pattern(text, wanted, may_go_on, state);
  luaL_Buffer out;
  luaL_buffinit(state, &out);
  ptrdiff_t count = 0;
  size_t at = 0;
  while (count < most) {
    const bool is_match = matches(state, pattern, at);
    if (is_match) {
      ++count;
      add_replacement(state, out, pattern, text, at);
    }
    if (is_match && pattern.end() > at) {
      at = pattern.end();
    } else if (at < text.size()) {
      luaL_addchar(&out, text[at++]);
    } else {
      break;
    }
    if (is_anchored) break;
  }
  luaL_addlstring(&out, text.data() + at, text.size() - at);
  luaL_pushresult(&out);
  lua_pushinteger(state, static_cast<lua_Integer>(count));
  return 2;
}

}  // namespace

void open_strings(lua_State* state) {
  static constexpr luaL_Reg kFunctions[] = {
      {"find", find}, {"match", match}, {"gmatch", gmatch}, {"gsub", gsub}};
  add_functions(state, "string", kFunctions);
  lua_getglobal(state, "string");
  lua_pushnil(state);
  lua_setfield(state, -2, "gfind");  // an old name of gmatch
  lua_pop(state, 1);
}

}  // namespace weir

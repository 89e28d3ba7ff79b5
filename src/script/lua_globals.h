// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "script/script_runner.h"

struct lua_State;

namespace weir {

// All functions here may raise a Lua error and so run only below a protected call.

// The sandbox (what is allowed is listed, the rest is not there) and print, sendHTTPHeader,
// require.
void open_globals(lua_State* state);

// `_GET` (a table of the parameters), `_PATH` and `_BODY` (text); `package.path`, a text that means
// nothing here, for scripts that add to it.
void set_request_globals(lua_State* state, const ScriptRequest& request);

// Pushes the compiled script GROUP/NAME.lua of the current version, with global variables of its
// own. Raises when there is none.
void push_script(lua_State* state, std::string_view group, std::string_view name);

}  // namespace weir

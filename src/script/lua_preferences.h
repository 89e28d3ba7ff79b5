// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct lua_State;

namespace weir {

// Adds to the global table `ntop` what getPref and setPref (lua_cache.h) leave out (REQUIRES: below
// a protected call, after open_questions()):
//   ntop.prefNames([limit]) -> array   the names of the preferences, sorted (1000)
//   ntop.delPref(name)                 gone for good when it returns; raises when it is not
// Without a cache both raise.
void open_preferences(lua_State* state);

}  // namespace weir

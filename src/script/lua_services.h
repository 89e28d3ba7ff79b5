// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct lua_State;

namespace weir {

// Adds to the global table `ntop` what scripts may ask of weir itself (REQUIRES: below a protected
// call, after open_questions()):
//   ntop.scripts(group) -> array   names of the scripts in a folder: "rest", "pages", "lib"
// A wrong argument is a mistake in the script and raises an error.
void open_services(lua_State* state);

}  // namespace weir

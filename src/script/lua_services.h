// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct lua_State;

namespace weir {

// Adds to the global table `ntop` what scripts may ask of weir itself (REQUIRES: below a protected
// call, after open_questions()):
//   ntop.scripts(group) -> array   names of the scripts in a folder: "rest", "pages", "lib"
//   ntop.scriptStates() -> array   of all scripts: {script = "cron/minute/top_talkers", kind =
//     "cron/minute", name, file, state = "good" | "last good" | "broken", error, about (the
//     comment at its head), changed, runs, errors, last_ms, longest_ms,
//     total_ms}
// A wrong argument is a mistake in the script and raises an error.
void open_services(lua_State* state);

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct lua_State;

namespace weir {

// Adds to the global table `ntop` what reaches others than who asked (REQUIRES: below a protected
// call, after open_questions()):
//   ntop.log(level, text)      a line in weir's log; level: "info", "warning", "error". Text is cut
//   at 1,024 bytes ntop.syslog(level, text)   a line to the syslog of this machine. Both together
//   100 lines a run; more are left
//     out, which the log says once
//   ntop.httpRequest{url =, method =, body =, type =, headers = {NAME = text}, timeout = seconds}
//   -> {status, type,
//     body}, or nil and why not. Waits, at most to the end of the run
//   ntop.getDirs() -> {installdir, scripts, data}   folders: that of the scripts and the one it is
//   in; no data without
//     --data
// A wrong argument is a mistake in the script and raises an error.
void open_outlets(lua_State* state);

}  // namespace weir

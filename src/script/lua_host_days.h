// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct lua_State;

namespace weir {

// Adds to the global table `ntop` what tells of the hosts of past days (query/host_days.h;
// REQUIRES: below a protected call, after open_questions()):
//   ntop.dumpHosts(days_ago, keep_days) -> the day, which is being written from now on
//   ntop.days()
//   ntop.dayHosts(day, {...})   options of a list but interface and group_by
// nil and {kind, message, parameter} when there is no data folder or no such day.
void open_host_days(lua_State* state);

}  // namespace weir

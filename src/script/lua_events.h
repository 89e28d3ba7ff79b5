// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct lua_State;

namespace weir {

// ntop.eventCounts{by =, event =, seconds =, step =, limit =}: what EventLog::counts() answers, or
// nil and {kind, message}. May raise.
void open_events(lua_State* state);

}  // namespace weir

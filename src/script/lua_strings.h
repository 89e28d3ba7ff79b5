// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct lua_State;

namespace weir {

// Puts our own find, match, gmatch and gsub in place of those of the table `string`: the same
// answers, but they end when the script's time is over, and a capture that is never closed is an
// error wherever it stands. Raises, so REQUIRES a protected call.
void open_strings(lua_State* state);

}  // namespace weir

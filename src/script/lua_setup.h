// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct lua_State;

namespace weir {

// Adds to the global table `ntop` (REQUIRES: below a protected call):
//   ntop.setup() -> table     what Setup::state() says, or nil: there are no questions here
//   ntop.changeSetup{interfaces =, local =, resolve =} -> table   what Setup::change() answers, or
//     nil and {kind, message, parameter}; in scripts of put/ and delete/ only
void open_setup(lua_State* state);

}  // namespace weir

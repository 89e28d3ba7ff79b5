// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct lua_State;

namespace weir {

// ntop.scriptText(script), ntop.saveScript(script, text), ntop.deleteScript(script) and
// ntop.editsScripts(); `script` is "rest/hosts". What changes something works in scripts of put/
// and delete/ only, and only where ScriptOptions::edits allows it. May raise.
void open_script_texts(lua_State* state);

}  // namespace weir

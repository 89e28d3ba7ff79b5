// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct lua_State;

namespace weir {

// Adds to the global table `ntop` what scripts remember from one run to the next (REQUIRES: below a
// protected call, after open_questions()). Values are text; json.encode and json.decode make it.
//   ntop.getCache(key) -> text or nil
//   ntop.setCache(key, text [, seconds])     for so long; without: until it must give way
//   ntop.delCache(key)
//   ntop.lpushCache(list, text [, keep])     the newest `keep` stay (1000)
//   ntop.lrangeCache(list [, limit]) -> array, the newest first (1000)
//   ntop.lpopCache(list) -> the oldest, taken out, or nil
//   ntop.publishCache(channel, text)         to all who listen, other instances included
//   ntop.messagesCache(channel [, after [, limit]]) -> array of {number, text}, the oldest first:
//                                            what came after that number (0), of the latest that
//                                            are kept since somebody asked first
//   ntop.getPref(name) -> text or nil
//   ntop.setPref(name, text)                 on disk when it returns; raises when it is not
//   ntop.delPref(name)                       gone for good when it returns; raises when it is not
//   ntop.prefNames([limit]) -> array         their names, sorted (1000)
// Without a cache all of them raise.
void open_cache(lua_State* state);

}  // namespace weir

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct lua_State;

namespace weir {

// Makes the global tables through which scripts ask (REQUIRES: below a protected call):
//   interface.list{...} .hosts{...} .flows{...} .applications{...} .transactions{...}
//     .countries{...} .asns{...} .networks{...} .macs{...} .vlans{...} .categories{...}
//     options: interface, filter, sort, order ("asc", "desc"), limit, offset, columns and, of hosts
//     and flows, group_by (lists of names)
//   interface.get(id) .host(key [, interface]) .flow(id)
//     .archivedHost(key [, interface]) .hostRecord(key [, interface])
//   interface.series{interface=, seconds=}
//   interface.complete{text=, cursor=, list=, limit=}   what can be written in a filter
//   ntop.health()
// Each returns a table as Questions says, or nil and {kind = "bad_parameter" | "not_found",
// parameter, message, column}. An option that does not exist or has the wrong type is a mistake in
// the script and raises an error.
void open_questions(lua_State* state);

}  // namespace weir

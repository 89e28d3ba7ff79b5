-- SPDX-License-Identifier: GPL-3.0-or-later
-- scripts: every script there is, whether it compiles, how often it ran and how long it took.
local rest = require("rest")

local names = {
  "script", "about", "changed", "error", "errors", "file", "kind", "last_ms", "longest_ms", "name", "runs", "state", "total_ms",
}

local readers = rest.list_readers()
readers.interface, readers.filter = nil, nil

local function scripts(parameters)
  parameters.order = parameters.order or (parameters.sort == nil and "asc" or "desc")
  return rest.window(ntop.scriptStates(), parameters, names)
end

if _PATH ~= "" then
  rest.problem(404, "This resource has no items.")
else
  local parameters = rest.parameters(readers)
  if parameters then rest.list(parameters, scripts) end
end

-- SPDX-License-Identifier: GPL-3.0-or-later
-- scripts, scripts/{script}: every script there is, whether it compiles, how often it ran and how long it took; one with its
-- text. put/ and delete/ change them.
local rest = require("rest")

local names = {
  "script", "about", "changed", "error", "errors", "file", "kind", "last_error", "last_ms", "longest_ms", "name", "runs", "state",
  "total_ms",
}

local function scripts(parameters)
  parameters.order = parameters.order or (parameters.sort == nil and "asc" or "desc")
  return ntop.scriptStates()
end

local function one()
  for _, row in ipairs(ntop.scriptStates()) do
    if row.script == _PATH then
      row.text = ntop.scriptText(_PATH)
      row.can_change = ntop.editsScripts()
      return rest.answer(row)
    end
  end
  rest.problem(404, "There is no such script.")
end

rest.made_list({ names = names, rows = scripts, item = one })

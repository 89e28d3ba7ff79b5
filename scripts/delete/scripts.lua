-- SPDX-License-Identifier: GPL-3.0-or-later
-- DELETE scripts/{script}: takes it away. Answers what it was.
local rest = require("rest")

local function delete()
  if not ntop.editsScripts() then
    return rest.problem(403, "This weir was not told that scripts may be changed here: --edit-scripts.")
  end
  local text = ntop.scriptText(_PATH)
  if not text then return rest.problem(404, "There is no such script.") end
  local gone, problem = ntop.deleteScript(_PATH)
  if not gone then return rest.problem(400, problem.message, problem.parameter) end
  rest.answer({ script = _PATH, text = text })
end

if rest.parameters({}) then delete() end

-- SPDX-License-Identifier: GPL-3.0-or-later
-- PUT scripts/{script} with {"text": "..."}: writes it, when it compiles. Used from its next run on.
local rest = require("rest")

local function put()
  if not ntop.editsScripts() then
    return rest.problem(403, "This weir was not told that scripts may be changed here: --edit-scripts.")
  end
  local sent, wrong = json.decode(_BODY)
  if sent == nil then return rest.problem(400, "The body is no JSON: " .. wrong) end
  if type(sent) ~= "table" or type(sent.text) ~= "string" then
    return rest.problem(400, 'The body must be {"text": "..."}.', "text")
  end
  local saved, problem = ntop.saveScript(_PATH, sent.text)
  if not saved then return rest.problem(400, problem.message, problem.parameter) end
  rest.answer({ script = _PATH, text = sent.text })
end

if rest.parameters({}) then put() end

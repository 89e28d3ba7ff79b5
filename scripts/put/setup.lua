-- SPDX-License-Identifier: GPL-3.0-or-later
-- PUT setup with {"interfaces": [...], "local": [...], "resolve": "local"}: answers first start's questions. What is left out
-- stays. Answers {"restarts", "file"}.
local rest = require("rest")

local kinds = { interfaces = "table", ["local"] = "table", resolve = "string" }

-- Why `sent` is no set of answers, and in which of them.
local function mistake(sent)
  if type(sent) ~= "table" or json.encode(sent):sub(1, 1) ~= "{" then return "The body must be an object." end
  for name, value in pairs(sent) do
    if not kinds[name] then return ("There is no question %s."):format(tostring(name)), tostring(name) end
    if type(value) ~= kinds[name] then return ("%s must be a %s."):format(name, kinds[name] == "table" and "list" or "text"), name end
    for key, member in pairs(type(value) == "table" and value or {}) do
      if type(key) ~= "number" or type(member) ~= "string" then return ("%s must be a list of texts."):format(name), name end
    end
  end
end

local function put()
  local state = ntop.setup()
  if not state then return rest.problem(404, "Nothing is asked here.") end
  if not state.may_change then return rest.problem(403, state.why_not) end
  local sent, wrong = json.decode(_BODY)
  if sent == nil then return rest.problem(400, "The body is no JSON: " .. wrong) end
  local problem, parameter = mistake(sent)
  if problem then return rest.problem(400, problem, parameter) end
  for name, by in pairs(state.decided) do
    if sent[name] then return rest.problem(409, by .. " decides it.", name) end
  end
  local changed, refusal = ntop.changeSetup(sent)
  if changed then return rest.answer(changed) end
  rest.problem(refusal.parameter and 400 or 503, refusal.message, refusal.parameter)
end

if rest.parameters({}) then put() end

-- SPDX-License-Identifier: GPL-3.0-or-later
-- preferences, preferences/{name}: what users and scripts have set. put/ and delete/ change them.
local preferences = require("preferences")
local rest = require("rest")

local shown = 4096 -- bytes of a value in the list; longer ones are answered one by one

local function list()
  local rows = json.array({})
  for i, name in ipairs(ntop.prefNames(preferences.most)) do
    local value = ntop.getPref(name) or ""
    rows[i] = { name = name, bytes = #value, value = #value <= shown and value or nil }
  end
  return { rows = rows, total = #rows }
end

if _PATH == "" then
  rest.single({}, list)
elseif rest.parameters({}) then
  local value = ntop.getPref(_PATH)
  if value then
    rest.answer({ name = _PATH, value = value })
  else
    rest.problem(404, "There is no such preference.")
  end
end

-- SPDX-License-Identifier: GPL-3.0-or-later
-- alerts: what checks hold now, and the latest that are over. Checks are scripts in checks, or in cron (docs/scripts.md).
local alerts = require("alerts")
local rest = require("rest")

local names = { "since", "check", "ended", "entity", "severity", "state", "text" }

local function is_wanted(alert, parameters)
  for _, name in ipairs({ "check", "entity", "state", "severity" }) do
    if parameters[name] and parameters[name] ~= alert[name] then return false end
  end
  return true
end

local function list(parameters)
  local all, left_out = alerts.list()
  local rows = {}
  for _, alert in ipairs(all) do
    if is_wanted(alert, parameters) then rows[#rows + 1] = alert end
  end
  table.sort(rows, function(a, b)
    if a.check ~= b.check then return a.check < b.check end
    if a.entity ~= b.entity then return a.entity < b.entity end
    return a.since < b.since
  end)
  return rows, { left_out = left_out }
end

rest.made_list({
  names = names, rows = list,
  readers = {
    check = rest.text, entity = rest.text, state = rest.one_of("active", "over"),
    severity = rest.one_of("info", "warning", "error"),
  },
})

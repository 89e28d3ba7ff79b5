-- SPDX-License-Identifier: GPL-3.0-or-later
-- /lua/days, /lua/days/2026-11-28?filter=...: the hosts of past days.
local html = require("html")
local rest = require("rest")

local function field(name)
  return function(row) return row[name] end
end

local function list_days()
  local days, problem = ntop.days()
  if not days then return html.page("Days", "<p>" .. html.escape(problem.message) .. "</p>\n") end
  html.page("Days", html.table({
    { "Day", field("day"), function(row) return "/lua/days/" .. html.component(row.day) end },
    { "Hosts", field("hosts") },
    { "Complete", function(row) return row.complete and "yes" or "so far" end },
  }, days.rows) .. "<p>Also at <a href=\"/api/v1/days\">/api/v1/days</a>.</p>\n")
end

local function list_hosts()
  local wanted = rest.parameters({ filter = rest.text, sort = rest.text, limit = rest.whole_number(0, 10000) })
  if not wanted then return end
  wanted.limit = wanted.limit or 500
  local hosts, problem = ntop.dayHosts(_PATH, wanted)
  if not hosts then return rest.answer(nil, problem) end
  html.page("Hosts of " .. _PATH, html.table({
    { "Host", field("key"), function(row) return "/hosts/" .. html.component(row.key) end },
    { "Interface", field("interface") },
    { "MAC address", field("mac") },
    { "Bytes sent", field("bytes_sent") },
    { "Bytes received", field("bytes_received") },
    { "Packets", field("packets") },
  }, hosts.rows) .. ("<p>%.0f of %.0f; <a href=\"/lua/days\">other days</a>.</p>\n"):format(#hosts.rows, hosts.total))
end

if _PATH == "" then list_days() else list_hosts() end

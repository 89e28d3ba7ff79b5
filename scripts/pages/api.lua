-- SPDX-License-Identifier: GPL-3.0-or-later
-- /lua/api: the REST interface for people: every resource there is, from the comment at the head of its script.
local html = require("html")
local rest = require("rest")

if _PATH ~= "" then return rest.problem(404, "There is no such page.") end
if not rest.parameters({}) then return end

-- { put = true, delete = true } of each resource
local changes = {}
for _, group in ipairs({ "put", "delete" }) do
  for _, name in ipairs(ntop.scripts(group)) do
    changes[name] = changes[name] or {}
    table.insert(changes[name], group:upper())
  end
end

local resources = {}
for _, script in ipairs(ntop.scriptStates()) do
  if script.kind == "rest" then resources[#resources + 1] = script end
end

local function methods(script)
  return table.concat({ "GET", unpack(changes[script.name] or {}) }, ", ")
end

html.page("REST interface", [[
<p>Each resource is below <code>/api/v1/</code> and answers JSON. The exact description is <a href="/api/v1/openapi.yaml">openapi.yaml</a>;
what changes something needs the header <code>X-Weir-Token</code>.</p>
]] .. html.table({
  { "Resource", function(script) return "/api/v1/" .. script.name end, function(script) return "/api/v1/" .. html.component(script.name) end },
  { "Methods", methods },
  { "What it is", function(script) return script.about end },
  { "Script", function(script) return "scripts/" .. script.file end },
  { "State", function(script) return script.error and script.state .. ": " .. script.error or script.state end },
}, resources) .. [[
<h2>Parameters of lists</h2>
]] .. html.table({
  { "Parameter", function(row) return row[1] end },
  { "Is", function(row) return row[2] end },
}, {
  { "filter", "which rows: host in 10.0.0.0/8 and app = TLS and bytes > 1M" },
  { "sort, order", "a field of the rows; desc (default) or asc" },
  { "limit, offset", "rows in the window (100) and before it" },
  { "columns", "fields to answer, with commas between" },
  { "group_by", "of hosts and flows: fields by whose values rows are put together" },
  { "interface", "id of one interface; all of them without it" },
  { "format", "json (default) or csv" },
}))

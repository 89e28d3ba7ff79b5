-- SPDX-License-Identifier: GPL-3.0-or-later
-- /lua/: the pages that there are, which is what lies in scripts/pages.
local html = require("html")

if _PATH ~= "" then
  sendHTTPHeader("text/plain; charset=utf-8", 404)
  return print("There is no such page.\n")
end

local hidden = { index = true, style = true }
local rows = {}
for _, name in ipairs(ntop.scripts("pages")) do
  if not hidden[name] then rows[#rows + 1] = name end
end
html.page("Pages", html.table({
  { "Page", function(name) return name end, function(name) return "/lua/" .. html.component(name) end },
}, rows) .. "<p>Each is a script in <code>scripts/pages</code>; another file there is another page.</p>\n")

-- SPDX-License-Identifier: GPL-3.0-or-later
-- tops: who had the most bytes in each of the last minutes, the newest first; made by scripts/cron/minute/top_talkers.lua.
local rest = require("rest")

rest.single({ limit = rest.whole_number(1, 1440) }, function(wanted)
  local rows = json.array({})
  for i, text in ipairs(ntop.lrangeCache("top_talkers", wanted.limit or 60)) do rows[i] = json.decode(text) end
  return { rows = rows, total = #rows }
end)

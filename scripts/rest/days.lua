-- SPDX-License-Identifier: GPL-3.0-or-later
-- days, days/{day}: the hosts of past days, written down by scripts/cron/five_minutes and day.
local rest = require("rest")

if _PATH == "" then
  rest.single({}, ntop.days)
else
  local parameters = rest.parameters(rest.list_readers())
  if parameters then
    rest.list(parameters, function(wanted) return ntop.dayHosts(_PATH, wanted) end)
  end
end

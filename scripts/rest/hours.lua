-- SPDX-License-Identifier: GPL-3.0-or-later
-- hours: what interfaces carried in each hour of the last days, newest first, with the running one; made by scripts/cron/hour/traffic.lua.
local hours = require("hours")
local rest = require("rest")

rest.made_list({
  names = { "time", "interface", "bytes", "packets", "seconds", "bits_per_second" },
  readers = { interface = rest.text, days = rest.whole_number(1, hours.days) },
  rows = function(wanted) return hours.list(wanted.interface, wanted.days or 7) end,
})

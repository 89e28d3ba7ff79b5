-- SPDX-License-Identifier: GPL-3.0-or-later
-- watched: what users watch, and whether it is there. A preference watch/ID with {"list":"flows","filter":"app = TLS"} watches.
local rest = require("rest")
local watched = require("watched")

local names = { "id", "bits_per_second", "bytes", "count", "entity", "error", "filter", "is_there", "last_seen", "list" }

rest.made_list({
  names = names,
  rows = function()
    local all = watched.all()
    return all.rows, { time = all.time, left_out = all.total - #all.rows }
  end,
})

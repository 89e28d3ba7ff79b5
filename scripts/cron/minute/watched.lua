-- SPDX-License-Identifier: GPL-3.0-or-later
-- An alert for each of what users watch (lib/watched.lua) that holds while it is there.
local alerts = require("alerts")
local utils = require("lua_utils")
local watched = require("watched")

alerts.hold("watched", watched.all(), function(row)
  if not row.is_there then return nil end
  local what = row.list == "flows" and "active flow" or "host"
  local text = ("%d %s%s, %s"):format(row.count, what, row.count == 1 and "" or "s", utils.bitsToSize(row.bits_per_second))
  return row.entity, text, "info"
end)

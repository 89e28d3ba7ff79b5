-- SPDX-License-Identifier: GPL-3.0-or-later
-- event_counts: how often what happened, by any field of the events, over time.
local rest = require("rest")

rest.single({
  by = rest.text, event = rest.text, seconds = rest.whole_number(1, 604800), step = rest.whole_number(1, 604800),
  limit = rest.whole_number(0, 100),
}, function(parameters)
  -- About sixty bars, unless it is said.
  local seconds = parameters.seconds or 3600
  parameters.step = parameters.step or math.max(1, math.ceil(seconds / 60))
  return ntop.eventCounts(parameters)
end)

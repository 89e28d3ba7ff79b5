-- SPDX-License-Identifier: GPL-3.0-or-later
-- How long the hosts of past days are kept.
local days = {}

-- In days: the preference "days.keep", from 1 to 36,500; 30 without it or when it is no number.
function days.keep()
  local wanted = tonumber(ntop.getPref("days.keep")) or 30
  if wanted ~= wanted then wanted = 30 end
  return math.floor(math.max(1, math.min(36500, wanted)))
end

return days

-- SPDX-License-Identifier: GPL-3.0-or-later
-- An interface on which one packet in a hundred did not reach weir in the last second: its figures are too small.
columns = { "packets", "kernel_drops", "interface_drops" }
remember = true

function check(now, before)
  if not before or now.packets < before.packets then return end
  local function lost(row) return (row.kernel_drops or 0) + (row.interface_drops or 0) end
  local missing = lost(now) - lost(before)
  local all = now.packets - before.packets + missing
  if missing > all / 100 then return ("%d of %d packets were lost"):format(missing, all) end
end

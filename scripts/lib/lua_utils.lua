-- SPDX-License-Identifier: GPL-3.0-or-later
-- Numbers as people read them, by the names that scripts for ntopng know.
local lua_utils = {}

local function scaled(number, base, units)
  local unit = 1
  while number >= base and unit < #units do
    number, unit = number / base, unit + 1
  end
  return (unit == 1 and "%.0f %s" or "%.2f %s"):format(number, units[unit])
end

-- 1536 -> "1.50 KB"
function lua_utils.bytesToSize(bytes)
  return scaled(bytes, 1024, { "Bytes", "KB", "MB", "GB", "TB", "PB" })
end

-- 1500000 -> "1.50 Mbit/s"
function lua_utils.bitsToSize(bits)
  return scaled(bits, 1000, { "bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s" })
end

-- 93784 -> "1 day, 2:03:04"
function lua_utils.secondsToTime(seconds)
  seconds = math.floor(seconds)
  local days = math.floor(seconds / 86400)
  local text = ("%d:%02d:%02d"):format(math.floor(seconds / 3600) % 24, math.floor(seconds / 60) % 60, seconds % 60)
  if days == 0 then return text end
  return days .. (days == 1 and " day, " or " days, ") .. text
end

return lua_utils

-- SPDX-License-Identifier: GPL-3.0-or-later
-- Keeps the 20 hosts that had the most bytes in the last minute, a day of minutes: /api/v1/tops.
local minute = math.floor(assert(interface.list({ limit = 0 })).time / 60) - 1
local key = ("talkers/%.0f"):format(minute)
local sums = ntop.getCache(key)
if not sums then return end
ntop.delCache(key)

local hosts = json.array({})
for host, bytes in pairs(json.decode(sums)) do hosts[#hosts + 1] = { key = host, bytes = bytes } end
table.sort(hosts, function(a, b)
  if a.bytes ~= b.bytes then return a.bytes > b.bytes end
  return a.key < b.key
end)
for i = #hosts, 21, -1 do hosts[i] = nil end
ntop.lpushCache("top_talkers", json.encode({ time = minute * 60, hosts = hosts }), 1440)

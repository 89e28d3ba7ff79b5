-- SPDX-License-Identifier: GPL-3.0-or-later
-- Adds up what the busiest hosts of each second had, for minute/top_talkers. Exact while no more than 200 hosts are active in
-- a second; beyond that a host counts in the seconds in which it is one of the 200.
local hosts = assert(interface.hosts({ sort = "bits_per_second", limit = 200, columns = { "key", "bits_per_second" } }))
local key = ("talkers/%.0f"):format(math.floor(hosts.time / 60))
local bytes = json.decode(ntop.getCache(key) or "{}")
for _, host in ipairs(hosts.rows) do
  if host.bits_per_second > 0 then bytes[host.key] = (bytes[host.key] or 0) + host.bits_per_second / 8 end
end
ntop.setCache(key, json.encode(bytes), 180)

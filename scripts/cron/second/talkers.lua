-- SPDX-License-Identifier: GPL-3.0-or-later
-- Adds up what the busiest hosts of each second had, for minute/top_talkers. Exact while no more than 200 hosts of an interface
-- are active in a second; beyond that a host counts in the seconds in which it is one of the 200.
local html = require("html")

local list = assert(interface.list({ limit = 1000, columns = { "id", "last_seen", "bits_per_second" } }))
local key = ("talkers/%.0f"):format(math.floor(list.time / 60))
local seen = json.decode(ntop.getCache("talkers/seen") or "{}") or {}
local now, bytes = {}, nil
for _, row in ipairs(list.rows) do
  -- Where no packet comes and time stands still (a file at its end, a silent pipe) the rates stay those of a second that was added.
  local name = html.component(row.id)
  now[name] = row.last_seen and ("%.6f %.0f"):format(row.last_seen, row.bits_per_second or 0)
  if now[name] ~= seen[name] then
    bytes = bytes or json.decode(ntop.getCache(key) or "{}")
    local hosts = assert(interface.hosts({
      interface = row.id, sort = "bits_per_second", limit = 200, columns = { "key", "bits_per_second" },
    }))
    for _, host in ipairs(hosts.rows) do
      if host.bits_per_second > 0 then bytes[host.key] = (bytes[host.key] or 0) + host.bits_per_second / 8 end
    end
  end
end
if bytes then
  ntop.setCache(key, json.encode(bytes), 180)
  ntop.setCache("talkers/seen", json.encode(now))
end

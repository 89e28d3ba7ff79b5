-- SPDX-License-Identifier: GPL-3.0-or-later
-- Tells on the channel "events" of hosts that were not there a second ago, at most 100, and how many more there were. Looks at
-- the hosts only when the interfaces have made any.
local most = 100
local interfaces = assert(interface.list({ limit = 1000 }))
local made = 0
for _, row in ipairs(interfaces.rows) do made = made + row.hosts_total end
local before = json.decode(ntop.getCache("new_hosts") or "null") or json.null
if before == json.null or before.made > made then
  -- The first time, or after a restart: only those that have just come.
  before = { made = math.max(0, made - most), first_seen = interfaces.time - 2 }
end
if made == before.made then return end

local hosts = assert(interface.hosts({
  sort = "first_seen", limit = math.min(made - before.made, most),
  columns = { "key", "interface", "first_seen", "is_local", "mac" },
}))
local newest, told = before.first_seen, 0
for _, host in ipairs(hosts.rows) do
  if host.first_seen <= before.first_seen then break end
  newest = math.max(newest, host.first_seen)
  told = told + 1
  ntop.publishCache("events", json.encode({
    event = "host_added", time = host.first_seen, host = host.key,
    interface = host.interface, is_local = host.is_local, mac = host.mac,
  }))
end
if made - before.made > most then
  ntop.publishCache("events", json.encode({
    event = "hosts_not_told", time = hosts.time, hosts = made - before.made - told,
  }))
end
ntop.setCache("new_hosts", json.encode({ made = made, first_seen = newest }), 3600)

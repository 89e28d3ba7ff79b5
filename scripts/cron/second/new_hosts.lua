-- SPDX-License-Identifier: GPL-3.0-or-later
-- Tells on the channel "events" of hosts that were not there a second ago, at most 100 of an interface, and how many more
-- there were. Looks at an interface's hosts only when it has made any; of more than 10,000 in a second (a scan, a flood) only
-- the number is told. Times are those of packets.
local most, flood = 100, 10000

-- What is known of an interface the first time: only those are told of that came in its last two seconds.
local function beginning(row)
  return { made = math.max(0, row.hosts_total - most), first_seen = (row.last_seen or 2) - 2 }
end

local function tell_number(row, time, count)
  ntop.publishCache("events", json.encode({ event = "hosts_not_told", time = time, interface = row.id, hosts = count }))
end

local function tell(row, before)
  local count = row.hosts_total - before.made
  if count > flood then
    tell_number(row, row.last_seen, count)
    return { made = row.hosts_total, first_seen = row.last_seen }
  end
  local hosts = assert(interface.hosts({
    interface = row.id, sort = "first_seen", limit = math.min(count, most),
    columns = { "key", "first_seen", "is_local", "mac" },
  }))
  local newest, told = before.first_seen, 0
  for _, host in ipairs(hosts.rows) do
    if host.first_seen <= before.first_seen then break end
    newest = math.max(newest, host.first_seen)
    told = told + 1
    ntop.publishCache("events", json.encode({
      event = "host_added", time = host.first_seen, host = host.key, interface = row.id, is_local = host.is_local, mac = host.mac,
    }))
  end
  if count > most then tell_number(row, newest, count - told) end
  return { made = row.hosts_total, first_seen = newest }
end

local known = json.decode(ntop.getCache("new_hosts") or "{}") or {}
local now, has_changed = {}, false
for _, row in ipairs(assert(interface.list({ limit = 1000 })).rows) do
  local before = known[row.id]
  -- Fewer than before: weir has been started again.
  if not before or before.made > row.hosts_total then before = beginning(row) end
  now[row.id] = row.hosts_total > before.made and tell(row, before) or before
  has_changed = has_changed or not known[row.id] or known[row.id].made ~= row.hosts_total
end
if has_changed then ntop.setCache("new_hosts", json.encode(now), 86400) end

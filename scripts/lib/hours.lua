-- SPDX-License-Identifier: GPL-3.0-or-later
-- What each interface carried in each hour: kept by scripts/cron/hour/traffic.lua, told by scripts/rest/hours.lua.
--
-- An hour of an interface is an element of the list hours/NAME in the cache: {"time": when it began, "bytes":, "packets":,
-- "seconds": of it that weir watched}. Counters begin at zero with each start of weir, so what an hour carried is their difference
-- to what they were when it began, or all of them where weir began later. NAME is the id of the interface in percent-escapes: it may
-- be any bytes, of which JSON would lose some.
local html = require("html")

local hours = {
  days = 28,       -- that are kept of an interface
  interfaces = 64, -- of which hours are kept: those that are there, then those that were there last
}

local hour, quarter, day = 3600, 900, 86400
local kept = "hours" -- what was so when the hour began, in the cache
local late = 60      -- seconds after the hour has begun in which cron may still say so

local function list_of(name)
  return "hours/" .. name
end

local function id_of(name)
  return (name:gsub("%%(%x%x)", function(code) return string.char(tonumber(code, 16)) end))
end

-- { time =, uptime =, hour = when one began, interfaces = { NAME = { bytes =, packets =, state = } } }
local function present(before)
  local list = assert(interface.list({
    sort = "id", order = "asc", limit = hours.interfaces, columns = { "id", "state", "bytes", "packets" },
  }))
  local now = { time = list.time, uptime = ntop.health().uptime_s or 0, hour = before and before.hour or 0, interfaces = {} }
  for _, row in ipairs(list.rows) do
    now.interfaces[html.component(row.id)] = { bytes = row.bytes or 0, packets = row.packets or 0, state = row.state }
  end
  return now
end

-- What was so when the hour that runs began, at the last run, as above, and of each interface `time`, when it was there last. nil
-- before the first run.
local function last()
  return json.decode(ntop.getCache(kept) or "") or nil
end

-- Whether weir has run since `before`. Its uptime knows nothing of a clock that is set.
local function went_on(now, before)
  return before ~= nil and now.uptime >= before.uptime and now.uptime >= now.time - before.time
end

-- When the hour of that moment began, by when another one did: hours of local time may begin at half past.
local function hour_of(time, another)
  return another + math.floor((time - another) / hour) * hour
end

-- When the hour began at whose first moment cron runs a script; everywhere that is at a quarter of an hour. At another moment the
-- machine has slept, or its clock was set.
local function hour_at(time, another)
  local nearest = math.floor(time / quarter + 0.5) * quarter
  return math.abs(time - nearest) <= late and nearest or hour_of(time, another)
end

-- When the hour began of which carried() tells.
local function beginning(now, before)
  if went_on(now, before) then return math.min(before.hour, hour_of(now.time, before.hour)) end
  return hour_of(now.time - now.uptime, now.hour)
end

-- What an interface that is there has carried since `before`, or since weir began: { time =, bytes =, packets =, seconds = }. nil where
-- that is not known (weir began long ago, and nothing was kept since) or nobody looked (its file was read to its end before).
local function carried(name, now, before)
  local counted = now.interfaces[name]
  local known = went_on(now, before) and before.interfaces[name]
  if known and counted.bytes < known.bytes then known = nil end
  local seconds = math.floor((known and now.uptime - before.uptime or now.uptime) + 0.5)
  if seconds < 1 or not known and seconds > hour + late then return nil end
  local packets = counted.packets - (known and known.packets or 0)
  if packets == 0 and counted.state ~= "running" then return nil end
  return { time = beginning(now, before), bytes = counted.bytes - (known and known.bytes or 0), packets = packets, seconds = seconds }
end

-- Goes on knowing interfaces that are gone, the latest first, while there is room and any of their hours is young enough; forgets the
-- hours of the others.
local function remember_gone(state, before)
  local gone, room = {}, hours.interfaces
  for _ in pairs(state.interfaces) do room = room - 1 end
  for name, counted in pairs(before and before.interfaces or {}) do
    if not state.interfaces[name] then gone[#gone + 1] = { name = name, counted = counted } end
  end
  table.sort(gone, function(a, b)
    if a.counted.time ~= b.counted.time then return a.counted.time > b.counted.time end
    return a.name < b.name
  end)
  for place, one in ipairs(gone) do
    if place <= room and one.counted.time > state.time - hours.days * day then
      state.interfaces[one.name] = one.counted
    else
      ntop.lpushCache(list_of(one.name), "", 0)
    end
  end
end

-- To be called when an hour has ended. What weir saw in it before it was started again is not known: `seconds` says so.
function hours.keep()
  local before = last()
  local now = present(before)
  now.hour = hour_at(now.time, now.hour)
  local state = { time = now.time, uptime = now.uptime, hour = now.hour, interfaces = {} }
  for name, counted in pairs(now.interfaces) do
    local entry = carried(name, now, before)
    if entry then ntop.lpushCache(list_of(name), json.encode(entry), hours.days * 24) end
    state.interfaces[name] = { bytes = counted.bytes, packets = counted.packets, time = now.time }
  end
  remember_gone(state, before)
  ntop.setCache(kept, json.encode(state))
end

-- An hour may be there in parts, where the clock was set back.
local function add(rows, entry)
  local row = rows[entry.time]
  if not row then
    rows[entry.time] = entry
    return
  end
  for _, name in ipairs({ "bytes", "packets", "seconds" }) do row[name] = row[name] + entry[name] end
end

-- Appends the hours of an interface to `rows`.
local function append(rows, name, now, before, from)
  local found = {}
  for _, text in ipairs(ntop.lrangeCache(list_of(name), hours.days * 24)) do add(found, json.decode(text)) end
  local running = now.interfaces[name] and carried(name, now, before)
  if running then add(found, running) end
  for time, row in pairs(found) do
    if time + hour > from then
      row.interface = id_of(name)
      row.bits_per_second = math.floor(row.bytes * 8 / row.seconds + 0.5)
      rows[#rows + 1] = row
    end
  end
end

-- The hours of that interface, or of all that are there or were (nil), which were within the last so many days, with the hour that is
-- not over yet: { time =, interface =, bytes =, packets =, seconds =, bits_per_second = while it was watched }, and when it is now.
-- Of an hour that was not watched there is none. nil and what is wrong where nothing is known of the interface.
function hours.list(id, days)
  local before = last()
  local now, names, rows = present(before), {}, {}
  for _, known in ipairs({ now.interfaces, before and before.interfaces or {} }) do
    for name in pairs(known) do names[name] = true end
  end
  local wanted = id and html.component(id)
  if wanted and not names[wanted] then
    return nil, { kind = "not_found", parameter = "interface", message = ('no hours are kept of an interface "%s"'):format(id) }
  end
  for name in pairs(wanted and { [wanted] = true } or names) do append(rows, name, now, before, now.time - days * day) end
  table.sort(rows, function(a, b)
    if a.time ~= b.time then return a.time > b.time end
    return a.interface < b.interface
  end)
  return rows, { time = now.time }
end

return hours

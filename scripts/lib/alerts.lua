-- SPDX-License-Identifier: GPL-3.0-or-later
-- Alerts: what a script in cron finds again and again is told once when it begins and once when it is over.
--
--   local alerts = require("alerts")
--   local hosts = assert(interface.hosts({ filter = "flows > 1000" }))
--   alerts.hold("many flows", hosts, function(host) return host.key, host.flows .. " active flows" end)
--
-- What is alerted is kept in the cache, so it survives a restart, and is over by itself when the script no longer runs.
local alerts = {
  most = 1000,    -- that a check can have at the same time; of more their number is kept
  kept = 1000,    -- that are over and still listed
  lifetime = 300, -- seconds without a run of its script that end a check's alerts, or three of the times when it runs
  longest = 200,  -- bytes of an entity or a text; the rest is cut, so that all of a check fit under one key of the cache
}

local severities = { info = true, warning = true, error = true }
local checks, over = "alerts/checks", "alerts/over"

local function key(check)
  return "alerts/check/" .. check
end

local function read(check)
  local text = ntop.getCache(key(check))
  return text and json.decode(text) or { held = {} }, text ~= nil
end

local function tell(event, alert, time)
  ntop.publishCache("events", json.encode({
    event = event, time = time, check = alert.check, entity = alert.entity, severity = alert.severity, text = alert.text,
  }))
end

-- The alerts of a record, { ENTITY = { text =, severity =, since = } ... }, say themselves whose they are.
local function name_all(held, check)
  for entity, alert in pairs(held) do alert.check, alert.entity = check, entity end
end

-- Without control characters and, of a text that is too long, what its first whole characters say.
local function capped(text)
  -- As the cache gives it back, or it would be another the next time: JSON has no bytes that are no UTF-8.
  text = json.decode(json.encode({ (tostring(text):gsub("%c", "?")) }))[1]
  if #text <= alerts.longest then return text end
  return (text:sub(1, alerts.longest - 3):gsub("[\194-\244][\128-\191]*$", "")) .. "…"
end

-- What is true now, by entity, and how many found no place.
local function found_now(check, answer, describe)
  local found, count, left_out = {}, 0, 0
  for _, row in ipairs(answer.rows) do
    local entity, text, severity = describe(row)
    entity = entity and capped(entity)
    if entity and not found[entity] then
      assert(severity == nil or severities[severity], "a severity is info, warning or error")
      if count < alerts.most then
        count = count + 1
        found[entity] = { text = capped(text or ""), severity = severity or "warning" }
      else
        left_out = left_out + 1
      end
    end
  end
  return found, count, left_out + math.max(0, (answer.total or 0) - #answer.rows)
end

local function know(check)
  for _, name in ipairs(ntop.lrangeCache(checks)) do
    if name == check then return end
  end
  ntop.lpushCache(checks, check)
end

-- The check of that name holds for those rows of `answer` for which `describe(row)` gives an entity (its key), and may give a text
-- and a severity ("info", "warning" or "error"; else "warning"). Those it did not hold for last time begin, the others of last
-- time are over. `every`: seconds until it is asked again, else those of the folder in cron. Returns how many hold.
function alerts.hold(check, answer, describe, every)
  local before, was_there = read(check)
  local found, count, left_out = found_now(check, answer, describe)
  for entity, alert in pairs(found) do
    local earlier = before.held[entity]
    alert.since = earlier and earlier.since or answer.time
  end
  -- Kept before it is told: who hears of it finds it.
  if count > 0 then
    know(check)
    local lifetime = math.max(alerts.lifetime, 3 * (every or tonumber(_GET.every) or 1))
    ntop.setCache(key(check), json.encode({ held = found, left_out = left_out }), lifetime)
  elseif was_there then
    ntop.delCache(key(check))
  end
  name_all(found, check)
  name_all(before.held, check)
  for entity, alert in pairs(found) do
    if not before.held[entity] then tell("alert_begins", alert, answer.time) end
  end
  for entity, alert in pairs(before.held) do
    if not found[entity] then
      alert.ended = answer.time
      ntop.lpushCache(over, json.encode(alert), alerts.kept)
      tell("alert_ends", alert, answer.time)
    end
  end
  return count
end

-- All that hold now and the latest that are over: { check =, entity =, severity =, text =, since =, ended =, state = "active" or
-- "over" }, and how many of those that hold found no place.
function alerts.list()
  local rows, left_out = {}, 0
  for _, check in ipairs(ntop.lrangeCache(checks)) do
    local kept = read(check)
    left_out = left_out + (kept.left_out or 0)
    name_all(kept.held, check)
    for _, alert in pairs(kept.held) do
      alert.state = "active"
      rows[#rows + 1] = alert
    end
  end
  for _, text in ipairs(ntop.lrangeCache(over, alerts.kept)) do
    local alert = json.decode(text)
    alert.state = "over"
    rows[#rows + 1] = alert
  end
  return rows, left_out
end

return alerts

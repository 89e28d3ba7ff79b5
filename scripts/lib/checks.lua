-- SPDX-License-Identifier: GPL-3.0-or-later
-- Asks the checks in scripts/checks/{interface,host,flow}, each second. A check's file has a function that says what is wrong
-- with one interface, host or flow, and may say which are looked at:
--
--   filter = "flows > 1000"
--   function check(host) return host.flows .. " active flows" end
--
-- What it holds for is an alert of the check ENTITY/NAME (lib/alerts.lua).
local alerts = require("alerts")

local checks = {
  limit = 1000,   -- rows a check looks at where it names no limit of its own, and the most that are remembered
  most = 100000,
  memory = 120,   -- seconds that what was seen the last time is good for
}

local entities = {
  interface = { list = interface.list, name = "id", columns = { "id" } },
  host = { list = interface.hosts, name = "key", columns = { "key", "interface" }, sort = "bits_per_second" },
  flow = { list = interface.flows, name = "id", columns = { "id", "interface" }, sort = "bits_per_second" },
}

-- A host may be seen on two interfaces.
local function identity(row, entity)
  return row[entity.name] .. " " .. (row.interface or "")
end

-- What a check's file may set besides `check`: each has its type and, of numbers, the whole ones that it may be.
local settings = {
  filter = { "string" }, sort = { "string" }, order = { "string" }, severity = { "string" }, columns = { "table" },
  remember = { "boolean" }, limit = { "number", 1, checks.most }, every = { "number", 1, 60 },
}

local function demand(is_so, text)
  if not is_so then error(text, 0) end
end

local function read_settings(asked)
  local found = {}
  for name, rule in pairs(settings) do
    local kind, least, most = unpack(rule)
    local value = rawget(asked, name)
    if value ~= nil then
      demand(type(value) == kind, name .. " is to be a " .. kind)
      if least then demand(value % 1 == 0 and value >= least and value <= most, ("%s is to be in %d to %d"):format(name, least, most)) end
      found[name] = value
    end
  end
  return found
end

local function with_identity(columns, entity)
  if not columns then return nil end
  local all, is_there = {}, {}
  for _, some in ipairs({ entity.columns, columns }) do
    for _, column in ipairs(some) do
      if not is_there[column] then all[#all + 1] = column end
      is_there[column] = true
    end
  end
  return all
end

-- The rows that the check looks at: of more than its limit the busiest, where it does not say which.
local function rows_for(entity, set)
  local options = {
    filter = set.filter, sort = set.sort or entity.sort, order = set.order, limit = set.limit or checks.limit,
    columns = with_identity(set.columns, entity),
  }
  local answer, problem = entity.list(options)
  if not answer then error(problem.parameter .. ": " .. problem.message, 0) end
  return answer
end

-- What was seen the last time, by name, and how many seconds ago; nothing the first time.
local function recall(key, time)
  local seen = json.decode(ntop.getCache(key) or "{}") or {}
  if not seen.time or seen.time >= time then return {}, nil end
  return seen.rows, time - seen.time
end

local function keep(key, answer, entity)
  local rows = {}
  for i = 1, math.min(#answer.rows, checks.limit) do rows[identity(answer.rows[i], entity)] = answer.rows[i] end
  ntop.setCache(key, json.encode({ time = answer.time, rows = rows }), checks.memory)
end

-- Runs the check `name` for all of `kind`; `asked` are the global variables of its file.
function checks.ask(kind, name, asked)
  local entity = entities[kind]
  local check = rawget(asked, "check")
  demand(type(check) == "function", ("a check has a function check(%s)"):format(kind))
  local set = read_settings(asked)
  demand(set.columns or not set.remember, "what remembers names its columns")
  if tonumber(_GET.time or 0) % (set.every or 1) ~= 0 then return end

  local answer = rows_for(entity, set)
  local key, before, seconds = "checks/" .. kind .. "/" .. name, {}, nil
  if set.remember then before, seconds = recall(key, answer.time) end
  alerts.hold(kind .. "/" .. name, answer, function(row)
    local earlier = before[identity(row, entity)]
    local text, severity = check(row, earlier, earlier and seconds)
    if text then return row[entity.name], text == true and "" or tostring(text), severity or set.severity end
  end, set.every)
  if set.remember then keep(key, answer, entity) end
end

return checks

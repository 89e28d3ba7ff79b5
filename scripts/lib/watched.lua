-- SPDX-License-Identifier: GPL-3.0-or-later
-- What users watch: hosts or flows, by a filter. Each is a preference watch/ID, {"list":"hosts","filter":"host = 10.0.0.1"}.
local watched = {
  most = 50,  -- that are looked at; each costs a look at all flows or hosts, a host by its address one at their keys
  quiet = 60, -- seconds of packet time without one of its own after which it is not there any more
}

-- The lists, and a field with few values to put all rows that match together by.
local lists = { hosts = "is_local", flows = "protocol_name" }

-- The address where a filter of hosts names just one: "cafe" is none.
local function address_in(entry)
  local text = entry.list == "hosts" and entry.filter:match("^host = ([%x:.]+)$")
  return text and text:find("[:.]") and text or nil
end

local function add(row, group)
  row.count = row.count + (group.count or 0)
  row.bits_per_second = row.bits_per_second + (group.bits_per_second or 0)
  row.bytes = row.bytes + (group.bytes or 0)
  row.last_seen = math.max(row.last_seen or 0, group.last_seen or 0)
end

-- What matches now, in groups; nil and what is wrong.
local function matching(entry)
  local address = address_in(entry)
  if address then
    local host, problem = interface.host(address)
    if not host and problem.kind ~= "not_found" then return nil, problem.message end
    if host then host.count = 1 end
    return { host }
  end
  local by = lists[entry.list]
  local answer, problem = interface[entry.list]({
    filter = entry.filter, group_by = { by }, columns = { by, "count", "bits_per_second", "bytes", "last_seen" },
  })
  if not answer then return nil, problem.message end
  return answer.rows
end

-- `newest`: when the last packet of all was seen.
local function figures(id, entry, newest)
  local row = {
    id = id, list = entry.list, filter = entry.filter, entity = address_in(entry) or entry.filter,
    count = 0, bits_per_second = 0, bytes = 0, is_there = false,
  }
  local groups, wrong = matching(entry)
  row.error = wrong
  for _, group in ipairs(groups or {}) do add(row, group) end
  row.is_there = row.count > 0 and row.last_seen > newest - watched.quiet
  return row
end

-- What the preference says, or nil where it is not one of ours.
local function entry_of(text)
  local entry = json.decode(text or "")
  return type(entry) == "table" and lists[entry.list] and type(entry.filter) == "string" and entry or nil
end

-- Rows for the first `most` of what is watched: { id =, list =, filter =, entity = its address or filter, count = of flows or hosts,
-- bits_per_second =, bytes =, last_seen =, is_there =, error = where the filter is wrong }; how many are watched, and when.
function watched.all()
  local interfaces = assert(interface.list({ limit = 1000 }))
  local answer, newest = { rows = {}, total = 0, time = interfaces.time }, 0
  for _, row in ipairs(interfaces.rows) do newest = math.max(newest, row.last_seen or 0) end
  for _, name in ipairs(ntop.prefNames(1000)) do
    local id = name:match("^watch/([%w_.%-]+)$")
    local entry = id and entry_of(ntop.getPref(name))
    if entry then
      answer.total = answer.total + 1
      if answer.total <= watched.most then answer.rows[answer.total] = figures(id, entry, newest) end
    end
  end
  return answer
end

return watched

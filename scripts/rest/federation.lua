-- SPDX-License-Identifier: GPL-3.0-or-later
-- federation, federation/hosts: the hosts of this weir and of those in the preference "federation" (a JSON array of their URLs, each allowed
-- by --allow-url), what all of them counted added up.
local html = require("html")
local rest = require("rest")

local most = 5000 -- hosts that each is asked for
local most_instances = 16
local patience = { each = 3, all = 8 } -- seconds for an instance and, as they are asked one after the other, for all of them

local sums = {
  "bytes", "bytes_sent", "bytes_received", "packets", "packets_sent", "packets_received", "bits_per_second",
  "bits_per_second_sent", "bits_per_second_received", "packets_per_second", "flows", "flows_as_client", "flows_as_server",
}
local others = { "key", "address", "name", "is_local", "country", "as_number", "as_name" }
local times = { "first_seen", "last_seen" }

local asked, names = {}, { "instances" }
for _, some in ipairs({ others, times, sums }) do
  for _, name in ipairs(some) do
    asked[#asked + 1] = name
    names[#names + 1] = name
  end
end

local function configured()
  local text = ntop.getPref("federation")
  if not text then return {} end
  local urls = json.decode(text)
  if type(urls) ~= "table" then return nil end
  for place, url in pairs(urls) do
    if type(place) ~= "number" or type(url) ~= "string" then return nil end
  end
  return urls
end

local function query(parameters)
  local text = ("?limit=%d&sort=%s&order=%s&columns=%s"):format(
    most, parameters.sort, parameters.order, table.concat(asked, ","))
  return parameters.filter and text .. "&filter=" .. html.component(parameters.filter) or text
end

local function is_list(value)
  if type(value) ~= "table" or type(value.rows) ~= "table" or type(value.total) ~= "number" then return false end
  for _, row in ipairs(value.rows) do
    if type(row) ~= "table" or type(row.key) ~= "string" then return false end
  end
  return true
end

-- What the weir at that URL says in so many seconds, or nil and why not.
local function ask(url, parameters, seconds)
  local answer, problem = ntop.httpRequest({ url = url:gsub("/+$", "") .. "/api/v1/hosts" .. query(parameters), timeout = seconds })
  if not answer then return nil, problem end
  if answer.status ~= 200 then return nil, ("answered %d"):format(answer.status) end
  local list = json.decode(answer.body)
  if not is_list(list) then return nil, "answered what is no list of hosts" end
  return list
end

-- What another weir says may be anything: only numbers are added.
local function add(host, row, source)
  for _, name in ipairs(sums) do
    if type(row[name]) == "number" then host[name] = (host[name] or 0) + row[name] end
  end
  for _, name in ipairs(others) do
    if host[name] == nil and type(row[name]) ~= "table" then host[name] = row[name] end
  end
  if type(row.first_seen) == "number" then host.first_seen = math.min(host.first_seen or row.first_seen, row.first_seen) end
  if type(row.last_seen) == "number" then host.last_seen = math.max(host.last_seen or row.last_seen, row.last_seen) end
  host.instances[#host.instances + 1] = source
end

local function collect(hosts, list, source)
  for _, row in ipairs(list.rows) do
    local host = hosts[row.key]
    if not host then
      host = { instances = json.array({}) }
      hosts[row.key] = host
    end
    add(host, row, source)
  end
  return { url = source, hosts = list.total, is_whole = list.total <= #list.rows }
end

local function hosts(parameters)
  parameters.order = parameters.order or "desc"
  local urls = configured()
  if not urls or #urls > most_instances then
    return nil, { message = ('The preference "federation" must be a JSON array of at most %d URLs.'):format(most_instances) }
  end
  local wrong = rest.wrong_name(parameters, names)
  if wrong then return nil, wrong end
  local own, problem = interface.hosts({
    filter = parameters.filter, sort = parameters.sort, order = parameters.order, limit = most, columns = asked,
  })
  if not own then return nil, problem end
  local found, instances = {}, json.array({})
  instances[1] = collect(found, own, "here")
  local is_complete = instances[1].is_whole
  local seconds = math.min(patience.each, patience.all / #urls)
  for _, url in ipairs(urls) do
    local list, why = ask(url, parameters, seconds)
    instances[#instances + 1] = list and collect(found, list, url) or { url = url, error = why, is_whole = false }
    is_complete = is_complete and instances[#instances].is_whole
  end
  local rows = {}
  for _, host in pairs(found) do rows[#rows + 1] = host end
  table.sort(rows, function(a, b) return a.key < b.key end)
  local window = rest.window(rows, parameters, names)
  -- Not complete: an instance was silent or has more hosts than it was asked for, so sums may lack what it counted.
  window.instances, window.is_complete, window.time = instances, is_complete, own.time
  return window
end

if _PATH == "" then
  rest.single({}, function()
    return { resources = { { name = "federation/hosts", href = "/api/v1/federation/hosts" } } }
  end)
elseif _PATH ~= "hosts" then
  rest.problem(404, "There is federation/hosts.")
else
  local readers = rest.list_readers()
  readers.interface = nil
  local parameters = rest.parameters(readers)
  if parameters then
    parameters.sort = parameters.sort or "bytes"
    rest.list(parameters, hosts)
  end
end

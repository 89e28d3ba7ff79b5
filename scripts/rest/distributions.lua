-- SPDX-License-Identifier: GPL-3.0-or-later
-- distributions: how round trips and packet sizes are spread over the open flows with the most bytes.
local rest = require("rest")

local most = 5000 -- flows that are looked at without `limit`

-- Upper bounds of the ranges; what is beyond the last one has a range of its own.
local rtt_bounds = { 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000 } -- ms
local size_bounds = { 64, 128, 256, 512, 1024, 1280, 1518 } -- bytes

local function empty(bounds)
  local counts = json.array({})
  for i = 1, #bounds + 1 do counts[i] = 0 end
  return counts
end

local function place_of(bounds, value)
  for i, bound in ipairs(bounds) do
    if value < bound then return i end
  end
  return #bounds + 1
end

local function add_rtt(counts, value)
  if value then
    local place = place_of(rtt_bounds, value)
    counts[place] = counts[place] + 1
  end
end

-- Packets of one direction, by their mean size.
local function add_sizes(counts, bytes, packets)
  if bytes and packets and packets > 0 then
    local place = place_of(size_bounds, bytes / packets)
    counts[place] = counts[place] + packets
  end
end

local columns = {
  "server_rtt_ms", "client_rtt_ms", "bytes_to_server", "bytes_to_client", "packets_to_server", "packets_to_client",
}

rest.single({ interface = rest.text, filter = rest.text, limit = rest.whole_number(1, 20000) }, function(parameters)
  local answer, problem = interface.flows({
    interface = parameters.interface, filter = parameters.filter, sort = "bytes", limit = parameters.limit or most, columns = columns,
  })
  if not answer then return nil, problem end
  local to_server, to_client = empty(rtt_bounds), empty(rtt_bounds)
  local sizes_to_server, sizes_to_client = empty(size_bounds), empty(size_bounds)
  for _, flow in ipairs(answer.rows) do
    add_rtt(to_server, flow.server_rtt_ms)
    add_rtt(to_client, flow.client_rtt_ms)
    add_sizes(sizes_to_server, flow.bytes_to_server, flow.packets_to_server)
    add_sizes(sizes_to_client, flow.bytes_to_client, flow.packets_to_client)
  end
  return {
    time = answer.time, total = answer.total, flows = #answer.rows,
    rtt = { bounds_ms = json.array(rtt_bounds), to_server = to_server, to_client = to_client },
    sizes = { bounds_bytes = json.array(size_bounds), to_server = sizes_to_server, to_client = sizes_to_client },
  }
end)

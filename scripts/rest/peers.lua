-- SPDX-License-Identifier: GPL-3.0-or-later
-- peers: who talks with whom, by the active flows. peers?host=KEY: with whom one host talks, sums both ways.
local rest = require("rest")

local most = 1000 -- peers of each kind, those with the most bytes

-- The condition for one end of flows to be the host of that key, or nil.
local function is_end(field, key)
  local address, vlan = key:match("^([%x:.]+)$"), nil
  if not address then address, vlan = key:match("^([%x:.]+)@(%d[%d.]*)$") end
  if not address then return nil end
  local condition = field .. " = " .. address
  if vlan then condition = condition .. ' and vlan ~ "[' .. vlan:gsub("%.", ",") .. ']"' end
  return condition
end

-- The fields of flows that each figure of a peer adds up, by which end the host is.
local figures = {
  client_ip = {
    flows_as_client = "count", bytes_sent = "bytes_to_server", bytes_received = "bytes_to_client",
    packets_sent = "packets_to_server", packets_received = "packets_to_client",
  },
  server_ip = {
    flows_as_server = "count", bytes_sent = "bytes_to_client", bytes_received = "bytes_to_server",
    packets_sent = "packets_to_client", packets_received = "packets_to_server",
  },
}
local both_ways = { flows = "count", bytes = "bytes", packets = "packets", bits_per_second = "bits_per_second" }

local function add(peer, row, fields)
  for figure, field in pairs(fields) do peer[figure] = (peer[figure] or 0) + (row[field] or 0) end
end

-- Adds the peers of the flows of which the host is the end `own`. The time of the answer, or nil and what is wrong.
local function add_peers(peers, own, other, parameters)
  local condition = is_end(own, parameters.host)
  if not condition then return nil, { message = "host must be ADDRESS or ADDRESS@VLAN", parameter = "host" } end
  local answer, problem = interface.flows({
    interface = parameters.interface, filter = parameters.filter, where = condition, group_by = { other }, sort = "bytes", limit = most,
  })
  if not answer then
    if problem.parameter == "where" then problem.parameter = "host" end
    return nil, problem
  end
  for _, row in ipairs(answer.rows) do
    local address = row[other]
    if address then
      local peer = peers[address] or { address = address, first_seen = row.first_seen, last_seen = row.last_seen }
      peers[address] = peer
      add(peer, row, figures[own])
      add(peer, row, both_ways)
      peer.first_seen = math.min(peer.first_seen, row.first_seen)
      peer.last_seen = math.max(peer.last_seen, row.last_seen)
    end
  end
  return answer.time
end

local names = {
  "bytes", "address", "bits_per_second", "bytes_received", "bytes_sent", "first_seen", "flows", "flows_as_client",
  "flows_as_server", "last_seen", "packets", "packets_received", "packets_sent",
}

local function peers_of(parameters)
  local peers = {}
  local time, problem = add_peers(peers, "client_ip", "server_ip", parameters)
  if time then time, problem = add_peers(peers, "server_ip", "client_ip", parameters) end
  if not time then return nil, problem end
  local rows = {}
  for _, peer in pairs(peers) do rows[#rows + 1] = peer end
  table.sort(rows, function(a, b) return a.address < b.address end)
  local window, wrong = rest.window(rows, parameters, names)
  if window then window.time = time end
  return window, wrong
end

rest.resource({
  readers = { host = rest.text },
  list = function(parameters)
    if parameters.host then return peers_of(parameters) end
    parameters.group_by = { "client_ip", "server_ip" }
    return interface.flows(parameters)
  end,
})

-- SPDX-License-Identifier: GPL-3.0-or-later
-- /metrics: figures for Prometheus (text format 0.0.4). The number of series is bounded whatever the traffic is: of each list
-- the `top` by bytes have a series of their own (?top=, 20), all others together are "other".
local rest = require("rest")

local wanted = rest.parameters({ top = rest.whole_number(0, 200) })
if not wanted then return end
local top = wanted.top or 20

local out = {}

local function quoted(text)
  return '"' .. tostring(text):gsub('[\\"\n]', { ["\\"] = "\\\\", ['"'] = '\\"', ["\n"] = "\\n" }) .. '"'
end

-- Exact for whole numbers up to 2^53.
local function number(value)
  if value == math.floor(value) and math.abs(value) < 2 ^ 53 then return ("%.0f"):format(value) end
  return ("%.17g"):format(value)
end

-- One metric; `samples` is a list of { value, label = text ... }.
local function metric(name, kind, help, samples)
  local lines = {}
  for _, sample in ipairs(samples) do
    if sample[1] ~= nil then
      local labels = {}
      for label, text in pairs(sample) do
        if label ~= 1 then labels[#labels + 1] = label .. "=" .. quoted(text) end
      end
      table.sort(labels)
      lines[#lines + 1] = name .. (#labels > 0 and "{" .. table.concat(labels, ",") .. "}" or "") .. " " .. number(sample[1]) .. "\n"
    end
  end
  if #lines == 0 then return end
  table.sort(lines)
  out[#out + 1] = ("# HELP %s %s\n# TYPE %s %s\n%s"):format(name, help, name, kind, table.concat(lines))
end

-- The samples of one field of rows.
local function of_field(rows, field, label, name_of)
  local samples = {}
  for i, row in ipairs(rows) do samples[i] = { row[field], [label] = name_of(row) } end
  return samples
end

local function by_id(row) return row.id end
local function by_name(row) return row.name end

local interfaces = assert(interface.list({ limit = 1000 })).rows
for _, column in ipairs({
  { "weir_interface_packets_total", "counter", "Packets since the start.", "packets" },
  { "weir_interface_bytes_total", "counter", "Bytes on the wire since the start.", "bytes" },
  { "weir_interface_kernel_drops_total", "counter", "Packets that the kernel had no room for.", "kernel_drops" },
  { "weir_interface_flows_total", "counter", "Flows since the start.", "flows_total" },
  { "weir_interface_hosts_total", "counter", "Hosts since the start.", "hosts_total" },
  { "weir_interface_flows", "gauge", "Active flows.", "flows" },
  { "weir_interface_hosts", "gauge", "Active hosts.", "hosts" },
  { "weir_interface_bits_per_second", "gauge", "Rate of the last whole second.", "bits_per_second" },
  { "weir_interface_packets_per_second", "gauge", "Packets of the last whole second.", "packets_per_second" },
  { "weir_interface_completeness", "gauge", "Part of the packets that was seen.", "completeness" },
}) do
  metric(column[1], column[2], column[3], of_field(interfaces, column[4], "interface", by_id))
end

local up, protocols, tcp = {}, {}, {}
for _, one in ipairs(interfaces) do
  up[#up + 1] = { one.state == "running" and 1 or 0, interface = one.id }
  for _, protocol in ipairs(one.protocols or {}) do
    protocols[#protocols + 1] = { protocol.bytes, interface = one.id, protocol = protocol.name }
  end
  for event, count in pairs(one.tcp or {}) do
    if type(count) == "number" then tcp[#tcp + 1] = { count, interface = one.id, event = event } end
  end
end
metric("weir_interface_up", "gauge", "1 while packets can come.", up)
-- IANA has 256 of them.
metric("weir_protocol_bytes_total", "counter", "Bytes on the wire by transport protocol.", protocols)
metric("weir_tcp_packets_total", "counter", "TCP packets by what happened to them.", tcp)

-- The largest of the list by bytes, and the sum of the others.
local applications = assert(interface.applications({ sort = "bytes", limit = 100000 })).rows
local shown, other = {}, { name = "other", bytes = 0, packets = 0 }
for i, row in ipairs(applications) do
  if i <= top then
    shown[i] = row
  else
    other.bytes = other.bytes + row.bytes
    other.packets = other.packets + row.packets
  end
end
shown[#shown + 1] = other
metric("weir_application_bytes_total", "counter", "Bytes on the wire by application.", of_field(shown, "bytes", "application", by_name))
metric("weir_application_packets_total", "counter", "Packets by application.", of_field(shown, "packets", "application", by_name))

local health = ntop.health()
metric("weir_uptime_seconds", "gauge", "Since weir started.", { { health.uptime_s } })
metric("weir_build_info", "gauge", "Always 1; the version is a label.", { { 1, version = health.version } })

sendHTTPHeader("text/plain; version=0.0.4; charset=utf-8")
print(table.concat(out))

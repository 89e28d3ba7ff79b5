-- SPDX-License-Identifier: GPL-3.0-or-later
-- /lua/top_talkers?count=20: who sends and receives the most now. A page to copy and change.
local html = require("html")
local rest = require("rest")

local wanted = rest.parameters({ count = rest.whole_number(1, 1000) })
if not wanted then return end

local hosts = assert(interface.hosts({
  sort = "bits_per_second", limit = wanted.count or 20, columns = { "key", "bits_per_second", "bytes_sent", "bytes_received", "flows" },
}))
local function field(name)
  return function(host) return host[name] end
end
html.page("Top talkers", html.table({
  { "Host", field("key"), function(host) return "/hosts/" .. html.component(host.key) end },
  { "bit/s", field("bits_per_second") },
  { "Bytes sent", field("bytes_sent") },
  { "Bytes received", field("bytes_received") },
  { "Flows", field("flows") },
}, hosts.rows))

-- SPDX-License-Identifier: GPL-3.0-or-later
-- A host that tries one port after the other: a hundred new ones in ten seconds, and more than a fifth of all it ever tried
-- (what a host that speaks with many has tried is an estimate, and varies by some hundredths).
filter = "ports_contacted >= 100"
columns = { "ports_contacted", "first_seen", "last_seen" }
sort = "ports_contacted"
remember = true
every = 10

function check(host, before)
  local is_new = host.last_seen - host.first_seen <= every
  if not before and not is_new then return end
  local ports = host.ports_contacted - (is_new and 0 or before.ports_contacted)
  if ports >= 100 and ports > host.ports_contacted / 5 then return ("tried %d ports in %d seconds"):format(ports, every) end
end

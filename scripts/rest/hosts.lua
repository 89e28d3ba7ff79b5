-- SPDX-License-Identifier: GPL-3.0-or-later
-- hosts, hosts/{key}: who sends and receives. A key is ADDRESS or ADDRESS@VLAN[.VLAN ...]; seen on several interfaces, the host
-- of the busiest is meant, or that of interface=ID.
local rest = require("rest")

if _PATH == "" then
  rest.resource({ list = interface.hosts, readers = { group_by = rest.names } })
else
  local flag = rest.one_of("0", "1")
  local parameters = rest.parameters({ inactive = flag, record = flag, interface = rest.text })
  if parameters then
    local question = interface.host
    if parameters.inactive == "1" then question = interface.archivedHost end
    if parameters.record == "1" then question = interface.hostRecord end
    rest.answer(question(_PATH, parameters.interface))
  end
end

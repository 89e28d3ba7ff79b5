-- SPDX-License-Identifier: GPL-3.0-or-later
-- ports: the active flows by transport protocol and port of the server.
local rest = require("rest")

rest.resource({
  list = function(parameters)
    parameters.group_by = { "protocol_name", "server_port" }
    parameters.where = "server_port > 0"
    return interface.flows(parameters)
  end,
})

-- SPDX-License-Identifier: GPL-3.0-or-later
-- flows, flows/{id}: who talks to whom.
local rest = require("rest")

rest.resource({ list = interface.flows, item = interface.flow, readers = { group_by = rest.names } })

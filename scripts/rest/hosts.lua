-- SPDX-License-Identifier: GPL-3.0-or-later
-- hosts, hosts/{key}: who sends and receives. A key is ADDRESS or ADDRESS@VLAN[.VLAN ...].
local rest = require("rest")

rest.resource({ list = interface.hosts, item = interface.host, readers = { group_by = rest.names } })

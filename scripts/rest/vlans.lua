-- SPDX-License-Identifier: GPL-3.0-or-later
-- vlans: flows by VLAN.
local rest = require("rest")

rest.resource({ list = interface.vlans })

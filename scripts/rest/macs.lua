-- SPDX-License-Identifier: GPL-3.0-or-later
-- macs: flows by the MAC addresses that their frames came from.
local rest = require("rest")

rest.resource({ list = interface.macs })

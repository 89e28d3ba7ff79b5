-- SPDX-License-Identifier: GPL-3.0-or-later
-- transactions: what was asked of servers, how long they took and what the time was spent on.
local rest = require("rest")

rest.resource({ list = interface.transactions })

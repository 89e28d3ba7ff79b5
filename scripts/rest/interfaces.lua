-- SPDX-License-Identifier: GPL-3.0-or-later
-- interfaces, interfaces/{id}: the inputs and their totals.
local rest = require("rest")

rest.resource({ list = interface.list, item = interface.get })

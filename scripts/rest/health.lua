-- SPDX-License-Identifier: GPL-3.0-or-later
-- health: how weir itself is doing.
local rest = require("rest")

rest.single({}, ntop.health)

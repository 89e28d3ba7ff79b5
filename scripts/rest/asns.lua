-- SPDX-License-Identifier: GPL-3.0-or-later
-- asns: the autonomous systems that the ends of flows are in, by the AS file.
local rest = require("rest")

rest.resource({ list = interface.asns })

-- SPDX-License-Identifier: GPL-3.0-or-later
-- countries: where the ends of flows are, by the country file.
local rest = require("rest")

rest.resource({ list = interface.countries })

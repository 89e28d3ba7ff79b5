-- SPDX-License-Identifier: GPL-3.0-or-later
-- applications: what the traffic is for.
local rest = require("rest")

rest.resource({ list = interface.applications })

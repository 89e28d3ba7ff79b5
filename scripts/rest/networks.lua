-- SPDX-License-Identifier: GPL-3.0-or-later
-- networks: flows by the networks of --network and --local.
local rest = require("rest")

rest.resource({ list = interface.networks })

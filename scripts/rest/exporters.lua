-- SPDX-License-Identifier: GPL-3.0-or-later
-- exporters, exporters/{id}: who sends flow records and how well they arrive.
local rest = require("rest")

rest.resource({ list = interface.exporters, item = interface.exporter })

-- SPDX-License-Identifier: GPL-3.0-or-later
-- categories: flows by kind of application.
local rest = require("rest")

rest.resource({ list = interface.categories })

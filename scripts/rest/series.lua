-- SPDX-License-Identifier: GPL-3.0-or-later
-- series: bytes and packets of each of the last seconds, by protocol class or by direction.
local rest = require("rest")

rest.single({ interface = rest.text, seconds = rest.whole_number(1, 3600), by = rest.one_of("class", "direction") }, interface.series)

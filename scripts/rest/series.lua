-- SPDX-License-Identifier: GPL-3.0-or-later
-- series: bytes and packets of each of the last seconds, by protocol class, by direction, or by application.
local rest = require("rest")

rest.single({
  interface = rest.text,
  seconds = rest.whole_number(1, 3600),
  by = rest.one_of("class", "direction", "application"),
  top = rest.whole_number(1, 64),
}, interface.series)

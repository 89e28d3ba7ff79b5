-- SPDX-License-Identifier: GPL-3.0-or-later
-- complete: what can be written at a place in a filter.
local rest = require("rest")

rest.single({
  text = rest.text,
  cursor = rest.whole_number(1, 100000),
  list = rest.text,
  limit = rest.whole_number(0, 200),
}, interface.complete)

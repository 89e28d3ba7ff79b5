-- SPDX-License-Identifier: GPL-3.0-or-later
-- setup: what first start asks, with the answers that weir works by. put/setup.lua takes others.
local rest = require("rest")

rest.single({}, function()
  local state = ntop.setup()
  if state then return state end
  return nil, { kind = "not_found", message = "Nothing is asked here." }
end)

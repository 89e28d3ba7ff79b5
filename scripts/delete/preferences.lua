-- SPDX-License-Identifier: GPL-3.0-or-later
-- DELETE preferences/{name}: forgets it. Answers what it was.
local rest = require("rest")

if rest.parameters({}) then
  local value = ntop.getPref(_PATH)
  if value then
    ntop.delPref(_PATH)
    rest.answer({ name = _PATH, value = value })
  else
    rest.problem(404, "There is no such preference.")
  end
end

-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the resource "preferences" has in common for reading and changing.
local preferences = {
  most = 1000, -- that there can be by way of the interface
  most_bytes = 65536, -- of a value
}

-- Whether a preference may be given that name from outside.
function preferences.is_name(name)
  return #name <= 128 and name:find("^[%w_][%w_.%-/]*$") ~= nil
end

return preferences

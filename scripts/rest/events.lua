-- SPDX-License-Identifier: GPL-3.0-or-later
-- events: what was told on the channel "events", here or by another instance; the newest first. On the stream it comes at once.
local rest = require("rest")

rest.single({ after = rest.whole_number(0, 999999999999), limit = rest.whole_number(1, 256) }, function(parameters)
  local rows = json.array({})
  local messages = ntop.messagesCache("events", parameters.after or 0, 256)
  for i = #messages, 1, -1 do
    local event = json.decode(messages[i].text)
    -- Others may say anything.
    if type(event) == "table" and type(event.event) == "string" then
      event.number = messages[i].number
      rows[#rows + 1] = event
      if #rows == (parameters.limit or 100) then break end
    end
  end
  return { rows = rows, total = #messages }
end)

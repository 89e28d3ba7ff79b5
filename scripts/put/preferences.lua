-- SPDX-License-Identifier: GPL-3.0-or-later
-- PUT preferences/{name} with {"value": "text"}: keeps it for good. Answers what GET will.
local preferences = require("preferences")
local rest = require("rest")

local function put()
  if not preferences.is_name(_PATH) then
    return rest.problem(400, "A name has at most 128 letters, digits and _ . - / and begins with one of the first three.", "name")
  end
  local sent, wrong = json.decode(_BODY)
  if sent == nil then return rest.problem(400, "The body is no JSON: " .. wrong) end
  if type(sent) ~= "table" or type(sent.value) ~= "string" then
    return rest.problem(400, 'The body must be {"value": "text"}.', "value")
  end
  if #sent.value > preferences.most_bytes then
    return rest.problem(413, ("A value has at most %d bytes."):format(preferences.most_bytes), "value")
  end
  if not ntop.getPref(_PATH) and #ntop.prefNames(preferences.most) >= preferences.most then
    return rest.problem(409, ("There are %d preferences already."):format(preferences.most))
  end
  ntop.setPref(_PATH, sent.value)
  rest.answer({ name = _PATH, value = sent.value })
end

if rest.parameters({}) then put() end

-- SPDX-License-Identifier: GPL-3.0-or-later
-- Rows as comma-separated values (RFC 4180): one line of names, then a line a row.
local csv = {}

-- A spreadsheet takes text that begins like this for a formula, and names come from the network.
local formula = "^[=+%-@\t\r]"

local function cell(value)
  if value == nil or value == json.null then return "" end
  if type(value) == "number" or type(value) == "boolean" then return json.encode(value) end
  local text = type(value) == "table" and json.encode(value) or tostring(value)
  if text:find(formula) then text = "'" .. text end
  if text:find('[",\r\n]') then text = '"' .. text:gsub('"', '""') .. '"' end
  return text
end

-- The names that occur in any of the rows, sorted: of rows of which nobody says what they may have.
local function names_in(rows)
  local seen, names = {}, {}
  for _, row in ipairs(rows) do
    for name in pairs(row) do
      if not seen[name] then
        seen[name] = true
        names[#names + 1] = name
      end
    end
  end
  table.sort(names)
  return names
end

-- `columns`: which members of the rows, in this order; nil: all that occur.
function csv.encode(rows, columns)
  columns = columns or names_in(rows)
  local lines = { table.concat(columns, ",") }
  for _, row in ipairs(rows) do
    local cells = {}
    for i, name in ipairs(columns) do cells[i] = cell(row[name]) end
    lines[#lines + 1] = table.concat(cells, ",")
  end
  return table.concat(lines, "\r\n") .. "\r\n"
end

return csv

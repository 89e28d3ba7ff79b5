-- SPDX-License-Identifier: GPL-3.0-or-later
-- Pages of HTML. All that comes from the network goes through html.escape; html.table does it by itself.
local html = {}

local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }

local function visible(character)
  return ("\\x%02x"):format(character:byte())
end

-- `value` as text between tags or in a quoted attribute. Control characters and those that turn the direction of writing are
-- made visible.
function html.escape(value)
  local text = tostring(value)
  text = text:gsub("[%z\1-\8\11-\31\127]", visible)
  text = text:gsub("\226\128[\142\143\170-\174]", "[bidi]"):gsub("\226\129[\166-\169]", "[bidi]")
  return (text:gsub("[&<>\"']", entities))
end

-- A table of rows: `columns` is a list of { title, function(row) -> value [, function(row) -> address] }.
function html.table(columns, rows)
  local out = { "<table>\n<thead><tr>" }
  for _, column in ipairs(columns) do out[#out + 1] = "<th scope=\"col\">" .. html.escape(column[1]) .. "</th>" end
  out[#out + 1] = "</tr></thead>\n<tbody>\n"
  for _, row in ipairs(rows) do
    out[#out + 1] = "<tr>"
    for _, column in ipairs(columns) do
      local value = column[2](row)
      local text = html.escape(value == nil and "" or value)
      if column[3] then text = "<a href=\"" .. html.escape(column[3](row)) .. "\">" .. text .. "</a>" end
      out[#out + 1] = (type(value) == "number" and "<td class=\"number\">" or "<td>") .. text .. "</td>"
    end
    out[#out + 1] = "</tr>\n"
  end
  out[#out + 1] = "</tbody>\n</table>\n"
  return table.concat(out)
end

-- Sends a page; `body` is HTML.
function html.page(title, body)
  sendHTTPHeader("text/html; charset=utf-8")
  print("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>", html.escape(title), "</title>\n",
    "<link rel=\"stylesheet\" href=\"/lua/style\">\n</head>\n<body>\n<h1>", html.escape(title), "</h1>\n", body, "</body>\n</html>\n")
end

-- For addresses: what is not plain in a component is written as %NN (RFC 3986).
function html.component(value)
  return (tostring(value):gsub("[^%w%-._~]", function(character) return ("%%%02X"):format(character:byte()) end))
end

return html

-- SPDX-License-Identifier: GPL-3.0-or-later
-- What every REST resource shares: reading parameters, answering, and saying what was wrong (RFC 7807).
local csv = require("csv")

local rest = {}

local titles = {
  [400] = "Bad Request", [403] = "Forbidden", [404] = "Not Found", [409] = "Conflict", [413] = "Content Too Large", [503] = "Service Unavailable",
}

-- `parameter` and `column` (1-based, in a filter) where they are known.
function rest.problem(status, detail, parameter, column)
  sendHTTPHeader("application/problem+json", status)
  print(json.encode({
    type = "about:blank", title = titles[status], status = status,
    detail = detail, parameter = parameter, column = column,
  }))
end

-- Sends what a question returned: its answer, or nil and why not. `columns`: a list is sent as CSV, with these or ({}) those that the
-- answer names, else all that its rows have.
function rest.answer(value, problem, columns)
  if value ~= nil and columns then
    sendHTTPHeader("text/csv; charset=utf-8; header=present")
    print(csv.encode(value.rows, columns[1] and columns or value.columns))
  elseif value ~= nil then
    sendHTTPHeader("application/json")
    print(json.encode(value))
  else
    rest.problem(problem.kind == "not_found" and 404 or 400, problem.message, problem.parameter, problem.column)
  end
end

-- A reader turns the text of a parameter into its value, or returns nil and what it must be.

function rest.text(text)
  return text
end

function rest.whole_number(low, high)
  return function(text)
    local number = text:find("^%d+$") and #text <= 15 and tonumber(text)
    if number and number >= low and number <= high then return number end
    return nil, ("must be a whole number from %.0f to %.0f"):format(low, high)
  end
end

function rest.one_of(...)
  local allowed = { ... }
  return function(text)
    for _, word in ipairs(allowed) do
      if text == word then return text end
    end
    return nil, "must be one of " .. table.concat(allowed, ", ")
  end
end

-- "a,b" -> { "a", "b" }
function rest.names(text)
  local names = {}
  for name in (text .. ","):gmatch("([^,]*),") do
    if not name:find("^[%a][%w_]*$") then return nil, "must be names of fields with commas between" end
    names[#names + 1] = name
  end
  return names
end

local function sorted_names(readers)
  local names = {}
  for name in pairs(readers) do names[#names + 1] = name end
  table.sort(names)
  return names
end

-- The parameters of the request by `readers` (name -> reader). An empty one counts as not given. After a mistake the problem
-- is sent and nil returned.
function rest.parameters(readers)
  local values = {}
  for name in pairs(_GET) do
    if not readers[name] then
      local known = table.concat(sorted_names(readers), ", ")
      rest.problem(400, "unknown parameter " .. name .. "; there " .. (known == "" and "are none" or "is " .. known), name)
      return nil
    end
  end
  for _, name in ipairs(sorted_names(readers)) do
    local text = _GET[name]
    if text and text ~= "" then
      local value, wrong = readers[name](text)
      if value == nil then
        rest.problem(400, name .. " " .. wrong, name)
        return nil
      end
      values[name] = value
    end
  end
  return values
end

-- The readers of a list's parameters, and of `more`.
function rest.list_readers(more)
  local readers = {
    interface = rest.text,
    filter = rest.text,
    sort = rest.text,
    order = rest.one_of("asc", "desc"),
    limit = rest.whole_number(0, 100000),
    offset = rest.whole_number(0, 999999999999),
    columns = rest.names,
    format = rest.one_of("json", "csv"),
  }
  for name, reader in pairs(more or {}) do readers[name] = reader end
  return readers
end

-- Other words for fields to sort by.
local sort_words = { throughput = "bits_per_second" }

-- A sign before the field to sort by is the order: "-bytes" descending, "+bytes" ascending. `order` goes before it.
local function read_sort(parameters)
  local sign, field = (parameters.sort or ""):match("^([-+ ]?)(.*)$") -- in a query a plus is a space
  if field == "" then return end
  parameters.sort = sort_words[field] or field
  if sign ~= "" and not parameters.order then parameters.order = sign == "-" and "desc" or "asc" end
end

-- Answers with what `question` says to the parameters of a list that were read, in the format that they ask for.
function rest.list(parameters, question)
  read_sort(parameters)
  local format = parameters.format
  parameters.format = nil
  local columns = parameters.columns
  if format == "csv" and not columns then parameters.column_names = true end
  local answer, problem = question(parameters)
  rest.answer(answer, problem, format == "csv" and (columns or {}) or nil)
end

local function is_in(names, wanted)
  for _, name in ipairs(names) do
    if name == wanted then return true end
  end
  return false
end

-- Numbers come before texts, these before true and false, whatever else a value is before them.
local ranks = { number = 2, string = 3, boolean = 4 }

-- What two values of one kind are compared by.
local function comparable(value)
  if type(value) == "boolean" then return value and 1 or 0 end
  return ranks[type(value)] and value or 0
end

local function comes_before(x, y)
  local of_x, of_y = ranks[type(x)] or 1, ranks[type(y)] or 1
  if of_x ~= of_y then return of_x < of_y end
  return comparable(x) < comparable(y)
end

-- Rows without the field come last when descending and first when ascending, others that are equal in the order they have.
local function sort_rows(rows, field, descending)
  local place = {}
  for i, row in ipairs(rows) do place[row] = i end
  table.sort(rows, function(a, b)
    local x, y = a[field], b[field]
    if comes_before(x, y) then return not descending end
    if comes_before(y, x) then return descending end
    return place[a] < place[b]
  end)
end

local function with_columns(row, columns)
  if not columns then return row end
  local chosen = {}
  for _, name in ipairs(columns) do chosen[name] = row[name] end
  return chosen
end

-- What is wrong with the names in the parameters of a list whose rows have the members `names`, or nil.
function rest.wrong_name(parameters, names)
  local function wrong(name, parameter)
    return { message = ('there is no field "%s"'):format(name), parameter = parameter }
  end
  if parameters.sort and not is_in(names, parameters.sort) then return wrong(parameters.sort, "sort") end
  for _, name in ipairs(parameters.columns or {}) do
    if not is_in(names, name) then return wrong(name, "columns") end
  end
end

-- For rows that a script made, with the members `names`: the window that the parameters ask for, sorted by the member they name or
-- the first; what a row does not have comes last when descending. nil and what is wrong when there is no such member.
function rest.window(rows, parameters, names)
  local problem = rest.wrong_name(parameters, names)
  if problem then return nil, problem end
  sort_rows(rows, parameters.sort or names[1], parameters.order ~= "asc")
  local offset = parameters.offset or 0
  local window = json.array({})
  for i = offset + 1, math.min(#rows, offset + (parameters.limit or 100)) do
    window[#window + 1] = with_columns(rows[i], parameters.columns)
  end
  return { offset = offset, rows = window, total = #rows, columns = parameters.column_names and names or nil }
end

-- Answers a request for a list, or for one item where the path goes on: { list = question, item = question, readers = readers of
-- further parameters of the list }.
function rest.resource(questions)
  if _PATH == "" then
    local parameters = rest.parameters(rest.list_readers(questions.readers))
    if parameters then rest.list(parameters, questions.list) end
  elseif questions.item then
    if rest.parameters({}) then rest.answer(questions.item(_PATH)) end
  else
    rest.problem(404, "This resource has no items.")
  end
end

-- Answers a request for a list whose rows a script makes: { names = members of a row, readers = readers of further parameters,
-- rows = function(parameters) that returns them and members that the answer is to have besides, or nil and what is wrong, item =
-- function() that answers where the path goes on }. Without readers of their own it has no interface and no filter.
function rest.made_list(made)
  if _PATH ~= "" then
    if not made.item then return rest.problem(404, "This resource has no items.") end
    if rest.parameters({}) then made.item() end
    return
  end
  local own = made.readers or {}
  local readers = rest.list_readers(own)
  readers.interface, readers.filter = own.interface, own.filter
  local parameters = rest.parameters(readers)
  if not parameters then return end
  rest.list(parameters, function(asked)
    local rows, more = made.rows(asked)
    if not rows then return nil, more end
    local window, problem = rest.window(rows, asked, made.names)
    for name, value in pairs(window and more or {}) do window[name] = value end
    return window, problem
  end)
end

-- Answers a request for a resource that is one thing: `question` gets the parameters read by `readers`.
function rest.single(readers, question)
  if _PATH ~= "" then return rest.problem(404, "This resource has no items.") end
  local parameters = rest.parameters(readers)
  if parameters then rest.answer(question(parameters)) end
end

return rest

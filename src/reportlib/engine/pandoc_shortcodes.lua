-- Quarto's shortcodes that need nothing but the document and its project: meta, var, kbd, pagebreak, lipsum, video (a link, as
-- Quarto writes on paper: a report fetches nothing), and {{{< name >}}},
-- which shows one. Others stay as they are, and the gate (pandoc_gate.lua) refuses them.

local M = {}

-- Between the braces of a shortcode that is shown, so that the gate does not take it for one; the engine removes it.
local SHOWN = "\u{fde1}"
local ESCAPED, SHORTCODE = "{{{(<.->)}}}", "{{<%s*(.-)%s*>}}"

local PARAGRAPHS = {
  "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua.",
  "Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat.",
  "Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu fugiat nulla pariatur.",
  "Excepteur sint occaecat cupidatat non proident, sunt in culpa qui officia deserunt mollit anim id est laborum.",
}

local meta, variables

local function inlines_of(value)
  local kind = pandoc.utils.type(value)
  if kind == "Inlines" then
    return value
  elseif kind == "Blocks" then
    return pandoc.utils.blocks_to_inlines(value)
  elseif kind == "string" or kind == "number" or kind == "boolean" then
    return pandoc.Inlines(tostring(value))
  end
end

-- What a path of names leads to ("license.text"), as inlines; nil where there is nothing that can stand in a line.
local function looked_up(values, path)
  local rest = path:gsub("\\+%.", ".") -- a point that is escaped
  while rest ~= "" do
    if type(values) ~= "table" then
      return nil
    end
    local name = rest -- the longest that is a key: a name may hold points
    while values[name] == nil and values[tonumber(name)] == nil and name:find(".", 1, true) do
      name = name:match("^(.*)%.[^.]*$")
    end
    values, rest = values[name] or values[tonumber(name)], rest:sub(#name + 2)
  end
  return values ~= nil and inlines_of(values) or nil
end

local SYSTEMS = { mac = "Mac", win = "Windows", linux = "Linux" }

local HANDLERS = {
  meta = function(path) return looked_up(meta, path) end,
  var = function(path)
    local found = looked_up(variables, path)
    return found and pandoc.utils.blocks_to_inlines(pandoc.read(pandoc.utils.stringify(found), "markdown").blocks)
  end,
  lipsum = function(count) return count == "1" and pandoc.Inlines(PARAGRAPHS[1]) or nil end,
  kbd = function(keys)
    if not keys:find("=") then
      return pandoc.Inlines({ pandoc.Code(keys) })
    end
    local out = pandoc.Inlines({})
    for first in keys:gmatch("%S+") do
      local system, pressed = first:match("^(%a+)=(%S+)$")
      if not SYSTEMS[system] then
        return nil
      end
      out:extend(pandoc.Inlines(#out > 0 and ", " or "") .. { pandoc.Code(pressed), pandoc.Str(" (" .. SYSTEMS[system] .. ")") })
    end
    return out
  end,
}

local function expanded(code)
  local address = code:match("^video%s+[\"“]?(https?://[^%s\"”]+)")
  if address then
    local title = code:match('title=["“](.-)["”]')
    return pandoc.Inlines({ pandoc.Link(title and pandoc.Inlines(title) or { pandoc.Str(address) }, address) })
  end
  local name, argument = code:match("^(%a+)%s+[\"']?([^\"']+)[\"']?$")
  return HANDLERS[name] and HANDLERS[name](argument)
end

-- Text in which no markup is read: code, addresses. Whether anything was a shortcode comes second.
local function expanded_text(value)
  local out = value:gsub(ESCAPED, "{" .. SHOWN .. "{%1}}"):gsub(SHORTCODE, function(code)
    local found = expanded(code)
    return found and pandoc.utils.stringify(found)
  end)
  return out, out ~= value
end

-- What an inline was in the source, as far as a shortcode can hold it; nil for all else.
local function source_of(inline)
  if inline.t == "Str" then
    return inline.text
  elseif inline.t == "Space" or inline.t == "SoftBreak" then
    return " "
  elseif inline.t == "Quoted" then
    local mark = inline.quotetype == "SingleQuote" and "'" or '"'
    return mark .. pandoc.utils.stringify(inline.content) .. mark
  end
end

-- The source from one inline to that in which its shortcode ends, and the number of the last.
local function whole_source(inlines, first)
  local source = ""
  for index = first, #inlines do
    local piece = source_of(inlines[index])
    if piece == nil then
      return nil
    end
    source = source .. piece
    local _, opened = source:gsub("{{<", "")
    local _, closed = source:gsub(">}}", "")
    if opened == closed then
      return source, index
    end
  end
end

-- The inlines of a source in which shortcodes stand among words; nil where one of them is not known.
local function read_source(source)
  local out, position = pandoc.Inlines({}), 1
  for before, opening, code, after in source:gmatch("()({?{{<)%s*(.-)%s*>}}()") do
    local text = source:sub(position, before - 1)
    local found
    if #opening == 4 then
      found, after = pandoc.Inlines({ pandoc.Str("{" .. SHOWN .. "{< " .. code .. " >}}") }), after + 1
    else
      found = expanded(code)
    end
    if found == nil then
      return nil
    end
    out:extend(pandoc.Inlines(text) .. found)
    position = after
  end
  return out .. pandoc.Inlines(source:sub(position))
end

local function in_inlines(inlines)
  local out, index, changed = pandoc.Inlines({}), 1, false
  while index <= #inlines do
    local inline, last, made = inlines[index], nil, nil
    if inline.t == "Str" and inline.text:find("{{<", 1, true) then
      local source
      source, last = whole_source(inlines, index)
      made = source and read_source(source)
    end
    if made then
      out:extend(made)
      index, changed = last + 1, true
    else
      out:insert(inline)
      index = index + 1
    end
  end
  return changed and out or nil
end

local function in_code(code)
  local changed
  if code.attributes.shortcodes == "false" then
    code.attributes.shortcodes = nil
    code.text, changed = code.text:gsub("{{<", "{" .. SHOWN .. "{<"), true
  elseif code.text:find("{{<", 1, true) then
    code.text, changed = expanded_text(code.text)
  end
  return changed and code or nil
end

local function decoded(address)
  if not address:find("%%7B%%7B%%3C") then
    return address
  end
  return (address:gsub("%%(%x%x)", function(code) return string.char(tonumber(code, 16)) end))
end

-- In the attributes of an element, and in its address if it has one.
local function in_attributes(name)
  return function(element)
    local any = false
    for key, written in pairs(element.attributes) do
      local value, changed = expanded_text(written)
      if changed then
        element.attributes[key], any = value, true
      end
    end
    local value, changed = expanded_text(name and decoded(element[name]) or "")
    if changed then
      element[name], any = value, true
    end
    return any and element or nil
  end
end

-- The shortcode that is all of a paragraph.
local function alone(block)
  if block.t == "Para" or block.t == "Plain" then
    return pandoc.utils.stringify(block):match("^" .. SHORTCODE .. "$")
  end
end

local function lorem(count)
  local out = pandoc.Blocks({})
  for number = 1, count do
    out:insert(pandoc.Para(pandoc.Inlines(PARAGRAPHS[(number - 1) % #PARAGRAPHS + 1])))
  end
  return out
end

local function in_blocks(blocks)
  local out, changed = pandoc.Blocks({}), false
  for _, block in ipairs(blocks) do
    local code = alone(block)
    local paragraphs = code and code:match("^lipsum (%d%d?)$")
    if paragraphs then
      out:extend(lorem(tonumber(paragraphs)))
      changed = true
    else
      out:insert(block)
    end
  end
  return changed and out or nil
end

-- A page can end between the blocks of the document itself only. The one shortcode that reports use: it comes before the gate, so
-- that they are spared the search for all others.
function M.with_pages(doc)
  doc.blocks = pandoc.Blocks(doc.blocks:map(function(block)
    return alone(block) == "pagebreak" and pandoc.Div({}, pandoc.Attr("", { "sideskift" })) or block
  end))
  return doc
end

-- `values` are the project's variables (_variables.yml).
function M.expand(doc, values)
  meta, variables = doc.meta, values
  doc.blocks = doc.blocks:walk({
    Blocks = in_blocks, Inlines = in_inlines, Code = in_code, CodeBlock = in_code,
    Image = in_attributes("src"), Link = in_attributes("target"), Div = in_attributes(), Span = in_attributes(), Header = in_attributes(),
  })
  return doc
end

-- ---- conditional content ----------------------------------------------------------------------------------------------

local NUMBER = "\xef\xb7[\x90-\x9f]"
local CLASSES = { ["content-visible"] = true, ["content-hidden"] = false }
local NAMES = { html = { html = true, ["html:js"] = true }, typst = { typst = true }, docx = { docx = true } }

local function truth(path)
  local found = looked_up(meta, path)
  return found ~= nil and pandoc.utils.stringify(found) ~= "false"
end

-- Whether all that the element asks is so; nil for what is not understood.
-- A number that can be followed stands in both formats, or the account of numbers would name one that is not there.
local function holds(element, format)
  if pandoc.utils.stringify(element):find(NUMBER) then
    return nil
  end
  local conditions = {
    ["when-format"] = function(name) return NAMES[format][name] == true end,
    ["unless-format"] = function(name) return not NAMES[format][name] end,
    ["when-meta"] = truth,
    ["unless-meta"] = function(path) return not truth(path) end,
  }
  local all = true
  for name, value in pairs(element.attributes) do
    if not conditions[name] then
      return nil
    end
    all = all and conditions[name](value)
  end
  return all
end

local function class_of(element)
  for _, class in ipairs(element.classes) do
    if CLASSES[class] ~= nil then
      return class
    end
  end
end

-- Whether anything in the document stands in one format only, or under a condition.
function M.is_conditional(doc, tell)
  local found = false
  local function look(element)
    found = found or class_of(element) ~= nil
    for _, name in ipairs({ "when-format", "unless-format" }) do
      if element.attributes[name] == "pdf" then
        tell(name .. '="pdf" means a PDF made with LaTeX, under Quarto too: the PDF here is "typst"', "pdf")
      end
    end
  end
  doc.blocks:walk({ Div = look, Span = look })
  return found
end

-- The document as one format shows it.
function M.of_format(doc, format)
  meta = doc.meta
  local function shown(element)
    local class = class_of(element)
    local result = class and #element.classes == 1 and element.identifier == "" and holds(element, format)
    if type(result) == "boolean" then
      return result == CLASSES[class] and element.content or {}
    end
  end
  doc.blocks = doc.blocks:walk({ Div = shown, Span = shown })
  return doc
end

return M

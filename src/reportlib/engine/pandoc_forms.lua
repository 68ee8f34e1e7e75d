-- Quarto's own forms become what the theme knows, in the tree that Pandoc read and before any filter: callouts, numbered
-- equations, theorems, tabs and words in the margin here, HTML in pandoc_html.lua, figures, tables and listings in
-- pandoc_floats.lua. What is not brought to a known form stays as it is, and the gate (pandoc_gate.lua) refuses it.

local shortcodes, html, floats = dofile("pandoc_shortcodes.lua"), dofile("pandoc_html.lua"), dofile("pandoc_floats.lua")

local M = {}

local told

local function tell(message, token)
  table.insert(told, { message = message, token = token })
end

html.tell = tell

local WORDS = {
  da = { note = "Note", tip = "Tip", warning = "Advarsel", important = "Vigtigt", caution = "Forsigtig",
    proof = "Bevis", remark = "Bemærkning", solution = "Løsning" },
  en = { note = "Note", tip = "Tip", warning = "Warning", important = "Important", caution = "Caution",
    proof = "Proof", remark = "Remark", solution = "Solution" },
}
local THEOREMS = { thm = true, lem = true, cor = true, prp = true, cnj = true, def = true, exm = true, exr = true }

local words

-- The title is the attribute or the heading the Div begins with, as inlines.
local function take_title(div, attribute)
  local given = div.attributes[attribute]
  local title = given and pandoc.utils.blocks_to_inlines(pandoc.read(given, "markdown").blocks)
  local first = div.content[1]
  if title == nil and first and first.t == "Header" then
    title = first.content
    div.content:remove(1)
  end
  div.attributes[attribute] = nil
  return title
end

local function is_plain(inlines)
  local plain = true
  local function found()
    plain = false
  end
  inlines:walk({ Math = found, Note = found, Image = found, Cite = found, RawInline = found })
  return plain
end

local function callout(div, kind)
  local title = take_title(div, "title")
  if title and not is_plain(title) then
    return nil -- a box's title is words alone
  end
  for _, look in ipairs({ "icon", "appearance", "collapse" }) do
    div.attributes[look] = nil
  end
  div.classes = div.classes:map(function(class) return (class == "callout-" .. kind or class == kind) and "boks" or class end)
  div.attributes.title = title and pandoc.utils.stringify(title) or words[kind]
  return div
end

local function proof(div, kind)
  local title = take_title(div, "name")
  local named = title and pandoc.Inlines({ pandoc.Str(" (") }) .. title .. pandoc.Inlines({ pandoc.Str(")") }) or pandoc.Inlines({})
  local called = pandoc.Inlines({ pandoc.Str(words[kind]) }) .. named .. pandoc.Inlines({ pandoc.Str(".") })
  local lead = { pandoc.Emph(called), pandoc.Space() }
  local first = div.content[1]
  if first and (first.t == "Para" or first.t == "Plain") then
    first.content = pandoc.Inlines(lead) .. first.content
  else
    div.content:insert(1, pandoc.Para(lead))
  end
  div.classes = div.classes:filter(function(class) return class ~= kind end)
  return div
end


-- Tabs one after the other, each under its heading: neither paper nor a page without scripts can hide one behind another.
local function tabs(div)
  for index, block in ipairs(div.content) do
    if block.t == "Header" then
      div.content[index] = pandoc.Para({ pandoc.Strong(block.content) })
    end
  end
  div.attributes.group = nil
  return div.content
end

-- Words for the margin: paragraphs of small type; in a line a note.
local function margin(element)
  element.attributes.shift = nil
  if element.t == "Span" then
    return pandoc.Note({ pandoc.Para(element.content) })
  end
  element.classes = { "note", "fri" }
  return element
end

-- What says how wide something stands beside or beyond the text: there is one width here.
local function is_width(class)
  return class:match("^column%-%a+$") ~= nil and class ~= "column-margin" or class:match("^column%-%a+%-%a+") ~= nil
end

local function is_margin(class)
  return class == "aside" or class == "column-margin"
end

-- What Quarto puts around the output of cells, which a document that was run before still has.
local CELL = {
  cell = true, ["cell-code"] = true, ["cell-output"] = true, ["cell-output-display"] = true, ["cell-output-stdout"] = true, sourceCode = true,
}

local function of_no_look(element)
  local before = #element.classes
  element.classes = element.classes:filter(function(class) return not CELL[class] end)
  if #element.classes < before then
    element.attributes.execution_count = nil
    element.classes = element.classes:filter(function(class) return class ~= "markdown" end)
  end
  local named = #element.classes > 1 or element.identifier ~= ""
  element.classes = element.classes:filter(function(class) return not is_width(class) and not (named and is_margin(class)) end)
  return #element.classes < before
end

-- Where captions stand and whether lines of code have numbers is the theme's to say.
local PLACES = { "cap-location", "fig-cap-location", "tbl-cap-location", "lst-cap-location", "code-line-numbers", "startFrom" }

local function pass_over_places(element)
  for _, name in ipairs(PLACES) do
    if element.attributes[name] then
      tell(name .. '="' .. element.attributes[name] .. '" is passed over: the theme decides that', name)
      element.attributes[name] = nil
    end
  end
end

local function known_div(div)
  local bare = of_no_look(div)
  pass_over_places(div)
  if #div.classes == 1 and is_margin(div.classes[1]) and div.identifier == "" then
    return margin(div)
  elseif div.classes:includes("panel-tabset") then
    return tabs(div)
  elseif bare and #div.classes == 0 and #div.attributes == 0 and div.identifier == "" then
    return div.content
  end
  for _, class in ipairs(div.classes) do
    local titled = class == "callout" and (div.attributes.title or div.content[1] and div.content[1].t == "Header")
    local kind = class:match("^callout%-(%a+)$") or titled and "callout" or (class == "proof" or class == "remark" or class == "solution") and class
    if kind and (words[kind] or titled) then
      return class == kind and class ~= "callout" and proof(div, kind) or callout(div, kind)
    end
  end
  if THEOREMS[div.identifier:match("^(%a+)%-")] then
    local title = take_title(div, "name")
    if title then
      div.content:insert(1, pandoc.Plain({ pandoc.Span(title, pandoc.Attr("", { "navn" })) })) -- crossref.lua takes it
    end
    div.classes:insert("saetning")
    return div
  end
  return floats.div(div) or bare and div or nil
end

local function known_code(block)
  of_no_look(block)
  pass_over_places(block)
  return floats.listing(block)
end

-- The attributes behind an equation, {#eq-a} or {#eq-a alt="..."}: identifier, words, and where they end.
local function equation_attributes(inlines, first)
  local source = ""
  for index = first, #inlines do
    local inline = inlines[index]
    if inline.t == "Quoted" then
      source = source .. '"' .. pandoc.utils.stringify(inline.content) .. '"'
    elseif inline.t == "Str" or inline.t == "Space" or inline.t == "SoftBreak" then
      source = source .. pandoc.utils.stringify(inline)
    else
      return nil
    end
    local identifier, rest = source:match("^{#(eq%-[%w_-]+)%s*(.*)}$")
    local words = rest and (rest:match('^alt%s*=%s*"([^"]+)"$') or rest:match("^alt%s*=%s*“(.+)”$"))
    if identifier and (words or rest == "") then
      return identifier, words, index
    elseif not ("{#eq-"):find(source:sub(1, 5), 1, true) then
      return nil
    end
  end
end

-- $$ ... $$ {#eq-a}
local function equations(inlines)
  local out, index = nil, 1
  while index <= #inlines do
    local math = inlines[index]
    if math.t == "Math" and math.mathtype == "DisplayMath" then
      local after = index + 1
      if inlines[after] and (inlines[after].t == "Space" or inlines[after].t == "SoftBreak") then
        after = after + 1
      end
      local identifier, words, last = equation_attributes(inlines, after)
      if identifier then
        out = out or pandoc.Inlines({ table.unpack(inlines, 1, index - 1) })
        out:insert(pandoc.Span({ math }, pandoc.Attr(identifier, { "ligning" }, { alt = words })))
        index = last + 1
        goto continue
      end
    end
    if out then
      out:insert(math)
    end
    index = index + 1
    ::continue::
  end
  return out
end

-- Chapters are the highest headings there are: a document may begin its own with ##.
local function raise_headings(blocks)
  local highest = 9
  for _, block in ipairs(blocks) do
    if block.t == "Header" then
      highest = math.min(highest, block.level)
    end
  end
  if highest == 1 or highest == 9 then
    return blocks
  end
  return blocks:walk({
    Header = function(header)
      header.level = math.max(header.level - highest + 1, 1)
      return header
    end,
  })
end

-- ---- values in equations ----------------------------------------------------------------------------------------------

-- The engine puts these around an inline value in text that has equations: what is escaped for Markdown is not for TeX.
local VALUE = "\u{fde0}(.-)\u{fde1}"
local SIGNS = "\xef\xb7[\xa0\xa1]"

local function tex_value(markdown)
  local plain = markdown:gsub("\\(%p)", "%1"):gsub(SIGNS, "")
  local tex = plain:gsub("[\\{}$&#%^_%%~]", function(sign)
    return (sign == "\\" and "\\backslash" or "\\" .. sign) .. "{}" -- or TeX takes the space after it
  end)
  return "\\text{" .. tex .. "}"
end

-- A document with values: in equations as TeX, elsewhere without the signs around them.
function M.with_values(doc)
  doc.blocks = doc.blocks:walk({
    Math = function(math)
      math.text = math.text:gsub(VALUE, tex_value)
      return math
    end,
    Str = function(str)
      if str.text:find("\xef\xb7[\xa0\xa1]") then
        str.text = str.text:gsub("\xef\xb7[\xa0\xa1]", "")
        return str.text ~= "" and str or {}
      end
    end,
  })
  return doc
end

-- What Bootstrap makes of a table, and where Quarto's page puts one: the theme has one look for all.
local LOOKS = { striped = true, hover = true, bordered = true, borderless = true, sm = true, plain = true }

local function known_table(tbl)
  of_no_look(tbl)
  tbl.classes = tbl.classes:filter(function(class) return not LOOKS[class] end)
  return tbl
end

local function known_image(image)
  of_no_look(image)
  pass_over_places(image)
  image.classes = image.classes:filter(function(class) return not is_margin(class) end)
  return image
end

local function known_span(span)
  span.classes = span.classes:filter(function(class) return class ~= "quarto-include-in-search-index" end)
  if #span.classes == 1 and is_margin(span.classes[1]) and span.identifier == "" then
    return margin(span)
  end
  return span
end

-- What slides do with a heading.
local function known_header(header)
  for name in pairs(header.attributes) do
    if name:match("^background%-") then
      header.attributes[name] = nil
    end
  end
  return header
end

-- Raw text: Pandoc's own forms of a tree are read; what is for LaTeX stands in neither PDF nor page, under Quarto as here.
local function raw_text(raw)
  if raw.format == "pandoc-native" or raw.format == "pandoc-json" then
    local read, tree = pcall(pandoc.read, raw.text, raw.format:sub(8))
    if read then
      return raw.t == "RawBlock" and tree.blocks or pandoc.utils.blocks_to_inlines(tree.blocks)
    end
  elseif raw.format == "latex" then
    tell("text in the format {=latex} is passed over: PDF and page are made without LaTeX", raw.text:match("%w+"))
    return {}
  end
end

-- Code with numbers behind its lines and the list that says what they are: the numbers as they print.
local CIRCLED = { "①", "②", "③", "④", "⑤", "⑥", "⑦", "⑧", "⑨" }

local function annotated(blocks)
  local changed = false
  for index, block in ipairs(blocks) do
    local list = blocks[index + 1]
    if block.t == "CodeBlock" and list and list.t == "OrderedList" then
      local lines = block.text .. "\n"
      lines = lines:gsub("%s*[#%%/-]+%s*<(%d)>[ \t]*\n", function(number)
        return CIRCLED[tonumber(number)] and "  " .. CIRCLED[tonumber(number)] .. "\n"
      end)
      block.text, changed = lines:sub(1, -2), changed or lines ~= block.text .. "\n"
    end
  end
  return changed and blocks or nil
end

M.is_look = html.is_look

function M.known(doc, values)
  told = pandoc.List({})
  doc = shortcodes.expand(doc, values)
  doc.blocks = doc.blocks:walk({ RawBlock = raw_text, RawInline = raw_text, Blocks = annotated })
  words = WORDS[pandoc.utils.stringify(doc.meta.lang or "da"):sub(1, 2)] or WORDS.en
  local blocks = doc.blocks:walk({ Blocks = html.blocks }):walk({ Inlines = html.inlines })
  doc.blocks = raise_headings(blocks:walk({
    Div = known_div, CodeBlock = known_code, Inlines = equations, Table = known_table, Image = known_image, Span = known_span, Header = known_header,
  }))
  return doc, told
end

-- The document by format, where something stands in one of them only; nil where it is the same in all.
function M.by_format(doc, formats)
  if not shortcodes.is_conditional(doc, tell) then
    return nil
  end
  local docs = {}
  for _, format in ipairs(formats) do
    docs[format] = shortcodes.of_format(doc:clone(), format)
  end
  return docs
end

return M
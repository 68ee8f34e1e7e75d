-- What a writer may write: one walk over the tree that Pandoc read, before any filter. Whatever is not on these lists is a
-- problem, so nothing is dropped or printed as its own markup because nobody thought of it. A class or an attribute without rules
-- says no more than how something looks: its words are set as any others, and the writer is told.
--
-- A problem is { message, token }: the token is text of the source that the message depends on; the engine finds the line by it.

local M = {}

-- Classes of a Div and the attributes that go with them. What theme and library print is here, and Quarto's own that are set.
local DIV_CLASSES = {
  forside = { "title", "subtitle", "kommune", "til", "udarbejdet-af", "dokumenttype", "dato", "dato-iso", "synthetic", "stamp",
    "description", "keywords" },
  boks = { "title", "tal" }, fremhaev = {}, noegletal = {}, figurblok = {}, tabelblok = {}, bred = {}, lang = {}, kilde = {},
  note = {}, fri = {}, sideskift = {}, panel = {}, del = { "bogstav" }, columns = {}, column = { "width" }, liste = {}, saetning = {},
}
local SPAN_CLASSES = {
  lys = {}, groen = {}, gul = {}, roed = {}, graa = {}, tal = { "key" }, ubrudt = {}, mark = {}, ligning = {}, navn = {},
}
local HEADER_CLASSES = { unnumbered = {}, unlisted = {} }
local IMAGE_ATTRIBUTES = { "fig-alt", "alt", "width", "height", "tal" }
local SIZE = "^%d*%.?%d+%s*(%a*%%?)$"
local UNITS = { ["%"] = true, px = true, [""] = true, cm = true, mm = true, ["in"] = true, pt = true, em = true }

-- Classes by which Quarto's pages hide what they hold, and forms that are set only as pandoc_forms.lua and pandoc_floats.lua know.
local HIDING = { "^hidden$", "^d%-none$", "^invisible$", "^visually%-hidden$", "^sr%-only$", "^collapse$", "^notes$" }
local FORMS = { "^callout", "^panel%-tabset$", "^list%-table$", "^proof$", "^remark$", "^solution$", "^aside$", "^column%-margin$" }
local FORM_ATTRIBUTES = { "^layout", "^when%-", "^unless%-" }

local problems, told, is_look, own_classes, heading_level, has_notes

local function refuse(message, token)
  table.insert(problems, { message = message, token = token })
end

local function tell(message, token)
  table.insert(told, { message = message, token = token })
end

local function is_any(name, patterns)
  for _, pattern in ipairs(patterns) do
    if name:find(pattern) then
      return true
    end
  end
  return false
end

local LETTERS = { ["æ"] = "ae", ["ø"] = "oe", ["å"] = "aa" }

-- Whether a name differs from another by one letter, two letters' order, or how æ, ø and å are written.
local function is_slip(name, other)
  name = name:gsub("\xc3.", LETTERS)
  local first, last, other_last = 1, #name, #other
  while first <= math.min(last, other_last) and name:byte(first) == other:byte(first) do
    first = first + 1
  end
  while last >= first and other_last >= first and name:byte(last) == other:byte(other_last) do
    last, other_last = last - 1, other_last - 1
  end
  local part, other_part = name:sub(first, last), other:sub(first, other_last)
  return math.min(#name, #other) > 3 and (#part < 2 and #other_part < 2 or #part == 2 and part == other_part:reverse())
end

local function meant(name, names)
  for _, other in ipairs(names) do
    if is_slip(name, other) then
      return other
    end
  end
end

local function sorted_names(...)
  local out = pandoc.List({})
  for _, names in ipairs({ ... }) do
    for name in pairs(names) do
      out:insert(name)
    end
  end
  table.sort(out)
  return out
end

local function set_of(names)
  local out = {}
  for _, name in ipairs(names) do
    out[name] = true
  end
  return out
end

local function shown(value)
  value = value:gsub("%s+", " ")
  if utf8.len(value) and utf8.len(value) > 60 then
    return value:sub(1, utf8.offset(value, 60) - 1) .. "…"
  end
  return value
end

-- The longest word of a text as far as it is told: what the source is searched for, and what the message changes with.
local function token_of(value)
  local told, longest = shown(value), nil
  if told:sub(-3) == "…" then
    told = told:gsub("%S*…$", "")
  end
  told = told:gsub("[\xe2\xef][\x80-\xbf][\x80-\xbf]", " ") -- quotation marks and dashes, which the source has otherwise, and signs
  for piece in told:gmatch("[%w_\x80-\xff-]+") do
    if longest == nil or #piece > #longest then
      longest = piece
    end
  end
  return longest
end

-- `classes`: name -> attributes it takes; `attributes`: those that may stand without a class.
local function check_attributes(element, what, classes, attributes)
  local taken = set_of(attributes or {})
  for _, class in ipairs(pandoc.List(element.classes)) do
    if classes[class] then
      for _, name in ipairs(classes[class]) do
        taken[name] = true
      end
    elseif class:match("^content%-%a+$") then
      refuse("the condition of the class ." .. class .. " is not understood, or a number that can be followed stands under it, "
        .. "which must stand in both PDF and page", class)
    elseif not own_classes[class] then
      local other = meant(class, sorted_names(classes))
      if other or is_any(class, HIDING) or is_any(class, FORMS) then
        refuse("the class ." .. class .. " of " .. what .. " means nothing to this engine" .. (other and "; was ." .. other .. " meant?" or ""),
          class)
      else
        tell("the class ." .. class .. " of " .. what .. " has no rules here: what it holds is set as anything else", class)
        element.classes = element.classes:filter(function(one) return one ~= class end)
      end
    end
  end
  local passed = pandoc.List({})
  for name, value in pairs(element.attributes) do
    if taken[name] and value:find("{{<", 1, true) then
      refuse("the shortcode in " .. name .. '="' .. shown(value) .. '" is not read there', token_of(value))
    elseif not taken[name] and not name:match("^data%-") then
      local other = meant(name, sorted_names(taken))
      if other or is_any(name, FORM_ATTRIBUTES) or (name == "style" and not is_look(value)) then
        refuse("the attribute " .. name .. "= of " .. what .. " is not followed" .. (other and "; was " .. other .. "= meant?" or ""), name)
      else
        tell("the attribute " .. name .. "= of " .. what .. " is passed over", name)
        passed:insert(name)
      end
    end
  end
  for _, name in ipairs(passed) do
    element.attributes[name] = nil
  end
end

local function text_of(element)
  return pandoc.utils.stringify(element)
end

-- Pandoc walks inlines before blocks, so a document's notes are known when its headings come.
local function has_note(header)
  local found = false
  if has_notes then
    header.content:walk({ Note = function() found = true end })
  end
  return found
end

-- A heading's text costs as much as all else that is asked of it: it is read where it is told, or may be none.
local function check_header(header)
  local level, first = header.level, header.content[1]
  check_attributes(header, "a heading", HEADER_CLASSES)
  if not (first and first.t == "Str") and text_of(header.content):match("^%s*$") then
    refuse("a heading without words", nil)
  end
  if has_note(header) then
    local text = text_of(header.content)
    refuse('the heading "' .. shown(text) .. '" has a footnote, which contents and page heads would repeat: put it in the text',
      token_of(text))
  end
  if level > heading_level + 1 then
    local text = text_of(header.content)
    refuse('the heading "' .. shown(text) .. '" is on level ' .. level .. ", but the one before it on level "
      .. heading_level .. ": no level may be left out", token_of(text))
  end
  heading_level = level
end

local function check_size(image, name)
  local value = image.attributes[name]
  local unit = value and value:match(SIZE)
  if value and not (unit and UNITS[unit]) then
    refuse("the size " .. name .. '="' .. value .. '" of the picture ' .. image.src .. " is not read: give %, px, cm, mm, in or pt",
      image.src)
  elseif name == "height" and unit == "%" then
    refuse('the height "' .. value .. '" of the picture ' .. image.src .. " is a share of nothing: give cm, mm, in, px or pt", image.src)
  end
end

local function check_image(image)
  if image.src:find("%%7B%%7B%%3C") then
    local written = image.src:gsub("%%(%x%x)", function(code) return string.char(tonumber(code, 16)) end)
    refuse("the shortcode in the address of the picture " .. written .. " is not known", token_of(written))
    return
  end
  check_attributes(image, "the picture " .. image.src, { ["inline-svg"] = {} }, IMAGE_ATTRIBUTES)
  check_size(image, "width")
  check_size(image, "height")
  if image.src:match("^%a[%w+.-]+:") or image.src:match("^//") then
    refuse("the picture " .. shown(image.src) .. " would be fetched: keep it beside the document", token_of(image.src))
  end
end

local function check_raw(raw)
  if raw.format == "html" and raw.text:match("^</") then
    return -- the tag that it closes is told
  end
  local what = raw.format == "html" and "the HTML " or ("text in the format {=" .. raw.format .. "}, ")
  refuse(what .. shown(raw.text) .. " would be in one of PDF and HTML only", token_of(raw.text) or raw.format)
end

-- Quarto expands shortcodes in code too.
local function check_code_text(code)
  local found = code.text:match("{{<[^\n]*")
  if found then
    refuse("the shortcode in code " .. shown(found) .. " is not known; to show it, write {{{< and >}}}", token_of(found))
  end
end

local function check_code_block(block)
  check_code_text(block)
  local class = block.classes[1] or ""
  if class:match("^{") then
    refuse("the cell " .. class .. " cannot stand here: its code would be printed, not run; move it out of the quotation", token_of(block.text))
    return
  end
  if block.text:find("[#%%/-]%s*<%d>%s*%f[\n\0]") then
    refuse("code with <1> behind a line needs the list that says what the numbers are, right after it", token_of(block.text))
  end
  if #block.classes > 1 or #block.attributes > 0 then -- the first class is the language
    check_attributes(block, "a block of code", { [class] = {} }, {})
  end
end

local function check_code(code)
  check_code_text(code)
  if #code.classes > 1 or #code.attributes > 0 then
    check_attributes(code, "code", { [code.classes[1] or ""] = {} }, {})
  end
  local language = code.text:match("^{(%a+)}%s")
  if language then
    refuse("code in {" .. language .. "} cannot stand here: it would be printed, not run; move it out of the quotation or the line", token_of(code.text))
  end
end

local function check_link(link)
  check_attributes(link, "a link", { uri = {}, email = {} }, { "target", "rel" })
  if link.target:match("%.qmd$") or link.target:match("%.qmd#") then
    tell("the link to " .. link.target .. " leads to a source, not to a report: its words stand without it", link.target)
    return link.content
  end
end

-- What stands in the text although it was meant as markup: Markdown did not read it.
local LITERAL = {
  { "{{<", "the shortcode " }, { ":::", "the fence of a Div is not read: " }, { "{#%a", "the attributes are not read: " },
  { "{%.%a", "the attributes are not read: " },
}

local function find_literal(value)
  for _, pair in ipairs(LITERAL) do
    local found = value:find(pair[1])
    if found then
      return pair[2] .. shown(value:sub(found)), token_of(value:sub(found))
    end
  end
end

local function check_block_text(block)
  local plain = block:walk({ Code = function() return {} end, Math = function() return {} end, Note = function() return {} end })
  local message, token = find_literal(text_of(plain))
  if message then
    refuse(message, token)
  end
end

-- A look at all of the text costs least; code may show markup, so what is found is looked at block by block.
local function check_text(blocks)
  if find_literal(text_of(blocks)) then
    blocks:walk({ Para = check_block_text, Plain = check_block_text })
  end
end

local function check_note(note)
  has_notes = true
  check_text(note.content)
end

-- Identifiers by which Quarto makes a Div a figure, a table or a theorem.
local FLOATS = set_of({ "fig", "tbl", "lst", "eq", "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr" })

local SET_AS_FLOATS = set_of({ "saetning", "liste", "panel", "del" })

local MARKUP = { "`[^`]+`", "%*%w[^*]*%*", "%$%S[^$]*%$", "%]%(" }

local function check_div(div)
  check_attributes(div, "a Div", DIV_CLASSES, { "lang" })
  local typed = div.classes:includes("boks") and not div.attributes.tal -- a title of the library's is words of data
  local title = typed and div.attributes.title or ""
  if is_any(title, MARKUP) then
    refuse('the title "' .. shown(title) .. '" of a box is words alone: its markup would be printed as it stands', token_of(title))
  end
  local known = div.classes:find_if(function(class) return SET_AS_FLOATS[class] end)
  if FLOATS[div.identifier:match("^(%a+)%-")] and not known then
    refuse("the Div #" .. div.identifier .. " is no figure, table or theorem that this engine can set: it holds one picture, or one "
      .. "table without a caption, and then a paragraph that is its caption", "#" .. div.identifier)
  end
end

local CHECKS = {
  Div = check_div,
  Span = function(span) check_attributes(span, "a span", SPAN_CLASSES, { "alt", "lang" }) end,
  Code = check_code,
  Image = check_image,
  Figure = function(figure) check_attributes(figure, "a figure", {}, { "fig-alt", "alt" }) end,
  Table = function(tbl) check_attributes(tbl, "a table", { bred = {}, del = {} }, {}) end,
  CodeBlock = check_code_block,
  RawBlock = check_raw,
  RawInline = check_raw,
  Link = check_link,
  Note = check_note,
}

-- The same checks, which leave in the tree what they leave of an element, or give for it.
local function without_told(checks)
  local out = {}
  for name, check in pairs(checks) do
    out[name] = function(element)
      return check(element) or element
    end
  end
  return out
end

-- The headings of a list of blocks that are its own, not those of a Div, a list or a quotation in it.
local function own_chapters(blocks)
  local count = 0
  for _, block in ipairs(blocks) do
    if block.t == "Header" and block.level == 1 then
      count = count + 1
    end
  end
  return count
end

-- Headings are chapters of the report: where they stand in something else neither contents nor pages know them.
local function check_inner_chapters(blocks)
  local function inside(element)
    local content = pandoc.Blocks(element.content)
    content:walk({
      Header = function(header)
        if header.level == 1 then
          local text = text_of(header.content)
          refuse('the heading "' .. shown(text) .. '" begins a chapter inside a Div or a quotation: move it out, or give it more signs #',
            token_of(text))
        end
      end,
    })
    return nil, false
  end
  blocks:walk({ traverse = "topdown", Div = inside, BlockQuote = inside })
end

-- The problems of a tree, what the writer is told of it, and whether it has headings but no chapter; `options`: own_classes (those
-- the project's own style sheets and filters know), first_level (the level a heading may come after: 1 where contents stand before
-- the text); `look`, from a style to whether it says only how something looks; `final`, whether the tree loses what was told.
function M.problems(doc, options, look, final)
  problems, told, is_look, own_classes, heading_level, has_notes = {}, {}, look, set_of(options.own_classes), options.first_level, false
  local blocks, chapters, headings = doc.blocks, 0, 0
  CHECKS.Header = function(header)
    headings, chapters = headings + 1, chapters + (header.level == 1 and 1 or 0)
    check_header(header)
  end
  if final then
    doc.blocks = blocks:walk(without_told(CHECKS))
  else
    blocks:walk(CHECKS)
  end
  if chapters > own_chapters(blocks) then
    check_inner_chapters(blocks)
  end
  check_text(blocks)
  if headings == 0 then
    doc.meta.toc = false -- contents of nothing
  end
  return problems, told, headings > 0 and chapters == 0
end

return M

-- Text from data on its way into Typst source or HTML: every value passes through one of these functions.

local M = {}

-- The signs around a number the engine has counted (U+FDD0 to U+FDDF, see reportlib.text.marks): the engine writes them out
-- when Pandoc is done. They take no room, and where nothing but text can stand they are left out.
local SIGNS = "\xef\xb7[\x90-\x9f]"

function M.unmarked(value)
  return (M.words(value:gsub(SIGNS, "")))
end

-- Words from data come with stand-ins for the signs that markup could read: U+F0000 and the sign (reportlib.text.inert). Here they
-- become themselves, with their number: in what is then escaped, or where nothing reads markup any more.
function M.words(value)
  return value:gsub("\xf3\xb0([\x80\x81])([\x80-\xbf])", function(high, low)
    return string.char((high:byte() - 0x80) * 64 + low:byte() - 0x80)
  end)
end

-- A Typst string literal. Inside one only the backslash and the quote mean anything, so no value can leave it.
function M.typst_string(value)
  local escaped = M.unmarked(value):gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("[\r\n\t]+", " ")
  return '"' .. escaped .. '"'
end

-- Text as Typst markup that is that text wherever it stands: no sign of it begins a list, a heading or a dash. The only way text
-- becomes Typst markup beside Pandoc's own writer.
function M.typst_text(value)
  return (value:gsub("%p", "\\%0"))
end

-- What Pandoc's writer leaves to Typst: a list, a heading or a term where a block or a line begins ("1. januar", "+ 2 flere"), a
-- minus for a hyphen before a number, dashes and three points.
local function reads_as_markup(value)
  return value:find("^[-+=/]") or value:find("^[^%w%p]*%d+%.") or value:find("%-[%-%d?\xef]") or value:find("..", 1, true)
end

local function guarded(str)
  if reads_as_markup(str.text) then
    return pandoc.RawInline("typst", M.typst_text(str.text))
  end
end

-- Blocks or inlines of a tree for Typst alone, in which all text stays text. A look at a whole block costs least.
function M.typst_safe(content)
  if pandoc.utils.type(content) == "Inlines" then
    return content:walk({ Str = guarded })
  end
  return pandoc.Blocks(content:map(function(block)
    local shown = pandoc.utils.stringify(block)
    if shown:find("[-+=/]") or shown:find("%d%.") or shown:find("..", 1, true) then
      block = block:walk({ Str = guarded })
    end
    return block
  end))
end

local ENTITIES = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;", ["'"] = "&#39;" }

-- What Pandoc writes of a value in a quoted attribute: its numbers stay marked.
function M.attribute(value)
  return (value:gsub("[&<>\"']", ENTITIES))
end

-- Text that is safe both between tags and inside a quoted attribute.
function M.html(value)
  return M.attribute(M.unmarked(value))
end

-- ` id="..."` in an HTML tag; nothing for what has no identifier.
function M.html_id(identifier)
  return identifier ~= "" and (' id="' .. M.html(identifier) .. '"') or ""
end

-- `<...>` behind what Typst shall find again; nothing for what has no identifier.
function M.typst_label(identifier)
  return identifier ~= "" and ("<" .. identifier .. ">") or ""
end

-- What Pandoc itself writes for the inlines.
function M.written(inlines, format)
  if format == "typst" then
    format, inlines = "typst-smart", M.typst_safe(pandoc.Inlines(inlines))
  end
  local source = pandoc.write(pandoc.Pandoc({ pandoc.Plain(inlines) }), format, { wrap_text = "none" })
  return (source:match("^%s*(.-)%s*$"))
end

-- "a, b ,c" -> {"a", "b", "c"}
function M.split_commas(value)
  local parts = pandoc.List({})
  for part in value:gmatch("[^,]+") do
    local trimmed = part:match("^%s*(.-)%s*$")
    if trimmed ~= "" then
      parts:insert(trimmed)
    end
  end
  return parts
end

-- FORMAT names what is written from this tree: one format, or (embedded engine) several joined by a plus. Each writer passes over
-- the pieces of the others, so `sources` holds a piece for each: { typst = "#boks[", html = "<div>" }.
local FORMATS = { "typst", "html" } -- Word gets Pandoc's own blocks: word.lua

-- As a plain list: Pandoc would read and make anew each piece of one of its own, for each cell of a table.
local function pieces(sources, make)
  local out = pandoc.List({})
  for _, format in ipairs(FORMATS) do
    if sources[format] and FORMAT:find(format, 1, true) then
      table.insert(out, make(format, sources[format]))
    end
  end
  return out
end

function M.blocks(sources)
  return pieces(sources, pandoc.RawBlock)
end

function M.inlines(sources)
  return pieces(sources, pandoc.RawInline)
end

-- In Quarto figures, tables and equations are Quarto's own nodes and are left to it.
function M.in_quarto()
  return quarto ~= nil
end

function M.is_typst()
  return FORMAT:find("typst", 1, true) ~= nil
end

function M.is_word()
  return FORMAT == "docx"
end

function M.is_html()
  return FORMAT:find("html", 1, true) ~= nil
end

return M

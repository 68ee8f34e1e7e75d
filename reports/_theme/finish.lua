-- format: all at once
-- After cross-references, in the embedded engine: figures, tables and equations as tagged Typst and HTML. Quarto does these
-- things itself; there only words from data are left to be written.

local folder = pandoc.path.directory(PANDOC_SCRIPT_FILE)
local part
function part(name)
  return assert(loadfile(pandoc.path.join({ folder, "lua", name .. ".lua" })))(part)
end
local text = part("text")

if quarto ~= nil then
  local function without_origins(element) -- where numbers come from is for our account, which Quarto's files have not
    if element.attributes.tal then
      element.attributes.tal = nil
      return element
    end
  end
  return {
    {
      Div = without_origins,
      Image = without_origins,
      Str = function(str)
        local written, count = text.words(str.text)
        return count > 0 and pandoc.Str(written) or nil
      end,
    },
    {
      Pandoc = function(doc) -- Typst would make a list of a cell that begins with "1. måling"
        if text.is_typst() then
          doc.blocks = text.typst_safe(doc.blocks)
        end
        return doc
      end,
    },
  }
end
if text.is_word() then
  local word = part("word")
  return {
    { traverse = "topdown", Figure = word.figure, Image = word.image, Table = word.table, Span = word.equation },
  }
end
local tables = part("tables")
local figures = part("figures")
local equations = part("equations")
local compounds = part("compounds")

-- An equation with its own words, [$x$]{alt="x"}, or with a number.
local function equation_span(span)
  local inner = span.content[1]
  local alt, number = span.attributes.alt, span.attributes.nr
  if (alt or number) and #span.content == 1 and inner.t == "Math" then
    return equations.written(inner, alt, number, span.identifier)
  end
end

-- A page can be turned for a table that is part of the text itself, not of a box or a list: its .tabelblok is told so.
local function turn_pages(doc)
  local waiting = tables.waiting()
  if #waiting == 0 then
    return nil
  end
  local blocks, open, turned = doc.blocks, {}, {}
  for index, block in ipairs(blocks) do
    if block.t == "RawBlock" and block.format == "typst" then
      if block.text:match("%[$") then
        table.insert(open, index)
      elseif block.text == "]" then
        table.remove(open)
      elseif block.text:find(tables.TURN, 1, true) and #open == 1 and blocks[open[1]].text:match("^#tabelblok%(") then
        blocks[open[1]] = pandoc.RawBlock("typst", (blocks[open[1]].text:gsub("%)%[$", ", vendt: true)[")))
        turned[block.text:sub(#tables.TURN + 1)] = true
      end
    end
  end
  for number, name in ipairs(waiting) do
    if not turned[tostring(number)] then
      pandoc.log.warn('the table "' .. name .. '" is too wide for the page, and a page cannot be turned inside a box or a list: '
        .. "divide it, or leave columns out")
    end
  end
  doc.blocks = blocks
  return doc
end

-- A figure before the pictures in it, an equation with words before the equation alone.
local written = { traverse = "topdown", Figure = figures.figure, Image = figures.image, Span = equation_span }

-- A column is as wide as what its cells show: what they hold is written first.
function written.Table(tbl)
  return tables.written(tbl:walk(written))
end

local with_equations = { Math = function(math) return equations.written(math) end }
for name, value in pairs(written) do
  with_equations[name] = value
end

return {
  { Pandoc = compounds.divide }, -- before captions are text like any other
  with_equations,
  { Pandoc = turn_pages },
}

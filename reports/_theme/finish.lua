-- The last filter of the embedded engine, after cross-references: figures, tables and equations as tagged Typst or HTML,
-- numbered headings and the contents of the HTML page. Quarto does these things itself, so there it does nothing.

if quarto ~= nil then
  return {}
end

local folder = pandoc.path.directory(PANDOC_SCRIPT_FILE)
local part
function part(name)
  return assert(loadfile(pandoc.path.join({ folder, "lua", name .. ".lua" })))(part)
end
local text = part("text")
local tables = part("tables")
local figures = part("figures")
local equations = part("equations")
local contents = part("contents")

-- An equation with its own words: [$x$]{alt="x"}
local function equation_span(span)
  local inner = span.content[1]
  if span.attributes.alt and #span.content == 1 and inner.t == "Math" then
    return equations.to_typst(inner, span.attributes.alt)
  end
end

if text.is_typst() then
  return {
    { Figure = figures.figure_to_typst }, -- before the pictures in them
    { Image = figures.image_to_typst, Table = tables.to_typst, Span = equation_span },
    { Math = function(math) return equations.to_typst(math) end },
  }
end

if text.is_html() then
  return {
    { Image = figures.image_to_html, Figure = figures.figure_to_html, Table = tables.to_html },
    { Pandoc = contents.build },
  }
end

return {}

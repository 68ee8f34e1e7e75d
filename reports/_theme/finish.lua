-- format: all at once
-- After cross-references, in the embedded engine: figures, tables and equations as tagged Typst and HTML. Quarto does these
-- things itself, so there it does nothing.

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

-- An equation with its own words: [$x$]{alt="x"}
local function equation_span(span)
  local inner = span.content[1]
  if span.attributes.alt and #span.content == 1 and inner.t == "Math" then
    span.content = equations.written(inner, span.attributes.alt)
    return span
  end
end

return {
  { Figure = figures.figure }, -- before the pictures in them
  { Image = figures.image, Table = tables.written, Span = equation_span },
  { Math = function(math) return equations.written(math) end },
}

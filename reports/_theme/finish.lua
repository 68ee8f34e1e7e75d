-- format: all at once
-- After cross-references, in the embedded engine: figures, tables and equations as tagged Typst and HTML. Quarto does these
-- things itself; there only words from data are left to be written.

-- Words from data come with stand-ins for the signs that markup could read (reportlib.inert: U+F0000 and the sign). The embedded
-- engine writes them out when Pandoc is done; in Quarto they become themselves here, where nothing reads markup any more.
local function words_written(str)
  local written, count = str.text:gsub("\xf3\xb0([\x80\x81])([\x80-\xbf])", function(high, low)
    return string.char((high:byte() - 0x80) * 64 + low:byte() - 0x80)
  end)
  return count > 0 and pandoc.Str(written) or nil
end

if quarto ~= nil then
  return { { Str = words_written } }
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

-- Equations: PDF/UA wants an alternative text; it is read aloud from the TeX source, or taken from [$x$]{alt="..."}.

local part = ... -- loads the neighbouring modules
local text = part("text")

local M = {}

local WORDS = {
  { "\\left", "" }, { "\\right", "" }, { "\\cdot", " gange " }, { "\\times", " gange " }, { "\\sum", " summen af " },
  { "\\prod", " produktet af " }, { "\\leq", " er højst " }, { "\\geq", " er mindst " }, { "\\le", " er højst " },
  { "\\ge", " er mindst " }, { "\\neq", " er forskellig fra " }, { "\\approx", " er omtrent " },
  { "\\pm", " plus eller minus " }, { "\\infty", " uendelig " }, { "\\in", " i " }, { "\\log", " logaritmen af " },
  { "\\exp", " eksponentialfunktionen af " }, { "\\quad", " " }, { "\\,", " " }, { "\\;", " " }, { "\\!", "" },
}

local function take_argument(source, start)
  if source:sub(start, start) == "{" then
    local group = source:match("^%b{}", start)
    if group then
      return group:sub(2, -2), start + #group
    end
  end
  local command = source:match("^\\%a+", start)
  if command then
    return command, start + #command
  end
  return source:sub(start, start), start + 1
end

-- Replaces `\name{a}{b}` by a sentence built from its arguments.
local function replace_command(source, name, arity, build)
  while true do
    local first, last = source:find("\\" .. name .. "%f[%A]")
    if not first then
      return source
    end
    local arguments, position = {}, last + 1
    for index = 1, arity do
      position = source:match("^%s*()", position)
      arguments[index], position = take_argument(source, position)
    end
    source = source:sub(1, first - 1) .. build(table.unpack(arguments)) .. source:sub(position)
  end
end

local function plain_replace(source, from, to)
  return (source:gsub(from:gsub("%p", "%%%0"), (to:gsub("%%", "%%%%"))))
end

-- Danish words for a TeX formula: rough, but it says what is divided by and added to what.
function M.read_aloud(tex)
  local out = tex
  out = replace_command(out, "frac", 2, function(a, b) return " (" .. a .. ") divideret med (" .. b .. ") " end)
  out = replace_command(out, "sqrt", 1, function(a) return " kvadratroden af (" .. a .. ") " end)
  out = replace_command(out, "hat", 1, function(a) return a .. " hat" end)
  out = replace_command(out, "bar", 1, function(a) return a .. " streg" end)
  out = replace_command(out, "overline", 1, function(a) return a .. " streg" end)
  for _, name in ipairs({ "text", "mathrm", "mathbf", "operatorname", "mathit" }) do
    out = replace_command(out, name, 1, function(a) return a end)
  end
  for _, pair in ipairs(WORDS) do
    local name = pair[1]:match("^\\(%a+)$")
    if name then
      out = replace_command(out, name, 0, function() return pair[2] end)
    else
      out = plain_replace(out, pair[1], pair[2])
    end
  end
  out = out:gsub("_", " indeks "):gsub("%^", " opløftet i ")
  out = out:gsub("=", " er lig med "):gsub("%+", " plus "):gsub("%-", " minus "):gsub("/", " divideret med ")
  out = out:gsub("\\(%a+)", " %1 "):gsub("[{}\\&]", " "):gsub("%s+", " ")
  return (out:match("^%s*(.-)%s*$"))
end

-- MathML without the TeX source that Pandoc puts beside it: a reader that copies or reads aloud would meet both.
local function mathml(math, alt)
  local source = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ math }) }), "html", { html_math_method = "mathml" })
  source = source:gsub("<annotation.-</annotation>", ""):gsub("</?semantics>", "")
  source = source:gsub("&#(649%d%d);", function(code) return utf8.char(tonumber(code)) end) -- a number's signs stay signs
  return (source:gsub("^%s*<math", function(tag) return tag .. ' alttext="' .. text.html(alt) .. '"' end):match("^%s*(.-)%s*$"))
end

-- `number` and `identifier` are those of an equation that is referred to.
function M.written(math, alt, number, identifier)
  local block = math.mathtype == "DisplayMath"
  local words = alt or M.read_aloud(math.text)
  local options = (block and "" or "block: false, ") .. (number and "nr: [(" .. number .. ")], " or "")
  local typst = "#ligning(" .. options .. text.typst_string(words) .. ")[" .. text.written({ math }, "typst") .. "];"
  local html = mathml(math, words)
  if number then
    typst = "#metadata(none)" .. text.typst_label(identifier) .. typst
    html = html .. '<span class="nr">(' .. number .. ")</span>"
  end
  if block then -- one that is wider than the page scrolls in its own box
    html = "<span" .. text.html_id(identifier or "") .. ' class="ligning rulle" role="group" tabindex="0" aria-label="'
      .. (number and "Ligning\u{a0}" .. number or "Ligning") .. '">' .. html .. "</span>"
  end
  return text.inlines({ typst = typst, html = html })
end

return M

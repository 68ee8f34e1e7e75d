-- format: all at once
-- The report's own elements, in Typst and HTML: boxes, figure and table blocks, source and note lines, traffic lights, key
-- figures. Both engines run it before cross-references; figures, tables, equations and headings are left to them (and to
-- finish.lua in the embedded engine).

local folder = pandoc.path.directory(PANDOC_SCRIPT_FILE)
local part
function part(name)
  return assert(loadfile(pandoc.path.join({ folder, "lua", name .. ".lua" })))(part)
end
local text, word = part("text"), part("word")

local LIGHTS = { "groen", "gul", "roed", "graa" }
-- The shape differs with the colour, so that the light can be read without seeing it.
local SHAPES = {
  groen = '<circle cx="6" cy="6" r="5"/>',
  gul = '<path d="M6 .8 11.6 11H.4z"/>',
  roed = '<path d="M1 1h10v10H1z"/>',
  graa = '<circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="2"/>',
}

local box_count = 0
local box_numbers = {} -- by identifier: `@boks-a` prints "Boks 3"

local function wrap(open, content, close)
  local out = text.blocks(open)
  out:extend(content)
  out:extend(text.blocks(close))
  return out
end

local function box(div)
  local title = div.attributes.title or ""
  local highlighted = div.classes:includes("fremhaev")
  box_count = box_count + 1
  if div.identifier ~= "" then
    if box_numbers[div.identifier] then
      pandoc.log.warn("the identifier #" .. div.identifier .. " is used twice")
    end
    box_numbers[div.identifier] = box_count
  end
  if text.is_word() then
    return word.box(div, box_count)
  end
  local id = "boks-titel-" .. box_count
  local heading = '<p class="boks-titel" id="' .. id .. '"><span class="nr">Boks ' .. box_count .. (title ~= "" and ":</span> " or "</span>")
    .. text.html(title) .. "</p>"
  local class = highlighted and "boks fremhaev" or "boks"
  local open = {
    typst = (div.identifier ~= "" and "#metadata(none)" .. text.typst_label(div.identifier) or "") .. "#boks(" .. text.typst_string(title) .. ", fremhaev: " .. tostring(highlighted) .. ")[",
    html = "<div" .. text.html_id(div.identifier) .. ' class="' .. class .. '" role="group" aria-labelledby="' .. id .. '">\n' .. heading,
  }
  return wrap(open, div.content, { typst = "]", html = "</div>" })
end

local function box_reference(cite)
  local id = #cite.citations == 1 and cite.citations[1].id
  local number = id and box_numbers[id]
  if number then
    local words = pandoc.Str("Boks\u{a0}" .. number)
    return text.is_word() and words or text.inlines({
      typst = "#link(<" .. id .. ">)[Boks~" .. number .. "];",
      html = '<a href="#' .. text.html(id) .. '" class="quarto-xref">' .. words.text .. "</a>",
    })
  end
end

local function flag(div, class)
  return tostring(div.classes:includes(class))
end

local typst_divs = {
  figurblok = function() return "figurblok" end,
  tabelblok = function(div)
    return "tabelblok(bred: " .. flag(div, "bred") .. ", lang: " .. flag(div, "lang") .. ")"
  end,
  kilde = function() return "kilde" end,
  note = function(div) return div.classes:includes("fri") and "fri-note" or "note" end,
}

local function html_open(div)
  return "<div" .. text.html_id(div.identifier) .. ' class="' .. text.html(table.concat(div.classes, " ")) .. '">'
end

-- One card for each item of the list in the Div.
local function key_figures(div)
  local list = div.content[1]
  if list == nil or list.t ~= "BulletList" then
    pandoc.log.warn('a .noegletal Div holds one bullet list, not "' .. pandoc.utils.stringify(div.content) .. '"')
    return nil
  end
  local out = text.inlines({ typst = "#noegletal(", html = html_open(div) .. "\n<ul>\n" })
  for _, item in ipairs(list.content) do
    out:extend(text.inlines({ typst = "[", html = "<li>" }))
    out:extend(pandoc.utils.blocks_to_inlines(item))
    out:extend(text.inlines({ typst = "], ", html = "</li>\n" }))
  end
  out:extend(text.inlines({ typst = ")", html = "</ul>\n</div>" }))
  return pandoc.Plain(out)
end

-- Columns side by side, as wide as they ask for; columns that do not ask share what is left.
local function columns(div)
  local parts = div.content:filter(function(block) return block.t == "Div" and block.classes:includes("column") end)
  if #parts < #div.content then
    local other = div.content:filter(function(block) return not parts:includes(block) end)
    pandoc.log.warn('a .columns Div holds .column Divs and nothing else, not "' .. pandoc.utils.stringify(other) .. '"')
  end
  local widths, asked, silent = {}, 0, 0
  for index, part in ipairs(parts) do
    widths[index] = tonumber((part.attributes.width or ""):match("^([%d.]+)%%$"))
    asked, silent = asked + (widths[index] or 0), silent + (widths[index] and 0 or 1)
  end
  local shares, sum = {}, 0
  for index = 1, #parts do
    widths[index] = widths[index] or math.max(100 - asked, 10) / silent
    sum = sum + widths[index]
    shares[index] = string.format("%gfr", widths[index])
  end
  local out = text.blocks({
    typst = "#spalter((" .. table.concat(shares, ", ") .. ",))[",
    html = '<div class="spalter" style="grid-template-columns:' .. table.concat(shares, " ") .. '">',
  })
  for index, part in ipairs(parts) do
    out:extend(text.blocks({ typst = index > 1 and "][" or nil, html = "<div>" }))
    out:extend(part.content:walk({ Table = function(tbl)
      tbl.attributes.andel = string.format("%.3f", widths[index] / sum * (tbl.attributes.andel or 1))
      return tbl
    end }))
    out:extend(text.blocks({ html = "</div>" }))
  end
  out:extend(text.blocks({ typst = "]", html = "</div>" }))
  return out
end

local function div_element(div)
  if div.classes:includes("boks") then
    return box(div)
  end
  if text.is_word() then
    return word.div(div)
  end
  if div.classes:includes("tabelblok") and not text.in_quarto() then
    local wide = div.classes:includes("bred")
    div = div:walk({ Table = function(tbl) -- finish.lua gives its columns their widths
      tbl.classes:extend(wide and { "i-blok", "bred" } or { "i-blok" })
      return tbl
    end })
  end
  if text.in_quarto() and not text.is_typst() then
    return nil -- the style sheet knows it by its class
  end
  if div.classes:includes("noegletal") then
    return key_figures(div)
  end
  if div.classes:includes("columns") and not text.in_quarto() then
    return columns(div)
  end
  if div.classes:includes("sideskift") then
    return text.blocks({ typst = "#pagebreak(weak: true)", html = '<div class="sideskift"></div>' })
  end
  for _, class in ipairs({ "figurblok", "tabelblok", "kilde", "note" }) do
    if div.classes:includes(class) then
      local open = { typst = "#" .. typst_divs[class](div) .. "[", html = html_open(div) }
      return wrap(open, div.content, { typst = "]", html = "</div>" })
    end
  end
end

local function light(span)
  for _, colour in ipairs(LIGHTS) do
    if span.classes:includes(colour) then
      if text.is_word() then
        return word.light(span, colour)
      end
      local out = text.inlines({
        typst = "#lys(" .. text.typst_string(colour) .. ")[",
        html = '<svg viewBox="0 0 12 12" aria-hidden="true" focusable="false">' .. SHAPES[colour] .. "</svg>",
      })
      out:extend(span.content)
      out:extend(text.inlines({ typst = "]" }))
      span.content = out
      return span
    end
  end
end

-- A number that can be followed, under Quarto: nothing there follows it, so the reader gets the number and no marks. The embedded
-- engine has counted its numbers and knows them by their signs.
local function number_element(span)
  if text.in_quarto() or text.is_typst() or text.is_word() then
    return span.content
  end
end

local function span_element(span)
  if span.classes:includes("lys") then
    return light(span)
  end
  if span.classes:includes("tal") then
    return number_element(span)
  end
  if span.attributes.lang and text.is_typst() and not text.in_quarto() then
    local inside = text.inlines({ typst = "#text(lang: " .. text.typst_string(span.attributes.lang) .. ", region: none)[" })
    span.content = inside .. span.content .. text.inlines({ typst = "];" })
    return span
  end
end

-- Quarto would divide a table's width alike among columns of which one is written wider than a line: words need their room.
local function table_element(tbl)
  if not text.in_quarto() then
    return nil
  end
  tbl.colspecs = tbl.colspecs:map(function(spec) return { spec[1], nil } end)
  return tbl
end

local function picture_element(image)
  image.attributes.tal = nil -- read by the engine
  return image
end

-- The sign for a figure that is not shown is one small point: make it big enough to be seen.
local HIDDEN = "·"

local function hidden_mark()
  local out = text.inlines({ typst = "#skjult;", html = '<span class="skjult">' .. HIDDEN .. "</span>" })
  return #out > 0 and out or { pandoc.Str(HIDDEN) }
end

-- A comma between figures is the decimal comma: the writers of formulas would print "0, 05" for 0{,}05.
local function decimal_commas(math)
  local words, tex = {}, math.text:gsub("(%d){,}(%d)", "%1,%2")
  if not tex:find("%d,%d") then
    return nil
  end
  tex = tex:gsub("\\text%a*%b{}", function(group)
    table.insert(words, group)
    return "\\" .. #words .. ";"
  end)
  tex = tex:gsub("%f[%d_^][_^]?%d[%d.,]*,%d+", function(number)
    return number:match("^%d") and "\\text{" .. number .. "}"
  end)
  math.text = tex:gsub("\\(%d+);", function(nr) return words[tonumber(nr)] end)
  return math
end

local LISTS = { BulletList = true, OrderedList = true }

local LONGEST_HEADING = 100 -- bytes

local function is_run_in_heading(block, shown)
  if #shown >= LONGEST_HEADING then
    return false
  end
  local content = block.content
  return #content == 1 and content[1].t == "Strong"
end

-- A line in bold, and a line that announces a list, must not stand alone at the foot of a page.
local function announces(block, following)
  if block.t ~= "Para" or following == nil then
    return false
  end
  local shown = pandoc.utils.stringify(block)
  return shown:match(":$") and LISTS[following.t] or is_run_in_heading(block, shown)
end

-- The lists of blocks within a block that running text can stand in; cells of tables are none of them.
local function inner_lists(block)
  if block.t == "Div" or block.t == "BlockQuote" then
    return { block.content }
  end
  return LISTS[block.t] and block.content or {}
end

-- With what must stay with the next marked so; nil where there is nothing of the kind.
local function keep_with_next(blocks)
  local out = nil
  for index, block in ipairs(blocks) do
    if announces(block, blocks[index + 1]) then
      out = out or pandoc.Blocks({ table.unpack(blocks, 1, index - 1) })
      out:extend(wrap({ typst = "#med-naeste[" }, { block }, { typst = "]" }))
    elseif out then
      out:insert(block)
    end
  end
  return out
end

-- The same, lists within lists first. What is not changed is not handed back to Pandoc, which would read it anew.
local function keep_lists_with_next(blocks)
  local changed = false
  for index, block in ipairs(blocks) do
    local lists, kept = inner_lists(block), nil
    for place, list in ipairs(lists) do
      local new = keep_lists_with_next(list)
      if new then
        kept = kept or { table.unpack(lists) }
        kept[place] = new
      end
    end
    if kept then
      block.content = LISTS[block.t] and kept or kept[1]
      blocks[index], changed = block, true
    end
  end
  return keep_with_next(blocks) or changed and blocks or nil
end

-- The point of an abbreviation is also the full stop: "25 pct." from code and the writer's "." give one point.
local TWO_POINTS = "(%a[\xef\xb7\x90-\x9f]*%.)%.$" -- a number's signs may stand before the first

local function last_text(inline)
  while inline and inline.content and #inline.content > 0 do
    inline = inline.content[#inline.content]
  end
  local shown = inline and (inline.t == "Str" or inline.t == "Math") and inline.text or ""
  return inline and inline.t == "Math" and shown:gsub("[}%s]+$", "") or shown -- "\\text{ pct.}" too ends with a full stop
end

local function one_full_stop(value, before)
  value = value:gsub(TWO_POINTS, "%1")
  if value:match("^%.[^.]*$") and before and last_text(before):match("%a%.$") then
    value = value:sub(2)
  end
  return value
end

-- What `english` in _quarto.yml lists is read aloud as English wherever it stands: each its words in small letters.
local english = pandoc.List({})

local function names_english(shown)
  shown = shown:lower()
  return english:find_if(function(words) return shown:find(table.concat(words, " "), 1, true) end) ~= nil
end

-- Whether a text has what `running_text` looks for: two points together, a hidden figure or English.
local function has_signs(shown)
  return shown:find("%.[^%w%s]*%.") or shown:find(HIDDEN, 1, true) or names_english(shown)
end

-- Where such words that begin at `at` end; a Danish genitive ("Foundations") and the signs around them go with them.
local function english_until(inlines, at)
  for _, words in ipairs(english) do
    local fits = true
    for place, word in ipairs(words) do
      local inline = inlines[at + 2 * place - 2]
      local shown = inline and inline.t == "Str" and inline.text:lower():match("^%p*(.-)%p*$")
      fits = fits and (shown == word or shown == word .. "s")
    end
    if fits then
      return at + 2 * #words - 2
    end
  end
end

local function running_text(inlines)
  if not has_signs(pandoc.utils.stringify(inlines)) then
    return nil
  end
  local out, at = pandoc.Inlines({}), 1
  while inlines[at] do
    local inline = inlines[at]
    local last = english_until(inlines, at)
    if last then
      out:insert(pandoc.Span({ table.unpack(inlines, at, last) }, { lang = "en" }))
    elseif inline.t ~= "Str" then
      out:insert(inline)
    elseif inline.text == HIDDEN then
      out:extend(hidden_mark())
    else
      local value = one_full_stop(inline.text, out[#out])
      if value ~= "" then
        out:insert(pandoc.Str(value))
      end
    end
    at = (last or at) + 1
  end
  return out
end

-- Two notes side by side have a comma between their marks: "2,3" and not "23".
local notes = 0

local function part_notes(inlines)
  for at = #inlines, 2, -1 do
    local gap = inlines[at - 1].t == "Space" and 1 or 0
    local before = inlines[at - 1 - gap]
    if inlines[at].t == "Note" and before and before.t == "Note" then
      inlines:insert(at, pandoc.Superscript(","))
      if gap == 1 then
        inlines:remove(at - 1)
      end
    end
  end
  return inlines
end

-- Nearly all text has neither two points together nor a hidden figure nor English, and a look at a whole block costs least.
local function look_over(blocks)
  return blocks:map(function(block)
    local shown = pandoc.utils.stringify(block)
    if not has_signs(shown) then
      return block
    end
    if block.t == "Div" then
      block.content = look_over(block.content)
      return block
    end
    return block:walk({ Inlines = running_text })
  end)
end

return {
  {
    Pandoc = function(doc)
      for _, phrase in ipairs(doc.meta.english or {}) do
        local words = pandoc.List({})
        for word in pandoc.utils.stringify(phrase):lower():gmatch("%S+") do
          words:insert(word)
        end
        english:insert(words)
      end
      local blocks = look_over(doc.blocks)
      doc.blocks = text.is_typst() and keep_lists_with_next(blocks) or blocks
      return doc
    end,
  },
  {
    Div = div_element,
    Span = span_element,
    Image = picture_element,
    Table = table_element,
    Math = decimal_commas,
    Note = function(note)
      notes = notes + 1
      note.content = look_over(note.content) -- a block's text is that without its notes
      return note
    end,
  },
  {
    Pandoc = function(doc)
      if next(box_numbers) or notes > 1 then -- else the walk is spared
        doc.blocks = doc.blocks:walk({ Cite = box_reference, Inlines = notes > 1 and part_notes or nil })
        return doc
      end
    end,
  },
}

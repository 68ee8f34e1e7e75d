-- The report's own elements, in Typst and HTML: boxes, figure and table blocks, source and note lines, traffic lights, key
-- figures. Both engines run it before cross-references; figures, tables, equations and headings are left to them (and to
-- finish.lua in the embedded engine).

local folder = pandoc.path.directory(PANDOC_SCRIPT_FILE)
local text = assert(loadfile(pandoc.path.join({ folder, "lua", "text.lua" })))()

local LIGHTS = { "groen", "gul", "roed", "graa" }
-- The shape differs with the colour, so that the light can be read without seeing it.
local SHAPES = {
  groen = '<circle cx="6" cy="6" r="5"/>',
  gul = '<path d="M6 .8 11.6 11H.4z"/>',
  roed = '<path d="M1 1h10v10H1z"/>',
  graa = '<circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="2"/>',
}

local box_count = 0

local function wrap(open, content, close)
  local out = pandoc.Blocks({ open })
  out:extend(content)
  out:insert(close)
  return out
end

local function typst_call(call, content)
  return wrap(text.typst_block("#" .. call .. "["), content, text.typst_block("]"))
end

local function box(div)
  local title = div.attributes.title or ""
  local highlighted = div.classes:includes("fremhaev")
  if text.is_typst() then
    return typst_call(
      "boks(" .. text.typst_string(title) .. ", fremhaev: " .. tostring(highlighted) .. ")", div.content)
  end
  if text.is_html() then
    box_count = box_count + 1
    local id = "boks-titel-" .. box_count
    local heading = '<p class="boks-titel" id="' .. id .. '"><span class="nr">Boks ' .. box_count .. ":</span> "
      .. text.html(title) .. "</p>"
    local class = highlighted and "boks fremhaev" or "boks"
    return wrap(
      pandoc.RawBlock("html", '<div class="' .. class .. '" role="group" aria-labelledby="' .. id .. '">\n' .. heading),
      div.content, pandoc.RawBlock("html", "</div>"))
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

-- One card for each item of the list in the Div.
local function key_figures(div)
  local list = div.content[1]
  if list == nil or list.t ~= "BulletList" then
    error("a .noegletal Div holds one bullet list")
  end
  local out = pandoc.Inlines({ text.typst_inline("#noegletal(") })
  for _, item in ipairs(list.content) do
    out:insert(text.typst_inline("["))
    out:extend(pandoc.utils.blocks_to_inlines(item))
    out:insert(text.typst_inline("], "))
  end
  out:insert(text.typst_inline(")"))
  return pandoc.Plain(out)
end

local function div_element(div)
  if div.classes:includes("boks") then
    return box(div)
  end
  if div.classes:includes("bred") and not text.in_quarto() then
    div = div:walk({ Table = function(tbl)
      tbl.classes:insert("bred") -- finish.lua gives its columns their widths
      return tbl
    end })
  end
  if text.is_typst() then
    if div.classes:includes("noegletal") then
      return key_figures(div)
    end
    for _, class in ipairs({ "figurblok", "tabelblok", "kilde", "note" }) do
      if div.classes:includes(class) then
        return typst_call(typst_divs[class](div), div.content)
      end
    end
  end
end

local function light(span)
  for _, colour in ipairs(LIGHTS) do
    if span.classes:includes(colour) then
      if text.is_typst() then
        local out = pandoc.Inlines({ text.typst_inline("#lys(" .. text.typst_string(colour) .. ")[") })
        out:extend(span.content)
        out:insert(text.typst_inline("]"))
        return out
      end
      if text.is_html() then
        span.content:insert(1, pandoc.RawInline("html",
          '<svg viewBox="0 0 12 12" aria-hidden="true" focusable="false">' .. SHAPES[colour] .. "</svg>"))
        return span
      end
    end
  end
end

-- A number that can be followed, under Quarto: the embedded engine has counted its numbers and knows them by their signs.
local function number_element(span)
  if text.is_typst() then
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
end

local function picture_element(image)
  image.attributes.tal = nil -- read by the engine
  return image
end

-- The sign for a figure that is not shown is one small point: make it big enough to be seen.
local HIDDEN = "·"

local function hidden_mark()
  if text.is_typst() then
    return text.typst_inline("#skjult;")
  end
  if text.is_html() then
    return pandoc.Span({ pandoc.Str(HIDDEN) }, { class = "skjult" })
  end
  return pandoc.Str(HIDDEN)
end

local LISTS = { BulletList = true, OrderedList = true }

local function ends_with_colon(paragraph)
  local last = paragraph.content[#paragraph.content]
  return last ~= nil and last.t == "Str" and last.text:match(":$") ~= nil
end

local function is_run_in_heading(paragraph)
  return #paragraph.content == 1 and paragraph.content[1].t == "Strong"
end

-- A line in bold, and a line that announces a list, must not stand alone at the foot of a page.
local function announces(block, following)
  return block.t == "Para" and following ~= nil
    and (is_run_in_heading(block) or (LISTS[following.t] and ends_with_colon(block)))
end

local function keep_with_next(blocks)
  if not text.is_typst() then
    return nil
  end
  local out = nil -- built from the first line that announces on: most lists of blocks have none
  for index, block in ipairs(blocks) do
    if announces(block, blocks[index + 1]) then
      out = out or pandoc.Blocks({ table.unpack(blocks, 1, index - 1) })
      out:extend(typst_call("med-naeste", { block }))
    elseif out then
      out:insert(block)
    end
  end
  return out
end

local function left_whole(block)
  return block, false
end

-- The point of an abbreviation is also the full stop: "25 pct." from code and the writer's "." give one point.
local TWO_POINTS = "(%a[\xef\xb7\x90-\x9f]*%.)%.$" -- a number's signs may stand before the first

local function last_text(inline)
  while inline and inline.content and #inline.content > 0 do
    inline = inline.content[#inline.content]
  end
  return inline and inline.t == "Str" and inline.text or ""
end

local function one_full_stop(value, before)
  value = value:gsub(TWO_POINTS, "%1")
  if value:match("^%.[^.]*$") and before and last_text(before):match("%a%.$") then
    value = value:sub(2)
  end
  return value
end

local function running_text(inlines)
  local out = pandoc.Inlines({})
  for _, inline in ipairs(inlines) do
    if inline.t ~= "Str" then
      out:insert(inline)
    elseif inline.text == HIDDEN then
      out:insert(hidden_mark())
    else
      local value = one_full_stop(inline.text, out[#out])
      if value ~= "" then
        out:insert(pandoc.Str(value))
      end
    end
  end
  return out
end

-- Nearly all text has neither two points together nor a hidden figure, and a look at a whole block costs least.
local function look_over(blocks)
  return blocks:map(function(block)
    local shown = pandoc.utils.stringify(block)
    if not shown:find("%.[^%w%s]*%.") and not shown:find(HIDDEN, 1, true) then
      return block
    end
    if block.t == "Div" then
      block.content = look_over(block.content)
      return block
    end
    return block:walk({ Inlines = running_text })
  end)
end

local function look_over_text(doc)
  doc.blocks = look_over(doc.blocks:walk({
    Note = function(note) -- what stands in notes is not part of the text around them
      note.content = look_over(note.content)
      return note
    end,
  }))
  return doc
end

return {
  { Pandoc = look_over_text },
  { traverse = "topdown", Blocks = keep_with_next, Table = left_whole },
  { Div = div_element, Span = span_element, Image = picture_element },
}

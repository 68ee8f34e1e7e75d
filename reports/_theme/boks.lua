-- format: all at once
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
  local out = text.blocks(open)
  out:extend(content)
  out:extend(text.blocks(close))
  return out
end

local function box(div)
  if not (text.is_typst() or text.is_html()) then
    return nil
  end
  local title = div.attributes.title or ""
  local highlighted = div.classes:includes("fremhaev")
  box_count = box_count + 1
  local id = "boks-titel-" .. box_count
  local heading = '<p class="boks-titel" id="' .. id .. '"><span class="nr">Boks ' .. box_count .. ":</span> "
    .. text.html(title) .. "</p>"
  local class = highlighted and "boks fremhaev" or "boks"
  local open = {
    typst = "#boks(" .. text.typst_string(title) .. ", fremhaev: " .. tostring(highlighted) .. ")[",
    html = '<div class="' .. class .. '" role="group" aria-labelledby="' .. id .. '">\n' .. heading,
  }
  return wrap(open, div.content, { typst = "]", html = "</div>" })
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
    error("a .noegletal Div holds one bullet list")
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
  if text.in_quarto() and not text.is_typst() then
    return nil -- the style sheet knows it by its class
  end
  if div.classes:includes("noegletal") then
    return key_figures(div)
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
  local out = text.inlines({ typst = "#skjult;", html = '<span class="skjult">' .. HIDDEN .. "</span>" })
  return #out > 0 and out or { pandoc.Str(HIDDEN) }
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

local function keep_with_next(blocks)
  local out = pandoc.Blocks({})
  for index, block in ipairs(blocks) do
    if announces(block, blocks[index + 1]) then
      out:extend(wrap({ typst = "#med-naeste[" }, { block }, { typst = "]" }))
    else
      out:insert(block)
    end
  end
  return out
end

-- Changes the blocks in place, lists within lists first.
local function keep_lists_with_next(blocks)
  for _, block in ipairs(blocks) do
    local lists = inner_lists(block)
    if #lists > 0 then
      local kept = {}
      for index, list in ipairs(lists) do
        kept[index] = keep_lists_with_next(list)
      end
      block.content = LISTS[block.t] and kept or kept[1]
    end
  end
  return keep_with_next(blocks)
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
      out:extend(hidden_mark())
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

return {
  {
    Pandoc = function(doc)
      local blocks = look_over(doc.blocks)
      doc.blocks = text.is_typst() and keep_lists_with_next(blocks) or blocks
      return doc
    end,
  },
  {
    Div = div_element,
    Span = span_element,
    Image = picture_element,
    Note = function(note)
      note.content = look_over(note.content) -- a block's text is that without its notes
      return note
    end,
  },
}

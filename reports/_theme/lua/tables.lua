-- Tables: header row and row headers for both formats; in Typst our own writer, because Pandoc's gives every column the
-- width of its content and drops row headers.

local part = ... -- loads the neighbouring modules
local text = part("text")

local M = {}

local ALIGN = { AlignLeft = "left", AlignRight = "right", AlignCenter = "center", AlignDefault = "left" }
-- characters
local MIN_TEXT_WIDTH, MAX_TEXT_WIDTH, UNBROKEN_TEXT, MIN_NUMBER_WIDTH = 10, 42, 18, 5
-- points: the line of the page, a character of a table's type and a cell's padding left and right; `bred` tables are set smaller
local LINE_WIDTH = 462
local NORMAL = { text = 4.3, label = 4.7, digit = 4.6, heading = 5.3, padding = 11 }
local SMALL = { text = 3.8, label = 4.3, digit = 4.1, heading = 4.7, padding = 8 }

local function cell_inlines(cell)
  return pandoc.utils.blocks_to_inlines(cell.contents, { pandoc.LineBreak() })
end

-- A cell or caption that starts like Typst list or heading markup ("1. kvartal", "- ") must stay text.
function M.guard_start(inlines)
  local first = inlines[1]
  if first and first.t == "Str" and (first.text:match("^%d+%.$") or first.text:match("^[-+=/]+$")) then
    inlines = inlines:clone()
    inlines[1] = text.typst_inline("#" .. text.typst_string(first.text) .. ";")
  end
  return inlines
end

local function longest_word(value)
  local longest = 0
  for word in value:gmatch("%S+") do
    longest = math.max(longest, utf8.len(word) or #word)
  end
  return longest
end

local function rows_of(tbl)
  local rows = pandoc.List({})
  for _, body in ipairs(tbl.bodies) do
    rows:extend(body.head)
    rows:extend(body.body)
  end
  rows:extend(tbl.foot.rows)
  return rows
end

local function cell_length(cell)
  if cell == nil then
    return 0
  end
  local length = utf8.len(pandoc.utils.stringify(cell.contents)) or 0
  pandoc.walk_block(pandoc.Div(cell.contents), {
    RawInline = function(raw)
      if raw.text:match("^#lys%(") then
        length = length + 3 -- a traffic light's symbol
      elseif raw.text:match("^#ref%(") then
        length = length + 9 -- "Tabel 12"
      end
    end,
  })
  return length
end

-- What a column needs (nothing in it breaks) and what it can do with (only words are whole), in points at table size.
local function column_needs(tbl, rows, index, is_number)
  local size = tbl.classes:includes("bred") and SMALL or NORMAL
  local content, heading = 0, 0
  for _, row in ipairs(rows) do
    content = math.max(content, cell_length(row.cells[index]))
  end
  for _, row in ipairs(tbl.head.rows) do
    local cell = row.cells[index]
    heading = math.max(heading, cell and longest_word(pandoc.utils.stringify(cell.contents)) or 0)
  end
  if is_number then
    local need = math.max(math.max(content, MIN_NUMBER_WIDTH) * size.digit, heading * size.heading)
    return need + size.padding, need + size.padding
  end
  local need = math.max(math.min(content, MAX_TEXT_WIDTH), MIN_TEXT_WIDTH) * size.text
  local least = math.max(math.min(content, UNBROKEN_TEXT) * size.label, heading * size.heading)
  return math.max(need, least) + size.padding, least + size.padding
end

-- Relative widths from what the columns hold: numbers are never broken, text gives way first, room left over is shared.
local function column_widths(tbl, rows)
  local needs, leasts, need_sum, least_sum = {}, {}, 0, 0
  for index, spec in ipairs(tbl.colspecs) do
    needs[index], leasts[index] = column_needs(tbl, rows, index, spec[1] == "AlignRight")
    need_sum = need_sum + needs[index]
    least_sum = least_sum + leasts[index]
  end
  local slack = need_sum - least_sum
  local give = need_sum > LINE_WIDTH and slack > 0 and math.min((need_sum - LINE_WIDTH) / slack, 1) or 0
  local widths = {}
  for index = 1, #needs do
    widths[index] = string.format("%dfr", math.floor(needs[index] - give * (needs[index] - leasts[index]) + 0.5))
  end
  return widths
end

local function append_row(out, row)
  for _, cell in ipairs(row.cells) do
    local spans = {}
    if cell.col_span > 1 then
      table.insert(spans, "colspan: " .. cell.col_span)
    end
    if cell.row_span > 1 then
      table.insert(spans, "rowspan: " .. cell.row_span)
    end
    local open = #spans > 0 and ("table.cell(" .. table.concat(spans, ", ") .. ")[") or "["
    out:insert(text.typst_inline(open))
    out:extend(M.guard_start(cell_inlines(cell)))
    out:insert(text.typst_inline("], "))
  end
end

local function caption_inlines(tbl)
  return pandoc.utils.blocks_to_inlines(tbl.caption.long)
end

-- One Plain of raw pieces around the cells' own inlines, so that notes and references in cells stay ordinary Pandoc.
function M.to_typst(tbl)
  local rows = rows_of(tbl)
  local aligns = tbl.colspecs:map(function(spec) return ALIGN[spec[1]] end)
  local function tuple(items)
    return "(" .. table.concat(items, ", ") .. ",)"
  end
  local caption = caption_inlines(tbl)
  -- without a caption it is no figure, or it would take a number
  local out = pandoc.Inlines({ text.typst_inline("#") })
  if #caption > 0 then
    out:insert(text.typst_inline("figure(kind: table, caption: ["))
    out:extend(M.guard_start(caption))
    out:insert(text.typst_inline("], "))
  end
  out:insert(text.typst_inline(
    "table(columns: " .. tuple(column_widths(tbl, rows)) .. ", align: " .. tuple(aligns) .. ", "))
  if #tbl.head.rows > 0 then
    out:insert(text.typst_inline("table.header("))
    for _, row in ipairs(tbl.head.rows) do
      append_row(out, row)
    end
    out:insert(text.typst_inline("), "))
  end
  for _, row in ipairs(rows) do
    append_row(out, row)
  end
  if #caption > 0 then
    local label = tbl.identifier ~= "" and ("<" .. tbl.identifier .. ">") or ""
    out:insert(text.typst_inline("))" .. label))
  else
    out:insert(text.typst_inline(")"))
  end
  return pandoc.Plain(out)
end

local function set_scope(row, scope)
  for _, cell in ipairs(row.cells) do
    cell.attr.attributes.scope = scope
  end
end

-- A header cell with nothing in it tells a screen reader nothing: name what the rows are.
local function name_empty_headers(row)
  for _, cell in ipairs(row.cells) do
    if pandoc.utils.stringify(cell.contents) == "" then
      cell.contents = { pandoc.Plain({ pandoc.RawInline("html", '<span class="kun-oplaest">Række</span>') }) }
    end
  end
end

-- First column becomes <th scope="row">, the header row <th scope="col">; widths are left to the style sheet.
function M.mark_headers(tbl)
  for _, row in ipairs(tbl.head.rows) do
    set_scope(row, "col")
    if text.is_html() then
      name_empty_headers(row)
    end
  end
  for _, body in ipairs(tbl.bodies) do
    body.row_head_columns = 1
    for _, row in ipairs(body.body) do
      if row.cells[1] then
        row.cells[1].attr.attributes.scope = "row"
      end
    end
  end
  tbl.colspecs = tbl.colspecs:map(function(spec) return { spec[1], nil } end)
  return tbl
end

-- <figure> with the caption outside the box that scrolls, so that a wide table never takes its title out of sight.
function M.to_html(tbl)
  tbl = M.mark_headers(tbl)
  local caption = caption_inlines(tbl)
  local identifier = tbl.identifier
  local label = pandoc.utils.stringify(caption)
  tbl.caption = { long = {} }
  tbl.attr = pandoc.Attr()
  local id = identifier ~= "" and (' id="' .. text.html(identifier) .. '"') or ""
  local out = pandoc.Blocks({ pandoc.RawBlock("html", '<figure class="tabel"' .. id .. ">") })
  if #caption > 0 then
    out:insert(pandoc.Plain({ pandoc.RawInline("html", "<figcaption>"), table.unpack(caption) }))
    out[#out].content:insert(pandoc.RawInline("html", "</figcaption>"))
  end
  local name = text.html(label ~= "" and label or "Tabel")
  out:insert(pandoc.RawBlock(
    "html", '<div class="rulle" tabindex="0" role="region" aria-label="' .. name .. '">'))
  out:insert(tbl)
  out:insert(pandoc.RawBlock("html", "</div>\n</figure>"))
  return out
end

return M

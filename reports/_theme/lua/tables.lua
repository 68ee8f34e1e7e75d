-- Tables for both formats, with header row, row headers and headings inside the table. Our own writers: Pandoc's for Typst gives
-- every column the width of its content, its for HTML cannot head rows with a cell that spans columns.

local part = ... -- loads the neighbouring modules
local text = part("text")

local M = {}

local ALIGN = { AlignLeft = "left", AlignRight = "right", AlignCenter = "center", AlignDefault = "left" }
-- characters: columns of numbers are no narrower, words this long are never broken (in a header of numbers, which a word
-- alone must not make wide: a bit longer), headers take at most so many lines
local MIN_NUMBER_WIDTH, UNBROKEN_WORD, UNBROKEN_HEADING, HEADER_LINES = 5, 14, 18, 3
-- points: the line of the page, a step of the search for widths, and what a character of each kind takes; `bred` is set smaller
local LINE_WIDTH, STEP = 462, 6
local NORMAL = { text = 4.4, word = 4.8, digit = 4.6, heading = 5.0, padding = 11 }
local SMALL = { text = 3.9, word = 4.3, digit = 4.1, heading = 4.5, padding = 8 }

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

-- Lengths in characters: `longest` of the words up to the size that may be broken, `whole` of the text.
local function measure(value)
  local longest = 0
  for word in value:gmatch("%S+") do
    longest = math.max(longest, utf8.len(word) or #word)
  end
  return longest, utf8.len(value) or #value
end

-- A word breaks after a hyphen of its own ("pct.-konfidensinterval"), but for short beginnings ("p-værdi").
local function at_own_hyphens(value)
  return (value:gsub("([^%s%-][^%s%-][^%s%-]+)%-", "%1- "))
end

-- Words are whole in tables, but for those no column has room for.
local function hyphenate_long(inlines, limit)
  if measure(pandoc.utils.stringify(inlines)) <= limit then
    return inlines
  end
  return pandoc.Inlines(inlines):walk({
    Str = function(str)
      -- the number before a hyphen may be an element of its own: "95 pct" and ".-konfidensinterval"
      local parted = at_own_hyphens((str.text:gsub("^%.?%-", "xxx-")))
      local breaks_itself = parted ~= str.text and measure(parted) <= UNBROKEN_HEADING
      if (utf8.len(str.text) or 0) > limit and not breaks_itself then
        return text.typst_inline("#text(hyphenate: true, " .. text.typst_string(str.text) .. ");")
      end
    end,
  })
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

local function is_empty(cell)
  return #cell.contents == 0 or pandoc.utils.stringify(cell.contents) == ""
end

-- A row that begins with bold text and an empty cell after it is a heading inside the table.
local function is_group(row)
  if #row.cells < 2 or not is_empty(row.cells[2]) then
    return false
  end
  local inlines = cell_inlines(row.cells[1])
  return #inlines == 1 and inlines[1].t == "Strong"
end

-- The heading's text takes the empty cells after it.
local function join_group_cells(row)
  local first, cells = row.cells[1], pandoc.List({})
  first.col_span = 1
  for index, cell in ipairs(row.cells) do
    if index > 1 and #cells == 0 and is_empty(cell) then
      first.col_span = first.col_span + 1
    elseif index > 1 then
      cells:insert(cell)
    end
  end
  cells:insert(1, first)
  row.cells = cells
  row.attr.classes:insert("gruppe")
  return row
end

local function join_groups(tbl)
  for _, body in ipairs(tbl.bodies) do
    body.body = pandoc.List(body.body):map(function(row)
      return is_group(row) and join_group_cells(row) or row
    end)
  end
  return tbl
end

-- Text of a cell as the page shows it, as far as widths need it.
local function cell_text(cell)
  local shown = pandoc.utils.stringify(cell.contents)
  local function look(inlines)
    for _, inline in ipairs(inlines) do
      if inline.t == "RawInline" then
        if inline.text:match("^#lys%(") then
          shown = "xxx" .. shown -- a traffic light's symbol
        elseif inline.text:match("^#ref%(") then
          shown = shown .. "Tabel xx"
        end
      elseif inline.t ~= "Str" and inline.t ~= "Space" and inline.t ~= "Note" and inline.content then
        look(inline.content)
      end
    end
  end
  look(cell_inlines(cell))
  return shown
end

-- For each row the text lengths by column; cells that span columns bind none of them.
local function length_grid(rows, is_header)
  return rows:map(function(row)
    local lengths, column = {}, 1
    for _, cell in ipairs(row.cells) do
      if cell.col_span == 1 then
        local shown = cell_text(cell)
        local longest, whole = measure(shown)
        lengths[column] = { longest = is_header and measure(at_own_hyphens(shown)) or longest, whole = whole }
      end
      column = column + cell.col_span
    end
    return lengths
  end)
end

-- The least width of a column: a column of numbers breaks nothing but its header, a column of text only long words.
local function least_width(index, is_number, heads, grid, size)
  local word, whole, heading, heading_whole = 0, 0, 0, 0
  for _, lengths in ipairs(grid) do
    if lengths[index] then
      word = math.max(word, math.min(lengths[index].longest, UNBROKEN_WORD))
      whole = math.max(whole, lengths[index].whole)
    end
  end
  for _, lengths in ipairs(heads) do
    if lengths[index] then
      local longest = lengths[index].longest
      -- of a word that breaks anyway the column need not hold more than its greater part
      heading = math.max(heading, is_number and longest > UNBROKEN_HEADING and UNBROKEN_WORD + 1 or longest)
      heading_whole = math.max(heading_whole, lengths[index].whole)
    end
  end
  heading = math.max(heading, math.ceil(heading_whole / HEADER_LINES) + 1) * size.heading
  if is_number then
    return math.max(math.max(whole, MIN_NUMBER_WIDTH) * size.digit, heading) + size.padding
  end
  return math.max(word * size.word, heading) + size.padding
end

-- How high the rows would stand with these widths, in lines.
local function total_lines(grid, widths, is_number, size)
  local total = 0
  for _, lengths in ipairs(grid) do
    local highest = 1
    for index, length in pairs(lengths) do
      if not is_number[index] then
        highest = math.max(highest, length.whole * size.text / (widths[index] - size.padding))
      end
    end
    total = total + highest
  end
  return total
end

-- Relative widths from what the columns hold. From the least widths on, each step of room goes to the column of text whose
-- widening lowers the table most; what nobody needs is shared by all.
local function column_widths(tbl, rows)
  local size = tbl.classes:includes("bred") and SMALL or NORMAL
  local grid, heads = length_grid(rows, false), length_grid(tbl.head.rows, true)
  local widths, is_number, sum = {}, {}, 0
  for index, spec in ipairs(tbl.colspecs) do
    is_number[index] = spec[1] == "AlignRight"
    widths[index] = least_width(index, is_number[index], heads, grid, size)
    sum = sum + widths[index]
  end
  local now = total_lines(grid, widths, is_number, size)
  while sum + STEP <= LINE_WIDTH do
    local best, lowest = nil, now
    for index = 1, #widths do
      if not is_number[index] then
        widths[index] = widths[index] + STEP
        local lines = total_lines(grid, widths, is_number, size)
        widths[index] = widths[index] - STEP
        if lines < lowest - 1e-9 then
          best, lowest = index, lines
        end
      end
    end
    if best == nil then
      break
    end
    widths[best] = widths[best] + STEP
    sum, now = sum + STEP, lowest
  end
  local out = {}
  for index = 1, #widths do
    out[index] = string.format("%dfr", math.floor(widths[index] + 0.5))
  end
  return out
end

local function append_row(out, row, limit)
  local is_group_row = row.attr.classes:includes("gruppe")
  for _, cell in ipairs(row.cells) do
    local options = {}
    if cell.col_span > 1 then
      table.insert(options, "colspan: " .. cell.col_span)
    end
    if cell.row_span > 1 then
      table.insert(options, "rowspan: " .. cell.row_span)
    end
    if is_group_row then
      table.insert(options, "fill: farver.teal-pale")
    end
    local open = #options > 0 and ("table.cell(" .. table.concat(options, ", ") .. ")[") or "["
    out:insert(text.typst_inline(open))
    out:extend(hyphenate_long(M.guard_start(cell_inlines(cell)), limit))
    out:insert(text.typst_inline("], "))
  end
end

local function caption_inlines(tbl)
  return pandoc.utils.blocks_to_inlines(tbl.caption.long)
end

-- One Plain of raw pieces around the cells' own inlines, so that notes and references in cells stay ordinary Pandoc.
function M.to_typst(tbl)
  tbl = join_groups(tbl)
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
    "tabel(columns: " .. tuple(column_widths(tbl, rows)) .. ", align: " .. tuple(aligns) .. ", "))
  if #tbl.head.rows > 0 then
    out:insert(text.typst_inline("table.header("))
    for _, row in ipairs(tbl.head.rows) do
      append_row(out, row, UNBROKEN_HEADING)
    end
    out:insert(text.typst_inline("), "))
  end
  for _, row in ipairs(rows) do
    append_row(out, row, UNBROKEN_WORD)
  end
  if #caption > 0 then
    local label = tbl.identifier ~= "" and ("<" .. tbl.identifier .. ">") or ""
    out:insert(text.typst_inline("))" .. label))
  else
    out:insert(text.typst_inline(")"))
  end
  return pandoc.Plain(out)
end

local function html_inline(source)
  return pandoc.RawInline("html", source)
end

-- One cell: `tag` and `scope` say what it is, the column how it is aligned.
local function append_html_cell(out, cell, tag, scope, align)
  local attributes = scope and (' scope="' .. scope .. '"') or ""
  if cell.col_span > 1 then
    attributes = attributes .. ' colspan="' .. cell.col_span .. '"'
  end
  if align ~= "left" then
    attributes = attributes .. ' class="' .. align .. '"'
  end
  out:insert(html_inline("<" .. tag .. attributes .. ">"))
  if tag == "th" and is_empty(cell) then
    -- a header cell with nothing in it tells a screen reader nothing: name what the rows are
    out:insert(html_inline('<span class="kun-oplaest">Række</span>'))
  else
    out:extend(cell_inlines(cell))
  end
  out:insert(html_inline("</" .. tag .. ">"))
end

local function append_html_row(out, row, aligns, is_head)
  local is_group_row = row.attr.classes:includes("gruppe")
  out:insert(html_inline(is_group_row and '<tr class="gruppe">\n' or "<tr>\n"))
  local column = 1
  for index, cell in ipairs(row.cells) do
    local align = cell.col_span > 1 and "left" or aligns[column]
    if is_head then
      append_html_cell(out, cell, "th", "col", align)
    elseif index == 1 then
      append_html_cell(out, cell, "th", "row", align)
    else
      append_html_cell(out, cell, "td", nil, align)
    end
    column = column + cell.col_span
    out:insert(html_inline("\n"))
  end
  out:insert(html_inline("</tr>\n"))
end

-- A <figure> with the caption outside the box that scrolls, so that a wide table never takes its title out of sight. Our own
-- writer: Pandoc's cuts a row's heading where the column of row headers ends.
function M.to_html(tbl)
  tbl = join_groups(tbl)
  local aligns = tbl.colspecs:map(function(spec) return ALIGN[spec[1]] end)
  local caption = caption_inlines(tbl)
  local label = pandoc.utils.stringify(caption)
  local id = tbl.identifier ~= "" and (' id="' .. text.html(tbl.identifier) .. '"') or ""
  local out = pandoc.Inlines({ html_inline('<figure class="tabel"' .. id .. ">\n") })
  if #caption > 0 then
    out:insert(html_inline("<figcaption>"))
    out:extend(caption)
    out:insert(html_inline("</figcaption>\n"))
  end
  out:insert(html_inline('<div class="rulle" tabindex="0" role="region" aria-label="'
    .. text.html(label ~= "" and label or "Tabel") .. '">\n<table>\n<thead>\n'))
  for _, row in ipairs(tbl.head.rows) do
    append_html_row(out, row, aligns, true)
  end
  out:insert(html_inline("</thead>\n<tbody>\n"))
  for _, row in ipairs(rows_of(tbl)) do
    append_html_row(out, row, aligns, false)
  end
  out:insert(html_inline("</tbody>\n</table>\n</div>\n</figure>"))
  return pandoc.Plain(out)
end

return M

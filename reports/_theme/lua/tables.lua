-- Tables for both formats, with header row, row headers and headings inside the table. Our own writers: Pandoc's for Typst gives
-- every column the width of its content, its for HTML cannot head rows with a cell that spans columns.

local part = ... -- loads the neighbouring modules
local text, compounds = part("text"), part("compounds")

local M = {}

local ALIGN = { AlignLeft = "left", AlignRight = "right", AlignCenter = "center", AlignDefault = "left" }
-- Characters: words this long are never broken (in a header of numbers, which a word alone must not make wide: a bit longer).
local UNBROKEN_WORD, UNBROKEN_HEADING, HEADER_LINES = 14, 18, 3
-- Points: the line of the page and a step of the search for widths. Of each size: the type and what stands beside a cell's text;
-- `bred` is set smaller.
local LINE_WIDTH, TURNED_WIDTH, GUTTER, STEP = 462, 708, 23, 6
local LIGHT_INDENT, LIGHT_SPREAD = 7, 8
local NORMAL = { points = 9, padding = 11 }
local SMALL = { points = 8, padding = 8 }
local SMALLER = { points = 8, padding = 6, type = "8pt" }
local SMALLEST = { points = 7.5, padding = 6, type = "7.5pt" } -- what is smaller nobody reads
-- Shares of the type's size: what characters of Source Sans take, a letter not named here, the bold of a header beside the
-- regular, and what lines of text leave empty at their ends.
local LETTER, BOLD, RAGGED, NARROWEST_NUMBERS = 0.53, 1.06, 1.08, 2.5
local WIDTHS = {}
for width, characters in pairs({
  [0] = "\u{ad}", [0.2] = " \u{a0}", [0.26] = "ijl.,:;'|I·", [0.32] = "()[]!-", [0.36] = "ftr/", [0.45] = "cszvyxJ",
  [0.6] = "ABCDEFGHKLNOPQRSTUVXYZØÅ", [0.83] = "mwæMWÆ%",
}) do
  for _, code in utf8.codes(characters) do
    WIDTHS[code] = width
  end
end

-- How wide the longest word and the whole text are, in shares of the type's size.
local function measure(value)
  local longest, word, whole = 0, 0, 0
  for _, code in utf8.codes(value) do
    local width = WIDTHS[code] or LETTER
    word, whole = code == 32 and 0 or word + width, whole + width
    longest = math.max(longest, word)
  end
  return longest, whole
end

-- Characters of the longest word.
local function longest_word(value)
  local longest = 0
  for word in value:gmatch("%S+") do
    longest = math.max(longest, utf8.len(word))
  end
  return longest
end

-- A word breaks after a hyphen of its own ("pct.-konfidensinterval"), but for short beginnings ("p-værdi").
local function at_own_hyphens(value)
  return (value:gsub("([^%s%-][^%s%-][^%s%-]+)%-", "%1- "))
end

-- Words are whole in tables, but for those no column has room for.
local function hyphenate_long(inlines, limit)
  return inlines:walk({
    Str = function(str)
      local shown = text.unmarked(str.text)
      local parted = at_own_hyphens(shown)
      local breaks_itself = parted ~= shown and longest_word(parted) <= UNBROKEN_HEADING
      if (utf8.len(shown) or 0) > limit and not breaks_itself then
        local parts = shown == str.text and compounds.in_parts(shown) -- else where Typst's patterns for Danish would
        return parts or text.inlines({ typst = "#text(hyphenate: true)[" }) .. { str } .. text.inlines({ typst = "];" })
      end
    end,
  })
end

-- Text of a cell as the page shows it, as far as widths need it.
local function cell_text(inlines, shown)
  for _, inline in ipairs(inlines) do
    if inline.t == "RawInline" then
      if inline.text:match("^#lys%(") then
        shown = "xxx" .. shown -- a traffic light's symbol
      elseif inline.text:match("^#ref%(") then
        shown = shown .. "Tabel xx"
      end
    elseif inline.t ~= "Str" and inline.t ~= "Space" and inline.t ~= "Note" and inline.content then
      shown = cell_text(inline.content, shown)
    end
  end
  return shown
end

-- Lines of text one below the other; nil for what is more than lines, a list for one.
local function lines_of(contents)
  if #contents > 1 or #contents == 1 and contents[1].t ~= "Plain" then
    for _, block in ipairs(contents) do
      if block.t ~= "Plain" and block.t ~= "Para" then
        return nil
      end
    end
  end
  return pandoc.utils.blocks_to_inlines(contents, { pandoc.LineBreak() })
end

-- Rows as plain records: what a cell holds is asked of Pandoc once, and last, for whatever is asked of a cell after its contents
-- makes Pandoc read them anew. `at` is the column a cell begins in, beside the cells that reach down from rows above.
local function read_rows(rows)
  local taken = {}
  return pandoc.List(rows):map(function(row)
    local cells, column = {}, 1
    for index, cell in ipairs(row.cells) do
      local columns, rows_down, contents = cell.col_span, cell.row_span, cell.contents
      while (taken[column] or 0) > 0 do
        taken[column], column = taken[column] - 1, column + 1
      end
      local inlines = lines_of(contents)
      local shown = text.unmarked(pandoc.utils.stringify(inlines or contents))
      cells[index] = {
        inlines = inlines, blocks = not inlines and contents or nil, shown = shown, empty = #(inlines or contents) == 0,
        columns = columns, rows = rows_down, at = column,
      }
      for over = column, column + columns - 1 do
        taken[over] = rows_down - 1
      end
      column = column + columns
    end
    while (taken[column] or 0) > 0 do
      taken[column], column = taken[column] - 1, column + 1
    end
    return { cells = cells, is_group = false }
  end)
end

-- A row that begins with bold text and an empty cell after it is a heading inside the table; its text takes the empty cells.
local function with_group(row)
  local cells = row.cells
  local first = cells[1]
  if cells[2] and cells[2].empty and first.inlines and #first.inlines == 1 and first.inlines[1].t == "Strong" then
    row.is_group = true
    while cells[2] and cells[2].empty do
      first.columns = first.columns + cells[2].columns
      table.remove(cells, 2)
    end
  end
  return row
end

-- How many decimals a cell's number has that stands last in it; nil for what does not end in a number of its own ("1,2 til 3,4").
local function decimals_of(cell)
  if cell.columns > 1 or not cell.inlines then
    return nil
  end
  local shown = cell.shown:gsub("^[%a\xc3\x80-\xbf]+ ", "") -- a traffic light's word
  local whole, decimals = shown:match("^[<>]?[ \u{a0}+\u{2212}-]*([%d.]+),?(%d*)$")
  return whole and #decimals
end

-- In a column of numbers commas stand below commas: what a number lacks of the most decimals is set and not shown.
local function align_decimals(rows, aligns)
  local most = {}
  for _, row in ipairs(rows) do
    for _, cell in ipairs(row.cells) do
      cell.decimals = aligns[cell.at] == "right" and decimals_of(cell) or nil
      most[cell.at] = math.max(most[cell.at] or 0, cell.decimals or 0)
    end
  end
  for _, row in ipairs(rows) do
    for _, cell in ipairs(row.cells) do
      if cell.decimals and cell.decimals < most[cell.at] then
        local lacks = (cell.decimals == 0 and "," or "") .. ("0"):rep(most[cell.at] - cell.decimals)
        cell.inlines = cell.inlines .. text.inlines({ typst = "#hide[" .. lacks .. "]" })
      end
    end
  end
end

-- A traffic light and a number behind it take so much `room`, the one at its left, the other at its right: lights below lights,
-- numbers below numbers, and a number nearer to its own light than to the next column's.
local function light_apart(inlines, room)
  local first = inlines[1]
  if room and first.t == "Span" and first.classes:includes("lys") and #inlines > 2 then
    local out = text.inlines({ typst = "#box(width: " .. room .. "pt)[" }) .. { first }
      .. text.inlines({ typst = "~#h(1fr)" }) -- beside which a space counts nothing
    out:extend({ table.unpack(inlines, 2) })
    return out .. text.inlines({ typst = "];" })
  end
  return inlines
end

local function read_table(tbl)
  local content = {
    identifier = tbl.identifier,
    label = tbl.attributes.maerkat,
    size = tbl.classes:includes("bred") and SMALL or NORMAL,
    share = tonumber(tbl.attributes.andel), -- of the line, where it stands in a column
    aligns = tbl.colspecs:map(function(spec) return ALIGN[spec[1]] end),
    caption = pandoc.utils.blocks_to_inlines(tbl.caption.long),
  }
  local foot, head, rows = tbl.foot.rows, tbl.head.rows, pandoc.List({})
  for _, body in ipairs(tbl.bodies) do
    rows:extend(read_rows(body.head))
    rows:extend(read_rows(body.body))
  end
  rows:extend(read_rows(foot))
  content.head, content.rows = read_rows(head), rows:map(with_group)
  align_decimals(content.rows, content.aligns)
  content.has_light = {}
  for _, row in ipairs(content.rows) do
    for _, cell in ipairs(row.cells) do
      local first = cell.inlines and cell.inlines[1]
      if first and first.t == "Span" and first.classes:includes("lys") then
        content.has_light[cell.at] = true
      end
    end
  end
  return content
end

-- For each row how wide its texts are by column; cells that span columns bind none of them.
local function length_grid(rows, is_header)
  return rows:map(function(row)
    local lengths = {}
    for _, cell in ipairs(row.cells) do
      if cell.columns == 1 then
        local shown = cell_text(cell.inlines or {}, cell.shown)
        local longest, whole = measure(shown)
        lengths[cell.at] = { longest = is_header and measure(at_own_hyphens(shown)) or longest, whole = whole }
      end
    end
    return lengths
  end)
end

-- The least width of a column: a column of numbers breaks nothing but its header, a column of text only long words.
local function least_width(index, is_number, heads, grid, size)
  local word, whole, heading, heading_whole = 0, 0, 0, 0
  for _, lengths in ipairs(grid) do
    if lengths[index] then
      word = math.max(word, math.min(lengths[index].longest, UNBROKEN_WORD * LETTER))
      whole = math.max(whole, lengths[index].whole)
    end
  end
  for _, lengths in ipairs(heads) do
    if lengths[index] then
      local longest = lengths[index].longest
      -- of a word that breaks anyway the column need not hold more than its greater part
      heading = math.max(heading, is_number and longest > UNBROKEN_HEADING * LETTER and (UNBROKEN_WORD + 1) * LETTER or longest)
      heading_whole = math.max(heading_whole, lengths[index].whole)
    end
  end
  heading = math.max(heading, heading_whole / HEADER_LINES + LETTER) * BOLD
  return math.max(is_number and math.max(whole, NARROWEST_NUMBERS) or word, heading) * size.points + size.padding
end

-- How high a row would stand with these widths, in lines, and in which column (nil where none is higher than one line); a column
-- of numbers has no cell but its header that is higher than one.
local function lines_of_row(lengths, way, size, is_header)
  local widths, padding, is_number, highest, column = way.widths, way.size.padding, way.is_number, 1, nil
  for index, length in pairs(lengths) do
    if is_header or not is_number[index] then
      local lines = length.whole * size / (widths[index] - padding)
      if lines > highest then
        highest, column = lines, index
      end
    end
  end
  return highest, column
end

-- How high all rows would stand, in lines, and the columns that one of them stands so high for.
local function total_lines(way)
  local total, columns, size = 0, {}, way.size.points * RAGGED
  for _, lengths in ipairs(way.heads) do
    local lines, column = lines_of_row(lengths, way, size * BOLD, true)
    total, columns[column or 0] = total + lines, true
  end
  for _, lengths in ipairs(way.grid) do
    local lines, column = lines_of_row(lengths, way, size, false)
    total, columns[column or 0] = total + lines, true
  end
  return total, columns
end

-- How far lights stand from a column of numbers before them; nil where there is none.
local function light_indent(content, index)
  return content.has_light[index] and content.aligns[index - 1] == "right" and LIGHT_INDENT or nil
end

-- The least widths of the columns for a size of type, and what total_lines asks for.
local function measured(content, way)
  way.grid, way.heads = length_grid(content.rows, false), length_grid(content.head, true)
  way.widths, way.is_number, way.sum = {}, {}, 0
  for index, align in ipairs(content.aligns) do
    way.is_number[index] = align == "right"
    way.widths[index] = least_width(index, way.is_number[index], way.heads, way.grid, way.size)
      + (light_indent(content, index) or 0)
    way.sum = way.sum + way.widths[index]
  end
  return way
end

-- How the table fits: its size of type and its line, turned where the page must lie; nil for what fits on none. With it what
-- `column_widths` goes on from.
local function fit(content)
  local line = content.share and LINE_WIDTH * content.share - GUTTER or LINE_WIDTH
  for _, way in ipairs({
    { size = content.size, line = line }, { size = SMALLER, line = line }, { size = SMALLEST, line = line },
    { size = SMALLER, line = TURNED_WIDTH, turned = true }, { size = SMALLEST, line = TURNED_WIDTH, turned = true },
  }) do
    measured(content, way)
    if way.sum <= way.line and not (way.turned and content.share) then
      return way
    end
  end
  return nil
end

-- Relative widths from what the columns hold. From the least widths on, each step of room goes to the column whose widening
-- lowers the table most; what nobody needs is shared by all.
local function column_widths(way)
  local widths, now, highest = way.widths, total_lines(way)
  while way.sum + STEP <= way.line do
    local best, lowest, highest_then = nil, now, nil
    for index = 1, #widths do
      if highest[index] then -- else no row gets lower
        widths[index] = widths[index] + STEP
        local lines, columns = total_lines(way)
        widths[index] = widths[index] - STEP
        if lines < lowest - 1e-9 then
          best, lowest, highest_then = index, lines, columns
        end
      end
    end
    if best == nil then
      break
    end
    widths[best], way.sum, now, highest = widths[best] + STEP, way.sum + STEP, lowest, highest_then
  end
  local out = {}
  for index = 1, #widths do
    out[index] = string.format("%dfr", math.floor(widths[index] + 0.5))
  end
  return out
end

-- By column, in points: how far it stands from a column of numbers before it, and the room of its lights with their numbers.
local function light_columns(content, way)
  local indents, rooms = {}, {}
  for index in pairs(content.has_light) do
    local whole = 0
    for _, lengths in ipairs(way.grid) do
      whole = math.max(whole, lengths[index] and lengths[index].whole or 0)
    end
    indents[index] = light_indent(content, index)
    local inside = way.widths[index] * way.line / way.sum - way.size.padding - (indents[index] or 0)
    rooms[index] = math.floor(math.min(whole * way.size.points + LIGHT_SPREAD, inside))
  end
  return indents, rooms
end

-- What share of the line each column takes, for Word; nil for a table that fits on no page.
function M.shares(tbl)
  local way = fit(read_table(tbl))
  local widths, sum = way and column_widths(way) or {}, 0
  for index, width in ipairs(widths) do
    widths[index] = tonumber(width:match("%d+"))
    sum = sum + widths[index]
  end
  return way and pandoc.List(widths):map(function(width) return width / sum end)
end

-- What is written by hand gathers as text until Pandoc's own inlines come: few large pieces cost less than many small ones.
local function new_writer()
  local done, out, typst, html = pandoc.Blocks({}), pandoc.Inlines({}), {}, {}
  local writer = {}
  function writer.typst(source)
    table.insert(typst, source)
  end
  function writer.html(source)
    table.insert(html, source)
  end
  function writer.inlines(inlines)
    out:extend(text.inlines({ typst = table.concat(typst), html = table.concat(html) }))
    out:extend(inlines)
    typst, html = {}, {}
  end
  function writer.blocks(blocks)
    writer.inlines({})
    done:insert(pandoc.Plain(out))
    done:extend(blocks)
    out = pandoc.Inlines({})
  end
  function writer.done()
    writer.blocks({})
    return done
  end
  return writer
end

local function typst_cell(cell, is_group)
  local options = {}
  if cell.columns > 1 then
    table.insert(options, "colspan: " .. cell.columns)
  end
  if cell.rows > 1 then
    table.insert(options, "rowspan: " .. cell.rows)
  end
  if is_group then
    table.insert(options, "fill: farver.teal-pale")
  end
  return #options > 0 and ("table.cell(" .. table.concat(options, ", ") .. ")[") or "["
end

-- `tag` and `scope` say what the cell is, the column how it is aligned.
local function html_cell(cell, tag, scope, align)
  local attributes = scope and (' scope="' .. scope .. '"') or ""
  if cell.columns > 1 then
    attributes = attributes .. ' colspan="' .. cell.columns .. '"'
  end
  if cell.rows > 1 then
    attributes = attributes .. ' rowspan="' .. cell.rows .. '"'
  end
  if align ~= "left" then
    attributes = attributes .. ' class="' .. align .. '"'
  end
  return "<" .. tag .. attributes .. ">"
end

-- What a header cell heads: in the first column its row, or the rows of its group.
local function scope_of(cell, row, is_head)
  if is_head then
    return cell.columns > 1 and "colgroup" or "col"
  end
  return row.is_group and "rowgroup" or "row"
end

-- Words longer than `limit` may be broken. A cell in the first column heads its row.
local function append_row(writer, row, content, is_head, limit)
  writer.html(row.is_group and '<tr class="gruppe">\n' or "<tr>\n")
  for _, cell in ipairs(row.cells) do
    local tag = (is_head or cell.at == 1) and "th" or "td"
    local scope = tag == "th" and scope_of(cell, row, is_head)
    writer.typst(typst_cell(cell, row.is_group))
    writer.html(html_cell(cell, tag, scope, cell.columns > 1 and "left" or content.aligns[cell.at]))
    local indent = cell.columns == 1 and content.indents[cell.at]
    writer.typst(indent and "#pad(left: " .. indent .. "pt)[" or "")
    if cell.blocks then
      writer.blocks(cell.blocks)
    elseif not cell.empty then
      local inlines = longest_word(cell.shown) > limit and hyphenate_long(cell.inlines, limit) or cell.inlines
      writer.inlines(light_apart(inlines, content.rooms[cell.at]))
    end
    if tag == "th" and cell.empty then
      -- a header cell with nothing in it tells a screen reader nothing: name what the rows are
      writer.html('<span class="kun-oplaest">Række</span>')
    end
    writer.typst(indent and "]], " or "], ")
    writer.html("</" .. tag .. ">\n")
  end
  writer.html("</tr>\n")
end

local function tuple(items)
  return "(" .. table.concat(items, ", ") .. ",)"
end

local function append_caption(writer, content)
  local name = text.html((content.label and content.label .. " " or "") .. pandoc.utils.stringify(content.caption))
  writer.typst("#")
  writer.html('<figure class="tabel"' .. text.html_id(content.identifier) .. ">\n")
  if #content.caption > 0 then -- without one it is no figure in Typst, or it would take a number
    writer.typst("figure(kind: table, caption: [")
    writer.html("<figcaption>")
    if content.label then
      writer.html('<span class="maerkat">' .. text.html(content.label) .. "</span> ")
    end
    writer.inlines(content.caption)
    writer.typst("], ")
    writer.html("</figcaption>\n")
  end
  -- outside the box that scrolls, so that a wide table never takes its title out of sight
  writer.html('<div class="rulle" tabindex="0" role="region" aria-label="' .. (name ~= "" and name or "Tabel") .. '">\n')
end

-- Before a table that needs a turned page, with its place among those that do: finish.lua turns the page where it can be turned.
M.TURN = "// vendt: "
local waiting = {}

-- The captions of the tables that wait for a turned page.
function M.waiting()
  return waiting
end

-- Before each table a line with what its tags in the PDF are made of, beside what Typst knows: which it is, its columns' heads, and
-- which of its rows are headings inside it. Typst passes over the line; the engine reads it.
M.RECORD = "// tabel: "

local function record_of(content)
  local columns, groups = pandoc.List({}), pandoc.List({})
  for _, row in ipairs(content.head) do
    columns:extend(pandoc.List(row.cells):map(function(cell) return text.unmarked(cell.shown) end))
  end
  for number, row in ipairs(content.rows) do
    if row.is_group then
      groups:insert(number)
    end
  end
  return M.RECORD .. pandoc.json.encode({ content.identifier, columns, groups, #content.rows })
end

local function refuse(name)
  pandoc.log.warn('the table "' .. name .. '" is too wide for any page: divide it, or leave columns out')
end

-- Raw pieces around the cells' own inlines, so that notes and references in cells stay ordinary Pandoc. A table outside a
-- .tabelblok gets one, or it would not break over pages.
function M.written(tbl)
  local content = read_table(tbl)
  local in_block, name = tbl.classes:includes("i-blok"), text.unmarked(pandoc.utils.stringify(content.caption))
  local writer = new_writer()
  local way = text.is_typst() and fit(content) or nil
  if text.is_typst() and way == nil then
    return refuse(name)
  end
  local before = text.blocks({ typst = not in_block and "#tabelblok(bred: false, lang: false)[" or nil })
  before:extend(text.blocks({ typst = record_of(content) }))
  if way and way.turned then
    table.insert(waiting, name)
    before:extend(text.blocks({ typst = M.TURN .. #waiting }))
  end
  append_caption(writer, content)
  content.indents, content.rooms = {}, {}
  if text.is_typst() then
    local widths = column_widths(way)
    content.indents, content.rooms = light_columns(content, way)
    writer.typst("tabel(columns: " .. tuple(widths) .. ", align: " .. tuple(content.aligns) .. ", ")
    if way.size.type then
      writer.typst("skrift: " .. way.size.type .. ", ")
    end
  end
  writer.html("<table>\n<thead>\n")
  if #content.head > 0 then
    writer.typst("table.header(")
    for _, row in ipairs(content.head) do
      append_row(writer, row, content, true, UNBROKEN_HEADING)
    end
    writer.typst("), ")
  end
  writer.html("</thead>\n<tbody>\n")
  for number, row in ipairs(content.rows) do
    if row.is_group and number > 1 then
      writer.html("</tbody>\n<tbody>\n")
    end
    append_row(writer, row, content, false, UNBROKEN_WORD)
  end
  local ends = (content.label and "))" or "), numbering: none)") .. text.typst_label(content.identifier)
  writer.typst(#content.caption > 0 and ends or ")")
  writer.html("</tbody>\n</table>\n</div>\n</figure>")
  return before .. writer.done() .. text.blocks({ typst = not in_block and "]" or nil })
end

return M

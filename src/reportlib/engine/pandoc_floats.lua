-- Figures, tables and listings written as Divs or with what stands side by side, and lists that are tables: Quarto's forms become
-- Pandoc's own figures and tables, or the Divs that the theme knows.

local M = {}

local function only_picture(block)
  local inner = block and (block.t == "Para" or block.t == "Plain") and #block.content == 1 and block.content[1]
  return inner and inner.t == "Image" and inner or nil
end

-- `::: {#fig-a}`, a picture and its caption.
local function figure_div(div)
  local image, caption = only_picture(div.content[1]), div.content[2]
  if #div.content ~= 2 or not image or caption.t ~= "Para" then
    return nil
  end
  image.attributes["fig-alt"] = image.attributes["fig-alt"] or div.attributes["fig-alt"]
  div.attributes["fig-alt"] = nil
  return pandoc.Figure({ pandoc.Plain({ image }) }, { long = { pandoc.Plain(caption.content) } },
    pandoc.Attr(div.identifier, div.classes, div.attributes))
end

-- `::: {#tbl-a}`, a table and its caption, which may be the table's own.
local function table_div(div)
  local tbl, caption = div.content[1], div.content[2]
  if #div.content == 1 and tbl.t == "Table" and #tbl.caption.long > 0 then
    tbl.identifier = div.identifier
    return tbl
  end
  if #div.content ~= 2 or tbl.t ~= "Table" or caption.t ~= "Para" or #tbl.caption.long > 0 then
    return nil
  end
  tbl.identifier = div.identifier
  tbl.caption = { long = { pandoc.Plain(caption.content) } }
  return tbl
end

-- A picture with words under it; in Pandoc's tree only one that is alone in its paragraph is.
local function figure_of(image)
  local attr = pandoc.Attr(image.identifier)
  image.identifier = ""
  if #image.caption == 0 then
    return pandoc.Plain({ image })
  end
  return pandoc.Figure({ pandoc.Plain({ image }) }, { long = { pandoc.Plain(image.caption) } }, attr)
end

-- The pictures of a paragraph that holds nothing else.
local function pictures_of(block)
  if block.t ~= "Para" and block.t ~= "Plain" then
    return nil
  end
  local images = block.content:filter(function(inline) return inline.t ~= "Space" and inline.t ~= "SoftBreak" end)
  for _, inline in ipairs(images) do
    if inline.t ~= "Image" then
      return nil
    end
  end
  return #images > 0 and images or nil
end

-- What stands side by side: each block, each picture of a paragraph of pictures; a heading goes with what follows.
local function cells_of(blocks)
  local cells, open = pandoc.List({}), nil
  for _, block in ipairs(blocks) do
    for _, one in ipairs(pictures_of(block) or { block }) do
      local cell = open or pandoc.Blocks({})
      cell:insert(one.t == "Image" and figure_of(one) or one)
      open = one.t == "Header" and cell or nil
      if open == nil then
        cells:insert(cell)
      end
    end
  end
  if open then
    cells:insert(open)
  end
  return cells
end

-- The widths of the columns of each row; nil for what is not understood.
local function rows_of(div, count)
  local columns, rows = tonumber(div.attributes["layout-ncol"]), tonumber(div.attributes["layout-nrow"])
  local given = div.attributes.layout
  local out = {}
  if given then
    local read, value = pcall(pandoc.json.decode, given, false)
    if not read or type(value) ~= "table" then
      return nil
    end
    out = type(value[1]) == "table" and value or { value }
    for _, row in ipairs(out) do
      for _, width in ipairs(row) do
        count = count - 1
        if type(width) ~= "number" or width <= 0 then
          return nil
        end
      end
    end
    return count == 0 and out or nil
  end
  columns = columns or rows and math.ceil(count / rows)
  if columns == nil or columns < 1 or columns ~= math.floor(columns) then
    return nil
  end
  for _ = 1, math.ceil(count / columns) do
    local row = {}
    for index = 1, columns do
      row[index] = 1
    end
    table.insert(out, row)
  end
  return out
end

-- The cells in rows of columns.
local function side_by_side(cells, rows)
  local out, next_cell = pandoc.Blocks({}), 1
  for _, row in ipairs(rows) do
    local parts, sum = pandoc.Blocks({}), 0
    for _, width in ipairs(row) do
      sum = sum + width
    end
    for _, width in ipairs(row) do
      local attributes = { width = string.format("%.4g%%", 100 * width / sum) }
      parts:insert(pandoc.Div(cells[next_cell] or {}, pandoc.Attr("", { "column" }, attributes)))
      next_cell = next_cell + 1
    end
    out:insert(pandoc.Div(parts, pandoc.Attr("", { "columns" })))
  end
  return out
end

local LAYOUT = { "layout-ncol", "layout-nrow", "layout" }

local function without_layout(div)
  for _, name in ipairs(LAYOUT) do
    div.attributes[name] = nil
  end
  return div
end

local function layout_div(div)
  local cells = cells_of(div.content)
  local rows = rows_of(div, #cells)
  if not rows then
    return nil
  end
  div.content = side_by_side(cells, rows)
  return without_layout(div)
end

-- A part of a figure or table: its letter, what is shown, and its own words; nil for what has none.
local function panel_part(cell, letter)
  local block = cell[1]
  local caption = block.caption and block.caption.long or pandoc.Blocks({})
  local shown, attr = { block }, pandoc.Attr("", { "del" }, { bogstav = letter })
  if #cell > 1 then
    return nil
  elseif block.t == "Div" and #block.content == 2 and block.content[2].t == "Para" then
    shown, caption = { block.content[1] }, pandoc.Blocks({ block.content[2] })
    attr.identifier = block.identifier
  elseif block.t == "Figure" then
    attr.identifier = block.identifier ~= "" and block.identifier or block.content[1].content[1].identifier
    block.content[1].content[1].identifier = ""
    shown = { pandoc.Para(block.content[1].content) } -- its own words begin a line of their own
  elseif block.t == "Table" then
    attr.identifier, block.identifier, block.caption = block.identifier, "", { long = {} }
    shown = { block }
  end
  shown = pandoc.Blocks(shown):walk({ Table = function(tbl)
    tbl.classes:insert("del")
    return tbl
  end })
  if #caption > 0 then
    local words = pandoc.Inlines({ pandoc.Str("(" .. letter .. ")"), pandoc.Space() })
    shown:insert(pandoc.Para(words .. pandoc.utils.blocks_to_inlines(caption)))
  end
  return pandoc.Blocks({ pandoc.Div(shown, attr) })
end

-- `::: {#fig-a layout-ncol=2}`, pictures or tables and the caption of them all.
local function panel_div(div)
  local caption = div.content:remove()
  if not caption or caption.t ~= "Para" or pictures_of(caption) then
    return nil
  end
  local cells = cells_of(div.content)
  local rows = rows_of(div, #cells) or rows_of({ attributes = { ["layout-ncol"] = "1" } }, #cells)
  for index, cell in ipairs(cells) do
    cells[index] = panel_part(cell, string.char(96 + index))
    if cells[index] == nil or index > 26 then
      return nil
    end
  end
  div.content = side_by_side(cells, rows)
  div.content:insert(1, caption)
  div.classes:insert("panel")
  return without_layout(div)
end

-- `::: {#lst-a}`, code and its caption.
local function listing_div(div)
  local code, caption = div.content[1], div.content[2]
  if #div.content ~= 2 or code.t ~= "CodeBlock" or caption.t ~= "Para" then
    return nil
  end
  return pandoc.Div({ caption, code }, pandoc.Attr(div.identifier, { "liste" }))
end

-- The caption that a Div gives as an attribute becomes its last paragraph.
local function caption_attribute(div)
  local name = div.identifier:sub(1, 4) .. "cap"
  if div.attributes[name] then
    div.content:extend(pandoc.read(div.attributes[name], "markdown").blocks)
    div.attributes[name] = nil
  end
end

-- `::: {.list-table}`: a list of rows, each a list of cells, under a caption; the first row is the head unless header-rows says
-- otherwise, `aligns` is l, c and r by column, `widths` are shares of the line.
local ALIGNS = { l = "AlignLeft", c = "AlignCenter", r = "AlignRight", d = "AlignDefault" }

local function list_table(div)
  local list, caption = div.content[#div.content], #div.content == 2 and div.content[1]
  if caption and caption.t == "BulletList" then
    list, caption = caption, list
  end
  if #div.content > 2 or not list or list.t ~= "BulletList" or (caption and caption.t ~= "Para") then
    return nil
  end
  local rows, columns = pandoc.List({}), 0
  for _, item in ipairs(list.content) do
    if #item ~= 1 or item[1].t ~= "BulletList" then
      return nil
    end
    rows:insert(pandoc.Row(item[1].content:map(function(cell) return pandoc.Cell(cell) end)))
    columns = math.max(columns, #item[1].content)
  end
  for _, row in ipairs(rows) do
    for _ = #row.cells + 1, columns do
      row.cells:insert(pandoc.Cell({}))
    end
  end
  local heads = tonumber(div.attributes["header-rows"] or "1")
  local aligns, widths = pandoc.List({}), pandoc.List({})
  for letter in (div.attributes.aligns or ""):gmatch("%a") do
    aligns:insert(ALIGNS[letter])
  end
  local sum = 0
  for width in (div.attributes.widths or ""):gmatch("[%d.]+") do
    widths:insert(tonumber(width))
    sum = sum + tonumber(width)
  end
  local specs = {}
  for index = 1, columns do
    specs[index] = { aligns[index] or "AlignDefault", widths[index] and widths[index] / sum or nil }
  end
  if heads == nil or heads > #rows or (#aligns > 0 and #aligns ~= columns) or (#widths > 0 and #widths ~= columns) then
    return nil
  end
  local words = caption and caption.content or pandoc.Inlines({})
  if #words > 0 and words[#words].t == "Str" and words[#words].text:match("^{tbl%-colwidths=.*}$") then
    words:remove()
  end
  local body = { attr = pandoc.Attr(), body = { table.unpack(rows, heads + 1) }, head = {},
    row_head_columns = tonumber(div.attributes["header-cols"] or "0") }
  return pandoc.Table({ long = caption and { pandoc.Plain(words) } or {} }, specs, pandoc.TableHead({ table.unpack(rows, 1, heads) }),
    { body }, pandoc.TableFoot({}), pandoc.Attr(div.identifier))
end

local FLOATS = { fig = figure_div, tbl = table_div, lst = listing_div }

-- What a Div says is set as figure, table, listing or side by side; nil for a Div that says none of them, or not understandably.
function M.div(div)
  local prefix = div.identifier:match("^(%a+)%-")
  if div.classes:includes("list-table") and #div.classes == 1 then
    return list_table(div)
  elseif FLOATS[prefix] then
    caption_attribute(div)
    return FLOATS[prefix](div) or prefix ~= "lst" and panel_div(div) or nil
  elseif div.attributes["layout-ncol"] or div.attributes["layout-nrow"] or div.attributes.layout then
    return layout_div(div)
  end
end

-- ```{#lst-a .python lst-cap="..."}
-- or with filename="...", which stands above the code.
function M.listing(block)
  local caption, file = block.attributes["lst-cap"], block.attributes.filename
  if file then
    block.attributes.filename = nil
    return pandoc.Blocks({ pandoc.Para({ pandoc.Strong({ pandoc.Code(file) }) }), M.listing(block) })
  end
  if not (caption and block.identifier:match("^lst%-")) then
    return block
  end
  local identifier = block.identifier
  block.identifier, block.attributes["lst-cap"] = "", nil
  local line = pandoc.utils.blocks_to_inlines(pandoc.read(caption, "markdown").blocks)
  return pandoc.Div({ pandoc.Para(line), block }, pandoc.Attr(identifier, { "liste" }))
end

return M

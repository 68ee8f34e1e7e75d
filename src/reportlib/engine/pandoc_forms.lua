-- Quarto's own forms become what the theme knows, in the tree that Pandoc read and before any filter: HTML that says no more
-- than Markdown can, callouts, numbered equations, listings, theorems, figures and tables written as Divs. What is not brought to
-- a known form stays as it is, and the gate (pandoc_gate.lua) refuses it.

local shortcodes = dofile("pandoc_shortcodes.lua")

local M = {}

-- ---- HTML -------------------------------------------------------------------------------------------------------------

-- Tags whose meaning Pandoc's tree can hold, with the attributes that may stand in them.
local TABLE = "class id style border align data aria role cellspacing cellpadding summary"
local TAGS = {
  table = TABLE, thead = TABLE, tbody = TABLE, tfoot = TABLE, tr = TABLE, th = TABLE .. " colspan rowspan scope headers",
  td = TABLE .. " colspan rowspan headers", caption = TABLE, colgroup = TABLE, col = TABLE .. " span width", div = TABLE,
  span = TABLE, p = "class style", br = "", b = "", strong = "", i = "", em = "",
  u = "", s = "", del = "", sub = "", sup = "", code = "", pre = "", a = "href", img = "src alt width height", ul = "", ol = "start",
  li = "", hr = "", blockquote = "", dl = "", dt = "", dd = "", mark = "",
}
local VOID = { br = true, img = true, hr = true, col = true }
-- Properties of a style that say nothing about what is there; the theme has one look for tables.
local STYLE = "^[%a-]*color$ ^background$ ^border[%a-]*$ ^font[%a-]*$ ^padding[%a-]*$ ^margin[%a-]*$ ^text%-align$ ^vertical%-align$ "
  .. "^[%a-]*width$ ^[%a-]*height$ ^white%-space$ ^overflow[%a-]*$ ^table%-layout$ ^letter%-spacing$"
local OPEN, CLOSE = "\u{e000}", "\u{e001}"

local function is_comment(raw)
  return raw.text:match("^%s*<!%-%-.*%-%->%s*$") ~= nil
end

local function is_html(element)
  return (element.t == "RawBlock" or element.t == "RawInline") and element.format == "html"
end

local told

local function tell(message, token)
  table.insert(told, { message = message, token = token })
end

local function is_look(style)
  for name, value in (style .. ";"):gmatch("%s*([^:;]+):([^;]*);") do
    local known = value:find("url%s*%(") == nil
    local any = false
    for pattern in STYLE:gmatch("%S+") do
      any = any or name:lower():match(pattern) ~= nil
    end
    if not (known and any) then
      return false
    end
  end
  return true
end

local looks -- whether a look was passed over in the piece of HTML that is read

local function may_stand(tag, attributes)
  local allowed = TAGS[tag]
  if allowed == nil then
    return false
  end
  local rest = attributes:gsub("'([^'\"]*)'", '"%1"')
  for name, value in rest:gmatch('([%w-]+)%s*=%s*"([^"]*)"') do
    if not (" " .. allowed .. " "):find(" " .. name:match("^%a+") .. " ", 1, true) or (name == "style" and not is_look(value)) then
      return false
    end
    looks = looks or (name == "style" and not value:match("^%s*text%-align:%s*%a+;?%s*$"))
  end
  return rest:gsub('[%w-]+%s*=%s*"[^"]*"', ""):match("^[%s/]*$") ~= nil
end

-- Style sheets beside a table, which say nothing about what is there.
local function without_styles(html)
  local out, count = html:gsub("<style[^>]*>.-</style>", "")
  if html:find("<table", 1, true) and not out:find("display%s*:%s*none") then
    looks = looks or count > 0
    return out
  end
  return html
end

-- How many more tags a piece of HTML opens than it closes; nil for what no tree can hold.
local function depth_of(html)
  local depth = 0
  local rest = without_styles(html):gsub("<!%-%-.-%-%->", ""):gsub("<(/?)(%a%w*)([^<>]*)>", function(slash, name, attributes)
    name = name:lower()
    if depth == nil or not may_stand(name, attributes) then
      depth = nil
    elseif slash == "/" then
      depth = depth - 1
    elseif not VOID[name] and not attributes:match("/%s*$") then
      depth = depth + 1
    end
    return ""
  end)
  if rest:find("<", 1, true) then
    return nil
  end
  return depth
end

-- From `first` to the element that closes what it opens, in one list; nil where that is not in the list.
local function balanced_end(list, first)
  local depth = 0
  for index = first, #list do
    if is_html(list[index]) then
      local more = depth_of(list[index].text)
      if more == nil then
        return nil
      end
      depth = depth + more
    end
    if depth <= 0 then
      return depth == 0 and index or nil
    end
  end
  return nil
end

local kept

local function keep(content)
  table.insert(kept, content)
  return OPEN .. #kept .. CLOSE
end

local function escaped(inlines)
  local out = {}
  for _, inline in ipairs(inlines) do
    table.insert(out, is_html(inline) and inline.text or keep(pandoc.Inlines({ inline })))
  end
  return table.concat(out)
end

local function holds_html(element)
  local found = false
  element:walk({
    RawInline = function(raw) found = found or is_html(raw) end,
    RawBlock = function(raw) found = found or is_html(raw) end,
  })
  return found
end

-- The blocks as one piece of HTML in which all that is not HTML is a sign for what is kept.
local function block_source(blocks)
  local out = {}
  for _, block in ipairs(blocks) do
    if is_html(block) then
      table.insert(out, block.text)
    elseif block.t == "Plain" or block.t == "Para" then
      table.insert(out, block.t == "Para" and "<p>" .. escaped(block.content) .. "</p>" or escaped(block.content))
    elseif holds_html(block) then
      return nil
    else
      table.insert(out, "<p>" .. keep(pandoc.Blocks({ block })) .. "</p>")
    end
  end
  return table.concat(out, "\n")
end

local SIGN = OPEN .. "(%d+)" .. CLOSE

local function unkept_inlines(inlines)
  local out = pandoc.Inlines({})
  for _, inline in ipairs(inlines) do
    if inline.t == "Str" and inline.text:find(OPEN, 1, true) then
      local position = 1
      for first, number, last in inline.text:gmatch("()" .. SIGN .. "()") do
        if first > position then
          out:insert(pandoc.Str(inline.text:sub(position, first - 1)))
        end
        out:extend(kept[tonumber(number)])
        position = last
      end
      if position <= #inline.text then
        out:insert(pandoc.Str(inline.text:sub(position)))
      end
    else
      out:insert(inline)
    end
  end
  return out
end

local function unkept_blocks(blocks)
  local out = pandoc.Blocks({})
  for _, block in ipairs(blocks) do
    local number = (block.t == "Para" or block.t == "Plain") and pandoc.utils.stringify(block):match("^" .. SIGN .. "$")
    local content = number and kept[tonumber(number)]
    if content and pandoc.utils.type(content) == "Blocks" then
      out:extend(content)
    else
      out:insert(block)
    end
  end
  return out
end

local function with_words(image)
  if not image.attributes["fig-alt"] and #image.caption > 0 then
    image.attributes["fig-alt"] = pandoc.utils.stringify(image.caption)
  end
  return image
end

-- A table as pandas and others write it: the looks of a browser from 1996 are no content.
local function plain_table(tbl)
  tbl.attributes, tbl.classes = {}, {}
  local function plain_rows(rows)
    for _, row in ipairs(rows) do
      row.attr = pandoc.Attr()
      for _, cell in ipairs(row.cells) do
        cell.attr = pandoc.Attr()
      end
    end
  end
  plain_rows(tbl.head.rows)
  plain_rows(tbl.foot.rows)
  for _, body in ipairs(tbl.bodies) do
    plain_rows(body.head)
    plain_rows(body.body)
  end
  return tbl
end

local function read_html(source)
  looks = nil
  depth_of(source)
  if looks then
    tell("the looks of an HTML table are passed over: the theme has one for all tables", "table")
  end
  local blocks = pandoc.read(without_styles(source), "html-native_divs-native_spans").blocks
  blocks = blocks:walk({ Image = with_words, Table = plain_table })
  return blocks:walk({ Blocks = unkept_blocks }):walk({ Inlines = unkept_inlines })
end

local function has_html(list)
  for _, element in ipairs(list) do
    if is_html(element) then
      return true
    end
  end
  return false
end

-- `convert`: from the elements of a balanced stretch to what stands for them, nil to leave them.
local function without_html(list, out, convert)
  local index = 1
  while index <= #list do
    local element, last = list[index], nil
    if is_html(element) and not is_comment(element) then
      last = balanced_end(list, index)
    end
    local made = last and convert({ table.unpack(list, index, last) })
    if made then
      out:extend(made)
      index = last + 1
    else
      if not (is_html(element) and is_comment(element)) then
        out:insert(element)
      end
      index = index + 1
    end
  end
  return out
end

local function html_blocks(blocks)
  if not has_html(blocks) then
    return nil
  end
  return without_html(blocks, pandoc.Blocks({}), function(stretch)
    kept = {}
    local source = block_source(stretch)
    return source and depth_of(source) == 0 and read_html(source) or nil
  end)
end

local function html_inlines(inlines)
  if not has_html(inlines) then
    return nil
  end
  return without_html(inlines, pandoc.Inlines({}), function(stretch)
    if #stretch == 1 and stretch[1].text:match("^<br%s*/?>$") then
      return { pandoc.LineBreak() }
    end
    kept = {}
    return pandoc.utils.blocks_to_inlines(read_html("<p>" .. escaped(stretch) .. "</p>"))
  end)
end

-- ---- Divs -------------------------------------------------------------------------------------------------------------

local WORDS = {
  da = { note = "Note", tip = "Tip", warning = "Advarsel", important = "Vigtigt", caution = "Forsigtig",
    proof = "Bevis", remark = "Bemærkning", solution = "Løsning" },
  en = { note = "Note", tip = "Tip", warning = "Warning", important = "Important", caution = "Caution",
    proof = "Proof", remark = "Remark", solution = "Solution" },
}
local THEOREMS = { thm = true, lem = true, cor = true, prp = true, cnj = true, def = true, exm = true, exr = true }

local words

-- The title is the attribute or the heading the Div begins with, as inlines.
local function take_title(div, attribute)
  local title = div.attributes[attribute] and pandoc.Inlines({ pandoc.Str(div.attributes[attribute]) })
  local first = div.content[1]
  if title == nil and first and first.t == "Header" then
    title = first.content
    div.content:remove(1)
  end
  div.attributes[attribute] = nil
  return title
end

local function is_plain(inlines)
  local plain = true
  local function found()
    plain = false
  end
  inlines:walk({ Math = found, Note = found, Image = found, Cite = found, RawInline = found })
  return plain
end

local function callout(div, kind)
  local title = take_title(div, "title")
  if title and not is_plain(title) then
    return nil -- a box's title is words alone
  end
  for _, look in ipairs({ "icon", "appearance", "collapse" }) do
    div.attributes[look] = nil
  end
  div.classes = div.classes:map(function(class) return (class == "callout-" .. kind or class == kind) and "boks" or class end)
  div.attributes.title = title and pandoc.utils.stringify(title) or words[kind]
  return div
end

local function proof(div, kind)
  local title = take_title(div, "name")
  local named = title and pandoc.Inlines({ pandoc.Str(" (") }) .. title .. pandoc.Inlines({ pandoc.Str(")") }) or pandoc.Inlines({})
  local called = pandoc.Inlines({ pandoc.Str(words[kind]) }) .. named .. pandoc.Inlines({ pandoc.Str(".") })
  local lead = { pandoc.Emph(called), pandoc.Space() }
  local first = div.content[1]
  if first and (first.t == "Para" or first.t == "Plain") then
    first.content = pandoc.Inlines(lead) .. first.content
  else
    div.content:insert(1, pandoc.Para(lead))
  end
  div.classes = div.classes:filter(function(class) return class ~= kind end)
  return div
end

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
    shown = block.content
    shown[1].content[1].identifier = ""
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

-- Tabs one after the other, each under its heading: neither paper nor a page without scripts can hide one behind another.
local function tabs(div)
  for index, block in ipairs(div.content) do
    if block.t == "Header" then
      div.content[index] = pandoc.Para({ pandoc.Strong(block.content) })
    end
  end
  div.attributes.group = nil
  return div.content
end

-- Words for the margin: paragraphs of small type; in a line a note.
local function margin(element)
  element.attributes.shift = nil
  if element.t == "Span" then
    return pandoc.Note({ pandoc.Para(element.content) })
  end
  element.classes = { "note", "fri" }
  return element
end

-- What says how wide something stands beside or beyond the text: there is one width here.
local function is_width(class)
  return class:match("^column%-%a+$") ~= nil and class ~= "column-margin" or class:match("^column%-%a+%-%a+") ~= nil
end

local function is_margin(class)
  return class == "aside" or class == "column-margin"
end

-- What Quarto puts around the output of cells, which a document that was run before still has.
local CELL = {
  cell = true, ["cell-code"] = true, ["cell-output"] = true, ["cell-output-display"] = true, ["cell-output-stdout"] = true, sourceCode = true,
}

local function of_no_look(element)
  local before = #element.classes
  element.classes = element.classes:filter(function(class) return not CELL[class] end)
  if #element.classes < before then
    element.attributes.execution_count = nil
    element.classes = element.classes:filter(function(class) return class ~= "markdown" end)
  end
  local named = #element.classes > 1 or element.identifier ~= ""
  element.classes = element.classes:filter(function(class) return not is_width(class) and not (named and is_margin(class)) end)
  return #element.classes < before
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

-- Where captions stand and whether lines of code have numbers is the theme's to say.
local PLACES = { "cap-location", "fig-cap-location", "tbl-cap-location", "lst-cap-location", "code-line-numbers", "startFrom" }

local function pass_over_places(element)
  for _, name in ipairs(PLACES) do
    if element.attributes[name] then
      tell(name .. '="' .. element.attributes[name] .. '" is passed over: the theme decides that', name)
      element.attributes[name] = nil
    end
  end
end

local FLOATS = { fig = figure_div, tbl = table_div, lst = listing_div }

local function known_div(div)
  local bare = of_no_look(div)
  pass_over_places(div)
  if #div.classes == 1 and is_margin(div.classes[1]) and div.identifier == "" then
    return margin(div)
  elseif div.classes:includes("panel-tabset") and #div.classes == 1 then
    return tabs(div)
  elseif div.classes:includes("list-table") and #div.classes == 1 then
    return list_table(div)
  elseif bare and #div.classes == 0 and #div.attributes == 0 and div.identifier == "" then
    return div.content
  end
  for _, class in ipairs(div.classes) do
    local titled = class == "callout" and (div.attributes.title or div.content[1] and div.content[1].t == "Header")
    local kind = class:match("^callout%-(%a+)$") or titled and "callout" or (class == "proof" or class == "remark" or class == "solution") and class
    if kind and (words[kind] or titled) then
      return class == kind and class ~= "callout" and proof(div, kind) or callout(div, kind)
    end
  end
  local prefix = div.identifier:match("^(%a+)%-")
  if FLOATS[prefix] then
    caption_attribute(div)
    return FLOATS[prefix](div) or prefix ~= "lst" and panel_div(div) or nil
  elseif div.attributes["layout-ncol"] or div.attributes["layout-nrow"] or div.attributes.layout then
    return layout_div(div)
  elseif THEOREMS[prefix] then
    local title = take_title(div, "name")
    if title then
      div.content:insert(1, pandoc.Plain({ pandoc.Span(title, pandoc.Attr("", { "navn" })) })) -- crossref.lua takes it
    end
    div.classes:insert("saetning")
    return div
  end
  return bare and div or nil
end

local listing

-- ```{#lst-a .python lst-cap="..."}
-- or with filename="...", which stands above the code.
function listing(block)
  of_no_look(block)
  pass_over_places(block)
  local caption, file = block.attributes["lst-cap"], block.attributes.filename
  if file then
    block.attributes.filename = nil
    return pandoc.Blocks({ pandoc.Para({ pandoc.Strong({ pandoc.Code(file) }) }), listing(block) })
  end
  if not (caption and block.identifier:match("^lst%-")) then
    return block
  end
  local identifier = block.identifier
  block.identifier, block.attributes["lst-cap"] = "", nil
  local line = pandoc.utils.blocks_to_inlines(pandoc.read(caption, "markdown").blocks)
  return pandoc.Div({ pandoc.Para(line), block }, pandoc.Attr(identifier, { "liste" }))
end

-- The attributes behind an equation, {#eq-a} or {#eq-a alt="..."}: identifier, words, and where they end.
local function equation_attributes(inlines, first)
  local source = ""
  for index = first, #inlines do
    local inline = inlines[index]
    if inline.t == "Quoted" then
      source = source .. '"' .. pandoc.utils.stringify(inline.content) .. '"'
    elseif inline.t == "Str" or inline.t == "Space" or inline.t == "SoftBreak" then
      source = source .. pandoc.utils.stringify(inline)
    else
      return nil
    end
    local identifier, rest = source:match("^{#(eq%-[%w_-]+)%s*(.*)}$")
    local words = rest and (rest:match('^alt%s*=%s*"([^"]+)"$') or rest:match("^alt%s*=%s*“(.+)”$"))
    if identifier and (words or rest == "") then
      return identifier, words, index
    elseif not ("{#eq-"):find(source:sub(1, 5), 1, true) then
      return nil
    end
  end
end

-- $$ ... $$ {#eq-a}
local function equations(inlines)
  local out, index = nil, 1
  while index <= #inlines do
    local math = inlines[index]
    if math.t == "Math" and math.mathtype == "DisplayMath" then
      local after = index + 1
      if inlines[after] and (inlines[after].t == "Space" or inlines[after].t == "SoftBreak") then
        after = after + 1
      end
      local identifier, words, last = equation_attributes(inlines, after)
      if identifier then
        out = out or pandoc.Inlines({ table.unpack(inlines, 1, index - 1) })
        out:insert(pandoc.Span({ math }, pandoc.Attr(identifier, { "ligning" }, { alt = words })))
        index = last + 1
        goto continue
      end
    end
    if out then
      out:insert(math)
    end
    index = index + 1
    ::continue::
  end
  return out
end

-- Chapters are the highest headings there are: a document may begin its own with ##.
local function raise_headings(blocks)
  local highest = 9
  for _, block in ipairs(blocks) do
    if block.t == "Header" then
      highest = math.min(highest, block.level)
    end
  end
  if highest == 1 or highest == 9 then
    return blocks
  end
  return blocks:walk({
    Header = function(header)
      header.level = math.max(header.level - highest + 1, 1)
      return header
    end,
  })
end

-- ---- values in equations ----------------------------------------------------------------------------------------------

-- The engine puts these around an inline value in text that has equations: what is escaped for Markdown is not for TeX.
local VALUE = "\u{fde0}(.-)\u{fde1}"
local SIGNS = "\xef\xb7[\xa0\xa1]"

local function tex_value(markdown)
  local plain = markdown:gsub("\\(%p)", "%1"):gsub(SIGNS, "")
  local tex = plain:gsub("[\\{}$&#%^_%%~]", function(sign)
    return (sign == "\\" and "\\backslash" or "\\" .. sign) .. "{}" -- or TeX takes the space after it
  end)
  return "\\text{" .. tex .. "}"
end

-- A document with values: in equations as TeX, elsewhere without the signs around them.
function M.with_values(doc)
  doc.blocks = doc.blocks:walk({
    Math = function(math)
      math.text = math.text:gsub(VALUE, tex_value)
      return math
    end,
    Str = function(str)
      if str.text:find("\xef\xb7[\xa0\xa1]") then
        str.text = str.text:gsub("\xef\xb7[\xa0\xa1]", "")
        return str.text ~= "" and str or {}
      end
    end,
  })
  return doc
end

-- What Bootstrap makes of a table, and where Quarto's page puts one: the theme has one look for all.
local LOOKS = { striped = true, hover = true, bordered = true, borderless = true, sm = true, plain = true }

local function known_table(tbl)
  of_no_look(tbl)
  tbl.classes = tbl.classes:filter(function(class) return not LOOKS[class] end)
  return tbl
end

local function known_image(image)
  of_no_look(image)
  pass_over_places(image)
  image.classes = image.classes:filter(function(class) return not is_margin(class) end)
  return image
end

local function known_span(span)
  span.classes = span.classes:filter(function(class) return class ~= "quarto-include-in-search-index" end)
  if #span.classes == 1 and is_margin(span.classes[1]) and span.identifier == "" then
    return margin(span)
  end
  return span
end

-- What slides do with a heading.
local function known_header(header)
  for name in pairs(header.attributes) do
    if name:match("^background%-") then
      header.attributes[name] = nil
    end
  end
  return header
end

-- Raw text: Pandoc's own forms of a tree are read; what is for LaTeX stands in neither PDF nor page, under Quarto as here.
local function raw_text(raw)
  if raw.format == "pandoc-native" or raw.format == "pandoc-json" then
    local read, tree = pcall(pandoc.read, raw.text, raw.format:sub(8))
    if read then
      return raw.t == "RawBlock" and tree.blocks or pandoc.utils.blocks_to_inlines(tree.blocks)
    end
  elseif raw.format == "latex" then
    tell("text in the format {=latex} is passed over: PDF and page are made without LaTeX", raw.text:match("%w+"))
    return {}
  end
end

-- Code with numbers behind its lines and the list that says what they are: the numbers as they print.
local CIRCLED = { "①", "②", "③", "④", "⑤", "⑥", "⑦", "⑧", "⑨" }

local function annotated(blocks)
  local changed = false
  for index, block in ipairs(blocks) do
    local list = blocks[index + 1]
    if block.t == "CodeBlock" and list and list.t == "OrderedList" then
      local lines = block.text .. "\n"
      lines = lines:gsub("%s*[#%%/-]+%s*<(%d)>[ \t]*\n", function(number)
        return CIRCLED[tonumber(number)] and "  " .. CIRCLED[tonumber(number)] .. "\n"
      end)
      block.text, changed = lines:sub(1, -2), changed or lines ~= block.text .. "\n"
    end
  end
  return changed and blocks or nil
end

M.with_pages = shortcodes.with_pages

function M.known(doc, values)
  told = {}
  doc = shortcodes.expand(doc, values)
  doc.blocks = doc.blocks:walk({ RawBlock = raw_text, RawInline = raw_text, Blocks = annotated })
  words = WORDS[pandoc.utils.stringify(doc.meta.lang or "da"):sub(1, 2)] or WORDS.en
  local blocks = doc.blocks:walk({ Blocks = html_blocks }):walk({ Inlines = html_inlines })
  doc.blocks = raise_headings(blocks:walk({
    Div = known_div, CodeBlock = listing, Inlines = equations, Table = known_table, Image = known_image, Span = known_span, Header = known_header,
  }))
  return doc, told
end

-- The document by format, where something stands in one of them only; nil where it is the same in all.
function M.by_format(doc, formats)
  if not shortcodes.is_conditional(doc) then
    return nil
  end
  local docs = {}
  for _, format in ipairs(formats) do
    docs[format] = shortcodes.of_format(doc:clone(), format)
  end
  return docs
end

return M

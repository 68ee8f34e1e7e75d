-- HTML in a document that says no more than Markdown can becomes the tree that Markdown would have given. What says more stays
-- raw, and the gate (pandoc_gate.lua) refuses it.

local M = {}

-- Tags whose meaning Pandoc's tree can hold, with the attributes that may stand in them.
local TABLE = "class id style border align data aria role cellspacing cellpadding summary"
local TAGS = {
  table = TABLE, thead = TABLE, tbody = TABLE, tfoot = TABLE, tr = TABLE, th = TABLE .. " colspan rowspan scope headers halign",
  td = TABLE .. " colspan rowspan headers", caption = TABLE, colgroup = TABLE, col = TABLE .. " span width", div = TABLE,
  span = TABLE, p = "class style", br = "", b = "", strong = "", i = "", em = "",
  u = "", s = "", del = "", sub = "", sup = "", code = "", pre = "", a = "href", img = "src alt width height", ul = "", ol = "start",
  li = "", hr = "", blockquote = "", dl = "", dt = "", dd = "", mark = "",
}
local VOID = { br = true, img = true, hr = true, col = true }
-- Properties of a style that say nothing about what is there; the theme has one look for tables.
local STYLE = "^[%a-]*color$ ^background$ ^border[%a-]*$ ^font[%a-]*$ ^padding[%a-]*$ ^margin[%a-]*$ ^text%-align$ ^text%-decoration[%a-]*$ ^float$ ^vertical%-align$ "
  .. "^[%a-]*width$ ^[%a-]*height$ ^white%-space$ ^overflow[%a-]*$ ^table%-layout$ ^letter%-spacing$"
local OPEN, CLOSE = "\u{e000}", "\u{e001}"

local function is_comment(raw)
  return raw.text:match("^%s*<!%-%-.*%-%->%s*$") ~= nil
end

local function is_html(element)
  return (element.t == "RawBlock" or element.t == "RawInline") and element.format == "html"
end

-- Whether a style says no more than how something looks.
function M.is_look(style)
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

local looks -- a word of a look that was passed over in the piece of HTML that is read

local function may_stand(tag, attributes)
  local allowed = TAGS[tag]
  if allowed == nil then
    return false
  end
  local rest = attributes:gsub("'([^'\"]*)'", '"%1"')
  for name, value in rest:gmatch('([%w-]+)%s*=%s*"([^"]*)"') do
    if not (" " .. allowed .. " "):find(" " .. name:match("^%a+") .. " ", 1, true) or (name == "style" and not M.is_look(value)) then
      return false
    end
    looks = looks or (name == "style" and not value:match("^%s*text%-align:%s*%a+;?%s*$") and value:match("[%w-]+"))
  end
  return rest:gsub('[%w-]+%s*=%s*"[^"]*"', ""):match("^[%s/]*$") ~= nil
end

-- Style sheets beside a table, which say nothing about what is there.
local function without_styles(html)
  html = html:gsub("<style scoped>%s*%.dataframe.-</style>", "") -- pandas' own, which every table of it has
  local out = html:gsub("<style[^>]*>.-</style>", "")
  if html:find("<table", 1, true) and not out:find("display%s*:%s*none") then
    looks = looks or html:match("<style[^>]*>%s*[#.]?([%w_-]+)")
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

-- A number as a cell holds it, alone or with its unit.
local NUMBER = "^[-+]?%d[%d., ]*[%%pctkr]*%.?$"

local function plain_rows(rows, words)
  for _, row in ipairs(rows) do
    row.attr = pandoc.Attr()
    for index, cell in ipairs(row.cells) do
      cell.attr = pandoc.Attr()
      local shown = pandoc.utils.stringify(cell.contents):gsub("−", "-"):gsub("\u{a0}", " ")
      local is_number = shown:match(NUMBER) or not shown:match("%w") -- or nothing there, or a sign for it
      words[index] = words[index] or not is_number or cell.col_span > 1
    end
  end
end

-- A table as pandas and others write it: the looks of a browser from 1996 are no content. Numbers stand under one another.
local function plain_table(tbl)
  local words = {}
  tbl.attributes, tbl.classes = {}, {}
  plain_rows(tbl.head.rows, {})
  plain_rows(tbl.foot.rows, words)
  for _, body in ipairs(tbl.bodies) do
    plain_rows(body.head, {})
    plain_rows(body.body, words)
  end
  for index, spec in ipairs(tbl.colspecs) do
    spec[1] = spec[1] == "AlignDefault" and words[index] == false and "AlignRight" or spec[1]
    tbl.colspecs[index] = spec
  end
  return tbl
end

-- `M.tell` is where what is passed over is told.
local function read_html(source)
  looks = nil
  depth_of(source)
  if looks then
    M.tell("the looks of an HTML table are passed over: the theme has one for all tables", looks)
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

-- The blocks with their HTML read; nil where there is none.
function M.blocks(blocks)
  if not has_html(blocks) then
    return nil
  end
  return without_html(blocks, pandoc.Blocks({}), function(stretch)
    kept = {}
    local source = block_source(stretch)
    return source and depth_of(source) == 0 and read_html(source) or nil
  end)
end

function M.inlines(inlines)
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

return M

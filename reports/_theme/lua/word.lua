-- The report's own elements for Word: paragraphs in the named styles of word-reference.docx, and fields where Word counts and refers
-- itself, so that a figure that is added or moved is renumbered by Word.

local part = ... -- loads the neighbouring modules
local text = part("text")

local M = {}

local NO_BREAK_SPACE = "\u{a0}"
local LIGHTS = { groen = "●", gul = "▲", roed = "■", graa = "○" }

local function xml(source)
  return pandoc.RawInline("openxml", source)
end

local function run(value)
  return '<w:r><w:t xml:space="preserve">' .. text.html(value) .. "</w:t></w:r>"
end

local function mark(kind)
  return '<w:r><w:fldChar w:fldCharType="' .. kind .. '"/></w:r>'
end

-- What Word works out itself, with what it shows until then. Not as one `fldSimple`, whose words Pandoc's reader passes over.
local function field(instruction, shown)
  return mark("begin") .. '<w:r><w:instrText xml:space="preserve"> ' .. instruction .. " </w:instrText></w:r>" .. mark("separate")
    .. shown .. mark("end")
end

-- Blocks in one of the reference's paragraph styles.
function M.styled(style, blocks)
  return pandoc.Div(blocks, pandoc.Attr("", {}, { ["custom-style"] = style }))
end

local function line(style, value)
  return M.styled(style, { pandoc.Para({ pandoc.Str(value) }) })
end

-- Word's names of places hold letters, digits and underscores, 40 at most; the same name for the same identifier.
local places, taken = {}, {}

local function place_of(identifier)
  if not places[identifier] then
    local name = identifier:gsub("[^%w]", "_"):sub(1, 40)
    if taken[name] then
      name = "r" .. pandoc.utils.sha1(identifier):sub(1, 30)
    end
    places[identifier], taken[name] = name, true
  end
  return places[identifier]
end

-- The numbers of bookmarks, far above Pandoc's own.
local bookmark = 100000

-- "Figur 3:" as words and a counter of Word's, marked as what references to the identifier show.
function M.label(identifier, written)
  local word, number = written:match("^(.-)" .. NO_BREAK_SPACE .. "(%d+):$")
  bookmark = bookmark + 1
  return pandoc.Inlines({
    xml('<w:bookmarkStart w:id="' .. bookmark .. '" w:name="' .. place_of(identifier) .. '"/>' .. run(word .. NO_BREAK_SPACE)
      .. field("SEQ " .. text.html(word) .. " \\* ARABIC", run(number))
      .. '<w:bookmarkEnd w:id="' .. bookmark .. '"/>' .. run(": ")),
  })
end

-- A reference that Word keeps right, where it shows the whole label; a link elsewhere.
function M.reference(identifier, before, number, whole_label)
  local shown = before .. (before ~= "" and NO_BREAK_SPACE or "") .. number
  if whole_label then
    return pandoc.Inlines({ xml(field("REF " .. place_of(identifier) .. " \\h", run(shown))) })
  end
  return pandoc.Inlines({ pandoc.Link({ pandoc.Str(shown) }, "#" .. identifier) })
end

-- The cover: the answer in a sentence or two (where the document gives one), its facts (pairs of heading and value) and the notice of
-- made-up data; the contents and the text follow.
function M.cover(fields, facts, notice, headline)
  local out = pandoc.Blocks({ line("Title", fields.title) })
  for _, name in ipairs({ "subtitle", "kommune" }) do
    if fields[name] ~= "" then
      out:insert(line("Subtitle", fields[name]))
    end
  end
  if headline then
    out:insert(M.styled("Hovedresultat", { pandoc.Para(headline) }))
  end
  for _, pair in ipairs(facts) do
    if fields[pair[2]] ~= "" then
      out:insert(line("Forside", pair[1] .. ": " .. fields[pair[2]]))
    end
  end
  if notice then
    out:insert(line("Syntetisk", notice))
  end
  return out
end

-- Word's own table of contents, filled, so that it can be read before Word has put its pages in.
function M.contents(title, entries)
  local out = pandoc.Blocks({ line("TOC Heading", title) })
  for index, entry in ipairs(entries) do
    local shown = (entry.number and entry.number .. " " or "") .. pandoc.utils.stringify(entry.label)
    local content = pandoc.Inlines({ pandoc.Link({ pandoc.Str(shown) }, "#" .. entry.identifier) })
    if index == 1 then
      content:insert(1, xml('<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r><w:r><w:instrText xml:space="preserve">'
        .. ' TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>' .. mark("separate")))
    end
    if index == #entries then
      content:insert(xml(mark("end")))
    end
    out:insert(M.styled("TOC " .. math.min(entry.level, 3), { pandoc.Para(content) }))
  end
  return out .. M.page_break()
end

function M.page_break()
  return pandoc.Blocks({ pandoc.RawBlock("openxml", '<w:p><w:r><w:br w:type="page"/></w:r></w:p>') })
end

-- A list's paragraphs take the style of the text around them only where each item is told so; the last may have its own.
local function with_items(style, blocks, last)
  local function restyled(list)
    local items = list.content
    list.content = items:map(function(item, index)
      local paragraphs = item:map(function(block) -- of a list's Plain Pandoc makes paragraphs in a style of its own
        return block.t == "Plain" and pandoc.Para(block.content) or block
      end)
      return { M.styled(index == #items and last or style, paragraphs) }
    end)
    return list, false
  end
  return blocks:walk({ traverse = "topdown", BulletList = restyled, OrderedList = restyled })
end

-- Room below a box is its last paragraph's: between the others it would part the box.
function M.box(div, number)
  local title = M.styled("Boks titel", { pandoc.Para({ pandoc.Str("Boks " .. number .. ": " .. (div.attributes.title or "")) }) })
  local content = div.content
  local final = content:remove(#content)
  local ends_in_list = final and (final.t == "BulletList" or final.t == "OrderedList")
  return pandoc.Blocks({ title, M.styled("Boks", with_items("Boks punkt", content)) })
    .. (ends_in_list and with_items("Boks punkt", pandoc.Blocks({ final }), "Boks punkt slut")
      or { M.styled("Boks slut", { final }) })
end

local STYLES = { kilde = "Kilde", note = "Kilde" }

-- Any other of the theme's Divs: its blocks, in the style of its class.
function M.div(div)
  if div.classes:includes("noegletal") then
    return with_items("Nøgletal", div.content)
  elseif div.classes:includes("sideskift") then
    return M.page_break()
  end
  for class, style in pairs(STYLES) do
    if div.classes:includes(class) then
      return M.styled(style, div.content)
    end
  end
end

-- Pictures or tables that are one: their caption below, that of tables above.
function M.panel(div, label, caption, is_table)
  local titled = M.styled(is_table and "Table Caption" or "Image Caption", {
    pandoc.Para(M.label(div.identifier, label) .. caption),
  })
  div.content:insert(is_table and 1 or #div.content + 1, titled)
  return div.content
end

-- The symbol before its words has the form that goes with the colour, so that it can be read without seeing it.
function M.light(span, colour)
  span.attributes["custom-style"] = "Lys " .. colour
  span.content = pandoc.Inlines({ pandoc.Str(LIGHTS[colour] .. NO_BREAK_SPACE) }) .. span.content
  return span
end

-- A picture with its alternative text, as wide as the text unless it asks for a width.
local function picture(image, width)
  local alt = image.attributes["fig-alt"] or ""
  image.attributes["fig-alt"] = nil
  if not image.attributes.width and not image.attributes.height then
    image.attributes.width = width
  end
  image.caption = alt ~= "" and pandoc.Inlines({ pandoc.Str(alt) }) or pandoc.Inlines({})
  image.title = ""
  return image
end

local function captioned(block)
  local label = block.attributes.maerkat
  block.attributes.maerkat = nil
  if label then
    block.caption.long = pandoc.Blocks({
      pandoc.Plain(M.label(block.identifier, label) .. pandoc.utils.blocks_to_inlines(block.caption.long)),
    })
  end
  return block
end

function M.figure(figure)
  figure.content = figure.content:walk({ Image = function(image) return picture(image, "100%") end })
  return captioned(figure), false
end

function M.image(image)
  return picture(image, nil)
end

-- A row that begins with bold text and an empty cell after it heads the rows below it; its text takes the empty cells.
local function with_group(row)
  local cells = row.cells
  local first = cells[1]
  local inlines = pandoc.utils.blocks_to_inlines(first.contents)
  if cells[2] and #cells[2].contents == 0 and #inlines == 1 and inlines[1].t == "Strong" then
    while cells[2] and #cells[2].contents == 0 do
      first.col_span = first.col_span + cells[2].col_span
      table.remove(cells, 2)
    end
    cells[1] = first
    row.cells = cells
  end
  return row
end

-- The columns have the widths of the PDF's; for what fits on no page Word finds some.
function M.table(tbl)
  local shares = part("tables").shares(tbl) or {}
  tbl.colspecs = tbl.colspecs:map(function(spec, index) return { spec[1], shares[index] } end)
  tbl.bodies = tbl.bodies:map(function(body)
    body.body = pandoc.List(body.body):map(with_group)
    return body
  end)
  return captioned(tbl)
end

-- An equation with a number, at the end of its line.
function M.equation(span)
  local number = span.attributes.nr
  span.attributes.nr, span.attributes.alt = nil, nil
  if number then
    span.content:insert(pandoc.Str(NO_BREAK_SPACE .. "(" .. number .. ")"))
  end
  return span
end

return M

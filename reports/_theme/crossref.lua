-- format: all at once
-- Numbers figures, tables, sections, equations, listings and theorems and resolves references to them (embedded engine only; Quarto does it itself).
-- Runs where `quarto` stands in the list of filters, while figures and tables are still Pandoc's own. In Typst the template
-- numbers what it sets and a reference is Typst's own; in HTML numbers are written here. Both count in document order, so they agree.
--
-- Whatever does not fit is a warning, and the engine makes every warning an error that names file and line. A warning therefore
-- always shows the identifier as it stands in the source (@fig-x, #fig-x, figs/x.svg).

local folder = pandoc.path.directory(PANDOC_SCRIPT_FILE)
local part
function part(name)
  return assert(loadfile(pandoc.path.join({ folder, "lua", name .. ".lua" })))(part)
end
local text, word = part("text"), part("word")

local NO_BREAK_SPACE = "\u{a0}"
local CLASS_OF_REFERENCE = "quarto-xref"

local words = {}
local entries = {}
local identifiers = {}
local KINDS = { "fig", "tbl", "sec", "eq", "lst", "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr" }
local counts = {}
for _, kind in ipairs(KINDS) do
  counts[kind] = 0
end
local section = {}
local has_numbers = true

local function kind_of(identifier)
  local kind = identifier:match("^(%a+)%-")
  return counts[kind] and kind or nil
end

local function read_words(meta)
  for _, kind in ipairs(KINDS) do
    local title = pandoc.utils.stringify(meta.crossref[kind .. "-title"] or kind)
    local prefix = pandoc.utils.stringify(meta.crossref[kind .. "-prefix"] or title)
    words[kind] = { title = title, prefix = prefix }
  end
end

-- Every identifier once: two figures under one name would make one of them unreachable.
local function register(identifier, number)
  if identifier == "" then
    return
  end
  if identifiers[identifier] then
    pandoc.log.warn("the identifier #" .. identifier .. " is used twice")
  end
  identifiers[identifier] = true
  if number then
    entries[identifier] = number
  end
end

-- Chapters without a number have none to refer to; the levels below a missing one count from zero, as Typst and Pandoc do.
local function next_section(header)
  if not has_numbers or header.classes:includes("unnumbered") then
    return nil
  end
  section[header.level] = (section[header.level] or 0) + 1
  for level = header.level + 1, 6 do
    section[level] = nil
  end
  local parts = {}
  for level = 1, header.level do
    parts[level] = tostring(section[level] or 0)
  end
  return table.concat(parts, ".")
end

local function described(block)
  if block.identifier ~= "" then
    return "#" .. block.identifier
  end
  local caption = pandoc.utils.stringify(block.caption.long)
  if caption == "" and block.t == "Table" and block.head.rows[1] then
    local cells = block.head.rows[1].cells:map(function(cell) return pandoc.utils.stringify(cell.contents) end)
    caption = table.concat(cells, ", ")
  end
  return '"' .. caption .. '"'
end

local function next_number(kind)
  counts[kind] = counts[kind] + 1
  return tostring(counts[kind])
end

-- A theorem and a listing begin with what they are called: "Sætning 1 (Navn).", "Liste 1:" and the caption.
local function number_block(div, kind)
  local number = next_number(kind)
  register(div.identifier, number)
  local called = pandoc.Inlines({ pandoc.Str(words[kind].title .. NO_BREAK_SPACE .. number) })
  local name = div.content[1] and div.content[1].t == "Plain" and div.content[1].content[1]
  if name and name.t == "Span" and name.classes:includes("navn") then
    div.content:remove(1)
    called = called .. pandoc.Inlines({ pandoc.Str(" (") }) .. name.content .. pandoc.Inlines({ pandoc.Str(")") })
  end
  called:insert(pandoc.Str(kind == "lst" and ":" or "."))
  local lead = pandoc.Inlines({ pandoc.Strong(called), pandoc.Space() })
  local first = div.content[1]
  if first and first.t == "Para" then
    first.content = lead .. first.content
    div.content[1] = first
  else
    div.content:insert(1, pandoc.Para(lead))
  end
  return div
end

-- Captions and numbers go together: a caption without a number would be counted in one format and not in the other.
local function number_float(block, kind, noun)
  local captioned = #pandoc.utils.stringify(block.caption.long) > 0
  if kind_of(block.identifier) == kind then
    if not captioned then
      pandoc.log.warn("the " .. noun .. " " .. described(block) .. " has no caption")
      return nil
    end
    register(block.identifier, next_number(kind))
    block.attributes.maerkat = words[kind].title .. NO_BREAK_SPACE .. counts[kind] .. ":" -- finish.lua writes it
    return block
  end
  register(block.identifier) -- a caption without an identifier has no number
end

-- A picture's words are its fig-alt, or the caption that says what it shows; fig-alt="" is a picture that says nothing.
local function check_picture(image)
  if kind_of(image.identifier) == "fig" then
    pandoc.log.warn("the figure #" .. image.identifier .. " has no caption")
  end
  local given = image.attributes["fig-alt"] or image.attributes.alt
  local alt = given or pandoc.utils.stringify(image.caption)
  image.attributes["fig-alt"], image.attributes.alt = alt, nil
  if alt:match("^%s*$") and (given ~= "" or #image.caption > 0) then
    pandoc.log.warn("the picture " .. image.src .. ' has no alternative text: say what it shows, {fig-alt="..."}')
  end
  image.src = image.src:gsub("\\", "/")
  return image
end

-- Pictures or tables that are one figure or table: the number of the one that is open, and how they are written.
local panel

local function panel_written(div)
  if div.classes:includes("del") then
    local id = text.html_id(div.identifier)
    return text.is_word() and div.content or text.blocks({
      typst = div.identifier ~= "" and "#metadata(none)" .. text.typst_label(div.identifier) or nil, html = "<div" .. id .. ' class="del">',
    }) .. div.content .. text.blocks({ html = "</div>" })
  elseif not div.classes:includes("panel") then
    return nil
  end
  local kind = kind_of(div.identifier)
  local label = words[kind].title .. NO_BREAK_SPACE .. div.attributes.nr .. ":"
  local caption = div.content:remove(1).content
  if text.is_word() then
    return word.panel(div, label, caption, kind == "tbl")
  end
  local captioned = pandoc.Plain(text.inlines({ html = '<figcaption><span class="maerkat">' .. text.html(label) .. "</span> " })
    .. caption .. text.inlines({ html = "</figcaption>" }))
  local open = { typst = "#dele[#figure(kind: image, [", html = "<figure" .. text.html_id(div.identifier) .. ">" }
  local close = { typst = "])" .. text.typst_label(div.identifier) .. "]", html = "</figure>" }
  if kind == "tbl" then -- above, as all tables have it
    return text.blocks({ html = open.html }) .. text.blocks({ typst = "#dele[#figure(kind: table, caption: [" }) .. { captioned }
      .. text.blocks({ typst = "], [" }) .. div.content .. text.blocks(close)
  end
  return text.blocks(open) .. div.content .. text.blocks({ typst = "], caption: [" }) .. { captioned } .. text.blocks(close)
end

-- References are resolved when all that they can point to is numbered; links are held against it then.
local references, links = 0, pandoc.List({})
local counting = {
  Cite = function() references = references + 1 end,
  Link = function(link) links:insert(link.target) end,
}

local numbering = {
  traverse = "topdown",
  Cite = counting.Cite,
  Link = counting.Link,
  Header = function(header)
    register(header.identifier, next_section(header))
  end,
  Figure = function(figure)
    local changed = number_float(figure, "fig", "figure") or figure
    -- the picture's own identifier is the figure's, so only its other properties are looked at
    changed.content = changed.content:walk({
      Image = function(image)
        image.caption = #image.caption > 0 and image.caption or pandoc.utils.blocks_to_inlines(figure.caption.long)
        return check_picture(image)
      end,
    })
    figure.caption.long:walk(counting) -- nothing in a figure is walked again
    return changed, false
  end,
  Table = function(tbl)
    if tbl.classes:includes("del") then
      return nil
    end
    return number_float(tbl, "tbl", "table")
  end,
  Image = function(image)
    register(image.identifier)
    return check_picture(image)
  end,
  Div = function(div)
    if div.classes:includes("saetning") or div.classes:includes("liste") then
      return number_block(div, kind_of(div.identifier))
    end
    if div.classes:includes("panel") then
      panel = next_number(kind_of(div.identifier))
      register(div.identifier, panel)
      div.attributes.nr = panel
      return div
    end
    register(div.identifier, div.classes:includes("del") and panel .. " (" .. div.attributes.bogstav .. ")" or nil)
  end,
  Span = function(span)
    if span.classes:includes("ligning") then
      span.attributes.nr = next_number("eq")
      register(span.identifier, span.attributes.nr)
      return span
    end
    register(span.identifier)
  end,
}

-- The words before a reference's number: the usual ones, the writer's own, or none.
local function prefix_of(citation, kind, format)
  if #citation.prefix > 0 then
    return format == "docx" and pandoc.utils.stringify(citation.prefix) or text.written(citation.prefix, format)
  end
  if citation.mode == "SuppressAuthor" then
    return ""
  end
  if format == "docx" then
    return words[kind].prefix
  elseif format == "html" then
    return text.html(words[kind].prefix)
  end
  local known = words[kind]
  known.typst_prefix = known.typst_prefix or text.written({ pandoc.Str(known.prefix) }, "typst")
  return known.typst_prefix
end

local function reference(label, number, citation, kind)
  local counted = (kind == "fig" or kind == "tbl" or kind == "sec") and not number:find("(", 1, true)
  if text.is_word() then
    local before = prefix_of(citation, kind, "docx")
    return word.reference(label, before, number, counted and kind ~= "sec" and before == words[kind].title)
  end
  local before = prefix_of(citation, kind, "html")
  local typst_before = prefix_of(citation, kind, "typst")
  return text.inlines({
    -- Typst itself counts figures, tables and sections
    typst = counted and "#ref(<" .. label .. ">, supplement: [" .. typst_before .. "])"
      or "#link(<" .. label .. ">)[" .. typst_before .. (typst_before ~= "" and "~" or "") .. number .. "];",
    html = '<a href="#' .. text.html(label) .. '" class="' .. CLASS_OF_REFERENCE .. '">' .. before
      .. (before ~= "" and NO_BREAK_SPACE or "") .. number .. "</a>",
  })
end

local function resolve(citation)
  local label = citation.id:sub(1, 1):lower() .. citation.id:sub(2)
  local kind = kind_of(label)
  if kind == nil then
    pandoc.log.warn("the reference @" .. citation.id .. " is to no figure, table, section, box, equation, "
      .. "listing or theorem, and to cite it takes a `bibliography:`; to print the sign, write \\@ (other references need --engine quarto)")
    return pandoc.Inlines({})
  end
  local number = entries[label]
  if number == nil then
    local why = identifiers[label] and "points to something without a number" or "points to nothing"
    pandoc.log.warn("the reference @" .. citation.id .. " " .. why)
    return pandoc.Inlines({})
  end
  local out = reference(label, number, citation, kind)
  out:extend(citation.suffix)
  return out
end

local referring = {
  Cite = function(cite)
    references = references - 1
    local out = pandoc.Inlines({})
    for position, citation in ipairs(cite.citations) do
      if position > 1 then
        out:extend({ pandoc.Str(","), pandoc.Space() })
      end
      out:extend(resolve(citation))
    end
    return out
  end,
}

-- A walk costs five times as much as the text of all blocks, and few of them hold a reference. Those that are not seen by their
-- sign, as in a note, are found by a walk.
local function resolved(blocks)
  blocks = pandoc.Blocks(blocks:map(function(block)
    return pandoc.utils.stringify(block):find("@", 1, true) and block:walk(referring) or block
  end))
  return references > 0 and blocks:walk(referring) or blocks
end

local function check_links()
  for _, link in ipairs(links) do
    local target = link:match("^#(.+)$")
    if target and not identifiers[target] then
      pandoc.log.warn("the link #" .. target .. " points to nothing")
    end
  end
end

function Pandoc(doc)
  read_words(doc.meta)
  has_numbers = doc.meta["number-sections"] ~= false
  doc.blocks = resolved(doc.blocks:walk(numbering))
  check_links()
  if panel then
    doc.blocks = doc.blocks:walk({ Div = panel_written })
  end
  return doc
end

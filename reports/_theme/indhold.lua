-- The headings and contents of the HTML page, and Word's contents (embedded engine only). In the page the title is the one <h1>,
-- chapters become <h2>, numbers are written here so that the contents beside the text and the one for phones carry the same ones.

local folder = pandoc.path.directory(PANDOC_SCRIPT_FILE)
local part
function part(name)
  return assert(loadfile(pandoc.path.join({ folder, "lua", name .. ".lua" })))(part)
end
local text, word = part("text"), part("word")

if quarto ~= nil or not (text.is_html() or text.is_word()) then
  return {}
end

local NUMBERED_DEPTH = 3
local CONTENTS_DEPTH = 2 -- unless the document says otherwise

local function next_number(counters, level)
  counters[level] = (counters[level] or 0) + 1
  for deeper = level + 1, #counters do
    counters[deeper] = nil
  end
  local parts = {}
  for index = 1, level do
    parts[index] = tostring(counters[index] or 0)
  end
  return table.concat(parts, ".")
end

local function without_notes_and_links(inlines)
  return inlines:walk({
    Note = function() return {} end,
    Link = function(link) return link.content end,
    RawInline = function(raw) -- a reference
      return pandoc.RawInline(raw.format, (raw.text:gsub("</?a[^>]*>", "")))
    end,
  })
end

-- All labels as HTML in one go: Pandoc's writer costs more to start than to write.
local function labels_html(entries)
  local mark = "<!-- end of label -->"
  local blocks, out = pandoc.Blocks({}), {}
  for _, entry in ipairs(entries) do
    blocks:insert(pandoc.Plain(entry.label))
    blocks:insert(pandoc.RawBlock("html", mark))
  end
  local written, position = pandoc.write(pandoc.Pandoc(blocks), "html"), 1
  for index = 1, #entries do
    local first, last = written:find(mark, position, true)
    out[index] = written:sub(position, first - 1):match("^%s*(.-)%s*$")
    position = last + 1
  end
  return out
end

local function entry_html(entry, label)
  local number = entry.number and ('<span class="nr">' .. entry.number .. "</span> ") or ""
  return '<a href="#' .. text.html(entry.identifier) .. '">' .. number .. "<span>" .. label .. "</span></a>"
end

local function list_html(entries)
  local labels = labels_html(entries)
  local out = { "<ul>" }
  local open = false
  for index, entry in ipairs(entries) do
    local following = entries[index + 1]
    if entry.level == 1 then
      table.insert(out, "<li>" .. entry_html(entry, labels[index]))
      if following and following.level > 1 then
        table.insert(out, "<ul>")
        open = true
      else
        table.insert(out, "</li>")
      end
    else
      table.insert(out, "<li>" .. entry_html(entry, labels[index]) .. "</li>")
      if open and (following == nil or following.level == 1) then
        table.insert(out, "</ul></li>")
        open = false
      end
    end
  end
  table.insert(out, "</ul>")
  return table.concat(out, "\n")
end

-- In Word they follow the cover: they stand before the first heading.
local function with_contents(doc, entries)
  local title = pandoc.utils.stringify(doc.meta["toc-title"] or "Indhold")
  local blocks, at = doc.blocks, 1
  while at <= #blocks and blocks[at].t ~= "Header" do
    at = at + 1
  end
  for offset, block in ipairs(word.contents(title, entries)) do
    blocks:insert(at + offset - 1, block)
  end
  doc.blocks = blocks
  return doc
end

function Pandoc(doc)
  local counters, entries = {}, {}
  local depth = tonumber(pandoc.utils.stringify(doc.meta["toc-depth"] or "")) or CONTENTS_DEPTH
  local numbered = doc.meta["number-sections"] ~= false
  doc.blocks = doc.blocks:walk({
    Header = function(header)
      local number = nil
      if numbered and not header.classes:includes("unnumbered") then
        number = next_number(counters, header.level)
      end
      if header.level <= depth and header.identifier ~= "" and not header.classes:includes("unlisted") then
        -- a section before the first chapter has no parent to stand under
        local level = #entries == 0 and 1 or header.level
        table.insert(entries, {
          level = level, number = number, identifier = header.identifier, label = without_notes_and_links(header.content),
        })
      end
      if text.is_word() then
        return nil -- Pandoc writes its number
      end
      if number and header.level <= NUMBERED_DEPTH then
        -- the number is a link to its own section, to be copied
        local link = '<a class="nr" href="#' .. text.html(header.identifier) .. '">' .. number .. "</a> "
        header.content:insert(1, pandoc.RawInline("html", link))
      end
      header.classes:insert("niveau" .. header.level)
      header.classes:insert("unnumbered") -- Pandoc must not number it a second time
      header.level = math.min(header.level + 1, 6)
      return header
    end,
  })
  if #entries > 0 and doc.meta.toc ~= false and text.is_word() then
    return with_contents(doc, entries)
  end
  if #entries > 0 and doc.meta.toc ~= false then
    doc.meta["indhold-liste"] = pandoc.MetaBlocks({ pandoc.RawBlock("html", list_html(entries)) })
  end
  return doc
end

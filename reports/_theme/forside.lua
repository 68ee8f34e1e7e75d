-- format: all at once
-- Lifts the Div .forside (the cover's words, printed by the document's first cell) into the document's metadata and removes it.
--
-- Besides the plain fields under their own names it sets, ready for the templates and already escaped:
--   forside-typst   arguments of the Typst function `rapport`
--   farver-typst    the colours as a Typst dictionary
--   hovedresultat   what stands in the Div: the answer in a sentence or two, with its numbers
--   forside.*       the fields as HTML
--   farver-css      the colours as CSS custom properties
--   report-css      the style sheet itself, so that the page is self-contained
--   report-js       the script itself, for the same reason

local folder = pandoc.path.directory(PANDOC_SCRIPT_FILE)
local part
function part(name)
  return assert(loadfile(pandoc.path.join({ folder, "lua", name .. ".lua" })))(part)
end
local text, word = part("text"), part("word")

local FIELDS = {
  "title", "subtitle", "kommune", "til", "udarbejdet-af", "dokumenttype", "emner", "dato", "dato-iso",
  "synthetic", "stamp", "description", "keywords",
}
local FACTS = {
  { "Til", "til" }, { "Dokumenttype", "dokumenttype" }, { "Udarbejdet af", "udarbejdet-af" }, { "Emner", "emner" },
  { "Dato", "dato" },
}
local SYNTHETIC_LABEL = "Syntetiske data"
local SYNTHETIC_NOTICE = "Rapportens tal er beregnet på konstruerede data. De beskriver ikke virkelige personer."

local function read_file(name)
  local file = assert(io.open(pandoc.path.join({ folder, name }), "rb"))
  local content = file:read("a")
  file:close()
  return content
end

-- Names in a fixed order: a Lua table has none, and the output must be the same bytes every time.
local function sorted_pairs(map)
  local names = {}
  for name in pairs(map) do
    table.insert(names, name)
  end
  table.sort(names)
  local position = 0
  return function()
    position = position + 1
    return names[position], map[names[position]]
  end
end

local function take_cover(doc)
  local found = nil
  local blocks = doc.blocks:walk({
    Div = function(div)
      if not div.classes:includes("forside") then
        return nil
      end
      if found then
        error("two .forside Divs in one document: print the cover once")
      end
      found = div
      return {}
    end,
  })
  doc.blocks = blocks
  return found
end

-- What stands for one version only goes, after a document's cells have run; the embedded engine has taken it out before.
-- A part that could not be written (`.fejl`) stops the report if it is of this version.
local function of_version(doc, fields)
  local version = fields.kommune ~= "" and "kun-kommune" or "kun-hele"
  doc.blocks = doc.blocks:walk({ Div = function(div)
    if div.classes:includes("kun-kommune") or div.classes:includes("kun-hele") then
      return div.classes:includes(version) and div.content or {}
    end
  end })
  doc.blocks:walk({ Div = function(div)
    if div.classes:includes("fejl") then
      error(pandoc.utils.stringify(div))
    end
  end })
end

local function fields_of(cover, meta)
  local fields = {}
  for _, name in ipairs(FIELDS) do
    local value = cover and cover.attributes[name] or nil
    if value == nil and meta[name] ~= nil then
      value = pandoc.utils.stringify(meta[name])
    end
    fields[name] = value or ""
  end
  return fields
end

local function typst_date(iso)
  local year, month, day = iso:match("^(%d%d%d%d)%-(%d%d)%-(%d%d)$")
  if not year then
    return "auto"
  end
  return string.format("datetime(year: %d, month: %d, day: %d)", tonumber(year), tonumber(month), tonumber(day))
end

local function keyword_list(fields)
  local words = text.split_commas(fields.keywords)
  if fields.synthetic == "true" then
    words:insert(SYNTHETIC_LABEL)
  end
  return words
end

local function description(fields)
  local value = fields.description
  if fields.synthetic == "true" and not value:find(SYNTHETIC_LABEL, 1, true) then
    value = (value == "" and "" or value .. " ") .. SYNTHETIC_LABEL .. "."
  end
  return value
end

local function typst_arguments(fields, meta)
  local arguments = {}
  for _, name in ipairs({ "title", "subtitle", "kommune", "til", "udarbejdet-af", "dokumenttype", "emner", "dato" }) do
    table.insert(arguments, name .. ": " .. text.typst_string(fields[name]))
  end
  table.insert(arguments, "description: " .. text.typst_string(description(fields)))
  table.insert(arguments, "dato-iso: " .. typst_date(fields["dato-iso"]))
  table.insert(arguments, "synthetic: " .. tostring(fields.synthetic == "true"))
  local keywords = keyword_list(fields)
  if text.in_quarto() then
    keywords:insert("Quarto") -- `reportlib check` and `verify` say what they cannot do with Quarto's files
  end
  if fields.stamp ~= "" then
    keywords:insert(fields.stamp)
  end
  local literals = keywords:map(text.typst_string)
  table.insert(arguments, "keywords: (" .. table.concat(literals, ", ") .. (#literals == 1 and ",)" or ")"))
  if not text.in_quarto() then
    table.insert(arguments, "toc: " .. tostring(meta.toc ~= false))
    table.insert(arguments, "toc-dybde: " .. (tonumber(pandoc.utils.stringify(meta["toc-depth"] or "")) or 2))
    table.insert(arguments, "papir: " .. text.typst_string(pandoc.utils.stringify(meta.papersize or "a4")))
    table.insert(arguments, "nummer: " .. tostring(meta["number-sections"] ~= false))
  end
  return table.concat(arguments, ", ")
end

local function colour_outputs()
  local typst, css = {}, {}
  for name, value in sorted_pairs(pandoc.json.decode(read_file("colours.json"), false)) do
    table.insert(typst, name .. ': rgb("' .. value .. '")')
    table.insert(css, "--" .. name .. ":" .. value)
  end
  return "(" .. table.concat(typst, ", ") .. ")", ":root{" .. table.concat(css, ";") .. "}"
end

local function raw(format, source)
  return pandoc.MetaInlines({ pandoc.RawInline(format, source) })
end

local function page_title(fields)
  if fields.kommune == "" then
    return fields.title
  end
  return fields.title .. " – " .. fields.kommune
end

-- In Quarto's own HTML template the cover becomes the first block of the page: the same words in the same elements as in
-- html-template.html, so that one style sheet serves both.
local function cover_block(fields, headline)
  local function line(open, value, close)
    return value ~= "" and open .. text.html(value) .. close or nil
  end
  local parts = pandoc.List({
    '<header class="forside"><div class="forside-indre">',
    line('<h1 class="titel">', fields.title, "</h1>"),
  })
  parts:insert(line('<p class="undertitel">', fields.subtitle, "</p>") or "")
  parts:insert(line('<p class="kommune">', fields.kommune, "</p>") or "")
  if headline then -- its numbers without the marks that only our account reads
    headline = headline:walk({ Span = function(span) return span.classes:includes("tal") and span.content or nil end })
    parts:insert(pandoc.write(pandoc.Pandoc({ pandoc.Div({ pandoc.Para(headline) }, { class = "hovedresultat" }) }), "html"))
  end
  parts:insert('<dl class="fakta">')
  for _, pair in ipairs(FACTS) do
    parts:insert(line("<div><dt>" .. pair[1] .. "</dt><dd>", fields[pair[2]], "</dd></div>") or "")
  end
  parts:insert("</dl></div>")
  if fields.synthetic == "true" then
    parts:insert('<div class="syntetisk"><p><strong>' .. SYNTHETIC_LABEL .. "</strong> " .. SYNTHETIC_NOTICE .. "</p></div>")
  end
  parts:insert("</header>")
  return pandoc.RawBlock("html", table.concat(parts, "\n"))
end

local function head_lines(fields, colours)
  local lines = { "<style>" .. colours .. "</style>" }
  if fields.stamp ~= "" then
    table.insert(lines, '<meta name="reportlib-stamp" content="' .. text.html(fields.stamp) .. '">')
  end
  return table.concat(lines, "\n")
end

function Pandoc(doc)
  local cover = take_cover(doc)
  local fields = fields_of(cover, doc.meta)
  if text.in_quarto() then
    of_version(doc, fields)
  end
  local meta = doc.meta
  for _, name in ipairs(FIELDS) do
    meta[name] = fields[name] ~= "" and fields[name] or nil
  end
  meta.lang = meta.lang or "da"
  local headline = cover and #cover.content > 0 and pandoc.utils.blocks_to_inlines(cover.content) or nil
  meta.hovedresultat = headline and pandoc.MetaInlines(headline) or nil

  local typst_colours, css_colours = colour_outputs()
  if text.is_typst() then
    meta["forside-typst"] = raw("typst", typst_arguments(fields, meta))
    meta["farver-typst"] = raw("typst", typst_colours)
  end
  if text.is_word() then
    local notice = fields.synthetic == "true" and SYNTHETIC_LABEL .. ". " .. SYNTHETIC_NOTICE or nil
    doc.blocks = word.cover(fields, FACTS, notice, headline) .. doc.blocks
    meta.description, meta.keywords = description(fields), table.concat(keyword_list(fields), ", ")
  end
  if text.is_html() then
    meta.pagetitle = page_title(fields)
    if text.in_quarto() then
      quarto.doc.include_text("in-header", head_lines(fields, css_colours))
      doc.blocks:insert(1, cover_block(fields, headline))
    else
      local html = { pagetitle = raw("html", text.html(page_title(fields))) }
      for _, name in ipairs(FIELDS) do
        if fields[name] ~= "" then
          html[name] = raw("html", text.html(fields[name]))
        end
      end
      html.description = raw("html", text.html(description(fields)))
      local words = keyword_list(fields)
      html.keywords = #words > 0 and raw("html", text.html(table.concat(words, ", "))) or nil
      html.synthetic = fields.synthetic == "true" or nil
      meta.forside = html
      meta["farver-css"] = raw("html", css_colours)
      meta["report-css"] = raw("html", read_file("report.css"))
      meta["report-js"] = raw("html", read_file("report.js"):match("^%s*(.-)%s*$"))
    end
  end
  doc.meta = meta
  return doc
end

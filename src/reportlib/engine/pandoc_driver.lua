-- Reads the Markdown once and writes every format asked for, in one run of Pandoc (`pandoc lua pandoc_driver.lua`). The tree is
-- filtered once for all formats as far as the filters can.
-- The job comes as JSON on standard input, the result goes as JSON to standard output: no file names outside the working folder,
-- which on Windows may hold letters that Lua cannot open. Warnings go to standard error, one a line, as Pandoc writes them.

local job = pandoc.json.decode(io.read("a"), false)

-- What a filter prints must not stand among the result.
function print(...)
  local words = pandoc.List({ ... }):map(tostring)
  io.stderr:write(table.concat(words, "\t"), "\n")
end

local function read_text(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  return text
end

-- The filter and what it loads see the same globals as under `pandoc --lua-filter`, and none of another filter's functions.
local function run_filter(doc, format, path)
  _G.FORMAT = format
  _G.PANDOC_SCRIPT_FILE = path
  return pandoc.utils.run_lua_filter(doc, path, setmetatable({}, { __index = _G }))
end

-- A filter that begins with this line writes for several formats in one tree, FORMAT naming them joined by a plus.
local ALL_AT_ONCE = "^%-%- format: all at once\n"

-- How many filters, from the first on, can run once for all formats; the others run once for each.
local function count_shared(filters)
  for index, path in ipairs(filters) do
    if not read_text(path):find(ALL_AT_ONCE) then
      return index - 1
    end
  end
  return #filters
end

-- `docs` is the document by format, where formats differ. Word is written from Pandoc's own blocks, in a tree of its own.
local function filtered_by_format(doc, docs, formats, filters)
  if formats:includes("docx") then
    local trees = filtered_by_format(doc:clone(), docs, formats:filter(function(format) return format ~= "docx" end), filters)
    local tree = docs and docs.docx or doc
    for _, path in ipairs(filters) do
      tree = run_filter(tree, "docx", path)
    end
    trees.docx = tree
    return trees
  end
  local shared = (docs or #formats == 0) and 0 or count_shared(filters)
  for index = 1, shared do
    doc = run_filter(doc, table.concat(formats, "+"), filters[index])
  end
  local trees = {}
  for _, format in ipairs(formats) do
    local tree = docs and docs[format] or doc:clone()
    for index = shared + 1, #filters do
      tree = run_filter(tree, format, filters[index])
    end
    trees[format] = tree
  end
  return trees
end

-- A Lua table has no order, so attributes that a filter wrote as one would come out differently from run to run.
local function order_attributes(element)
  local names, values = {}, {}
  for name, value in pairs(element.attributes) do
    table.insert(names, name)
    values[name] = value
  end
  if #names < 2 then
    return nil
  end
  table.sort(names)
  element.attributes = pandoc.List(names):map(function(name) return { name, values[name] } end)
  return element
end

local function plain_metadata(meta, names)
  local out = {}
  for _, name in ipairs(names) do
    if meta[name] ~= nil then
      out[name] = pandoc.utils.stringify(meta[name])
    end
  end
  return out
end

-- What each format is written as (Word by the engine, from the tree): Typst without its own quotation marks and dashes, so that both formats show the same signs.
local WRITERS = { typst = "typst-smart", html = "html", docx = "json" }

-- What can be read as a list, a heading, a minus or a dash where text can begin, seen widely: most reports have none of it, and
-- to look at each word of the tree costs more than to look through what was written. Each is a sign, and what stands from that
-- sign on (or from `before` bytes ahead of it).
local SIGNS = "[^%w%s%p]*"
local MAYBE_MARKUP = { { "--" }, { "-?" }, { ".." }, { "-", "^[^%w]%-" .. SIGNS .. "%d", before = 1 } }
for _, run in ipairs({ { "[", "^%[" }, { "\\\n", "^\\\n *" }, { "\n", "^\n *[-+] " }, { "\n/ ", "^\n/ [^\n]*: " } }) do
  table.insert(MAYBE_MARKUP, { run[1], run[2] .. SIGNS .. "[-+=/]+[%s%]]" })
  table.insert(MAYBE_MARKUP, { run[1], run[2] .. SIGNS .. "%d+%.[%s%]]" })
end
local REPORT_BEGINS = "\n// reportlib:rapport\n"

local function may_read_as_markup(source)
  local _, start = source:find(REPORT_BEGINS, 1, true)
  for _, look in ipairs(MAYBE_MARKUP) do
    local sign, pattern, before = look[1], look[2], look.before or 0
    local at = source:find(sign, start or 1, true)
    while at do
      if pattern == nil or source:find(pattern, at - before) then
        return true
      end
      at = source:find(sign, at + 1, true)
    end
  end
  return false
end

-- Pandoc's templates set a text sign by sign: for long pieces of the head (style sheet, script), and for the report itself, stands a
-- mark until it is done.
local LONG = 2000
local function with_marks(doc, format)
  local pieces = {}
  for name, value in pairs(doc.meta) do
    local piece = pandoc.utils.type(value) == "Inlines" and #value == 1 and value[1]
    if piece and piece.t == "RawInline" and piece.format == format and #piece.text > LONG then
      local mark = "\u{fdef}" .. name .. "\u{fdef}"
      pieces[mark], doc.meta[name] = piece.text:gsub("\n+$", ""), pandoc.MetaInlines({ pandoc.RawInline(format, mark) })
    end
  end
  return pieces
end

local BODY = "\u{fdef}body\u{fdef}"

-- What Pandoc gives a template of the report's text, beside the text.
local OF_TEXT = { "toc[%$%)]", "table%-of%-contents", "highlighting", "math[%$%)]" }
local function asks_of_text(template)
  return pandoc.List(OF_TEXT):find_if(function(name) return template:find("%$[%a%(]*" .. name) end) ~= nil
end

local function with_pieces(written, pieces)
  for mark, piece in pairs(pieces) do
    local first, last = written:find(mark, 1, true)
    if first then
      written = written:sub(1, first - 1) .. piece .. written:sub(last + 1)
    end
  end
  return written
end

-- Pandoc's Markdown without what only texts with these signs can hold: to look for it everywhere takes a fifth of reading.
local function reader_of(markdown)
  local format = "markdown"
  if not markdown:find("<[%a/!?]") then
    format = format .. "-raw_html-native_divs-native_spans"
  end
  if not markdown:find("\\%a") then
    format = format .. "-raw_tex-latex_macros"
  end
  return markdown:find("$", 1, true) and format or format .. "-tex_math_dollars"
end

-- Quarto's own forms: most documents have none, and to read this program costs as much as to read a page.
local loaded
local function forms()
  loaded = loaded or dofile("pandoc_forms.lua")
  return loaded
end

local function is_look(style)
  return forms().is_look(style)
end

local function convert()
  local formats = pandoc.List(job.outputs):map(function(output) return output.format end)
  local doc = pandoc.read(job.markdown, reader_of(job.markdown))
  local gate = dofile("pandoc_gate.lua")
  if job.markdown:find("\u{fde0}", 1, true) then
    doc = forms().with_values(doc)
  end
  if job.markdown:find("{{< pagebreak >}}", 1, true) then
    doc = dofile("pandoc_shortcodes.lua").with_pages(doc)
  end
  local docs, told
  local problems, looks, no_chapter = gate.problems(doc, job.gate, is_look)
  if #problems > 0 or #looks > 0 or no_chapter then -- most documents have none of Quarto's own forms, and to look for them costs a fifth of reading
    doc, told = forms().known(doc, job.project_variables)
    docs, problems = forms().by_format(doc, formats), pandoc.List({})
    for _, one in ipairs(docs and formats:map(function(format) return docs[format] end) or { doc }) do
      local found, passed_over = gate.problems(one, job.gate, is_look, true)
      problems, told = problems .. found, told .. passed_over
    end
  end
  if #problems > 0 then
    return { problems = problems }
  end
  local trees = filtered_by_format(doc, docs, formats, job.filters)
  local outputs, metadata = {}, {}
  for _, output in ipairs(job.outputs) do
    local filtered = trees[output.format]
    if output.format == "html" then
      filtered.blocks = filtered.blocks:walk({ Div = order_attributes, Header = order_attributes })
    end
    local pieces = with_marks(filtered, output.format)
    local function written(tree)
      local options = {
        table_of_contents = job.toc,
        toc_depth = job.toc_depth,
        number_sections = job.number_sections,
        variables = job.variables,
        wrap_text = "none",
        html_math_method = "mathml",
      }
      local template = output.template ~= "" and read_text(output.template)
      if template and not asks_of_text(template) then
        pieces[BODY] = pandoc.write(tree, WRITERS[output.format], options)
        tree = pandoc.Pandoc({ pandoc.RawBlock(output.format, BODY) }, tree.meta)
      end
      options.template = template and pandoc.template.compile(template, output.template) or nil
      return with_pieces(pandoc.write(tree, WRITERS[output.format], options), pieces)
    end
    outputs[output.format] = written(filtered)
    if output.format == "typst" and may_read_as_markup(outputs.typst) then
      outputs.typst = written(run_filter(filtered, "typst", job.typst_text))
    end
    metadata[output.format] = plain_metadata(filtered.meta, job.metadata)
  end
  return { outputs = outputs, metadata = metadata, told = told }
end

local done, result = pcall(convert)
if not done then
  result = { error = tostring(result) }
end
io.write(pandoc.json.encode(result))

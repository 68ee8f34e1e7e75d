-- Reads the Markdown once and writes every format asked for, in one run of Pandoc (`pandoc lua pandoc_driver.lua`).
-- The job comes as JSON on standard input, the result goes as JSON to standard output: no file names outside the working folder,
-- which on Windows may hold letters that Lua cannot open. Warnings go to standard error, one a line, as Pandoc writes them.

local job = pandoc.json.decode(io.read("a"), false)

local function read_text(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  return text
end

-- Filters and what they load see the same globals as under `pandoc --lua-filter`, and none of each other's functions.
local function run_filters(doc, format, filters)
  _G.FORMAT = format
  for _, path in ipairs(filters) do
    _G.PANDOC_SCRIPT_FILE = path
    doc = pandoc.utils.run_lua_filter(doc, path, setmetatable({}, { __index = _G }))
  end
  return doc
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

local function convert()
  local doc = pandoc.read(job.markdown, "markdown")
  local outputs, metadata = {}, {}
  for _, output in ipairs(job.outputs) do
    local filtered = run_filters(doc:clone(), output.format, job.filters)
    if output.format == "html" then
      filtered.blocks = filtered.blocks:walk({ Div = order_attributes, Header = order_attributes })
    end
    outputs[output.format] = pandoc.write(filtered, output.format, {
      template = pandoc.template.compile(read_text(output.template), output.template),
      table_of_contents = job.toc,
      toc_depth = job.toc_depth,
      number_sections = job.number_sections,
      variables = job.variables,
      wrap_text = "none",
    })
    metadata[output.format] = plain_metadata(filtered.meta, job.metadata)
  end
  return { outputs = outputs, metadata = metadata }
end

local done, result = pcall(convert)
if not done then
  result = { error = tostring(result) }
end
io.write(pandoc.json.encode(result))

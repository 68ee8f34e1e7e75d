-- Runs one of the theme's filters as Quarto 1.7 does: loaded into an environment of its own in which PANDOC_SCRIPT_FILE is the
-- filter, while the global one is Quarto's, and `quarto` exists. What the filter asks Quarto to put into the HTML head is
-- kept in the metadata field `in-header`. The filter's path stands in the metadata field `shim-filters`.

local included = {}
quarto = {
  doc = {
    include_text = function(place, text)
      assert(place == "in-header")
      table.insert(included, text)
    end,
  },
}

local function run(doc, path)
  local chunk_env = setmetatable({ PANDOC_SCRIPT_FILE = path }, { __index = _G })
  local result = assert(loadfile(path, "bt", chunk_env))()
  local filters = result or { { Pandoc = rawget(chunk_env, "Pandoc") } }
  for _, filter in ipairs(filters) do
    doc = doc:walk(filter)
    if filter.Pandoc then
      doc = filter.Pandoc(doc) or doc
    end
  end
  return doc
end

function Pandoc(doc)
  PANDOC_SCRIPT_FILE = "/quarto/share/filters/main.lua"
  local paths = pandoc.utils.stringify(doc.meta["shim-filters"])
  for path in paths:gmatch("[^;]+") do
    doc = run(doc, path)
  end
  doc.meta["in-header"] = pandoc.MetaInlines({ pandoc.RawInline("html", table.concat(included, "\n")) })
  return doc
end

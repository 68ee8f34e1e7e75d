-- Writes citations out (`pandoc lua pandoc_citations.lua`): snippets of Markdown with citations come in as JSON, the same snippets
-- as Markdown without them go out, and the references that they name. Warnings go to standard error.

local job = pandoc.json.decode(io.read("a"), false)

local function markdown(inlines)
  local text = pandoc.write(pandoc.Pandoc({ pandoc.Plain(inlines) }), "markdown-citations-smart", { wrap_text = "none" })
  return (text:gsub("%s+$", ""):gsub("\n", " "))
end

-- Links to references without what else citeproc says of them.
local function plain_link(link)
  return pandoc.Link(link.content, link.target)
end

-- citeproc marks parts of a reference by Spans that say nothing to a reader.
local function unwrapped(span)
  return span.content
end

local function convert()
  local blocks = pandoc.List(job.snippets):map(function(snippet)
    local read = pandoc.utils.blocks_to_inlines(pandoc.read(snippet, "markdown").blocks)
    return pandoc.Div({ pandoc.Plain(read) }, pandoc.Attr("", { "rl-snippet" }))
  end)
  local meta = { bibliography = job.bibliography, lang = job.lang, ["link-citations"] = true }
  if job.csl ~= "" then
    meta.csl = job.csl
  end
  if job.nocite ~= "" then
    meta.nocite = pandoc.read(job.nocite, "markdown").blocks[1].content
  end
  local doc = pandoc.utils.citeproc(pandoc.Pandoc(blocks, meta))
  local snippets, texts, references = pandoc.List({}), pandoc.List({}), pandoc.List({})
  for _, block in ipairs(doc.blocks) do
    if block.identifier == "refs" then
      for _, entry in ipairs(block.content) do
        local words = pandoc.utils.blocks_to_inlines(entry.content):walk({ Span = unwrapped })
        references:insert({ identifier = entry.identifier, markdown = markdown(words), text = pandoc.utils.stringify(words) })
      end
    else
      local words = block.content[1].content:walk({ Link = plain_link, Cite = function(cite) return cite.content end })
      snippets:insert(markdown(words))
      texts:insert(pandoc.utils.stringify(words))
    end
  end
  return { snippets = snippets, texts = texts, references = references }
end

local done, result = pcall(convert)
io.write(pandoc.json.encode(done and result or { error = tostring(result) }))

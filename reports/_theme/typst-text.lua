-- The last filter before Typst is written (embedded engine only): all text of the tree stays text. The engine runs it where it
-- sees that some could be read as markup.

local folder = pandoc.path.directory(PANDOC_SCRIPT_FILE)
local text = assert(loadfile(pandoc.path.join({ folder, "lua", "text.lua" })))()

if FORMAT ~= "typst" then
  return {}
end

return {
  {
    Pandoc = function(doc)
      doc.blocks = text.typst_safe(doc.blocks):walk({
        Note = function(note)
          note.content = text.typst_safe(note.content) -- a block's text is that without its notes
          return note
        end,
      })
      for name, value in pairs(doc.meta) do
        if pandoc.utils.type(value) == "Inlines" then
          doc.meta[name] = text.typst_safe(value)
        end
      end
      return doc
    end,
  },
}

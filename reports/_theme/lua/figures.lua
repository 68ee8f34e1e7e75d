-- Figures: the alternative text follows the picture into both formats (Pandoc's Typst writer drops it).

local part = ... -- loads the neighbouring modules
local text = part("text")
local tables = part("tables")

local M = {}

local function alt_of(image)
  local alt = image.attributes["fig-alt"] or image.attributes.alt
  if alt == nil or alt:match("^%s*$") then
    error("the picture " .. image.src .. " has no fig-alt: say in words what it shows")
  end
  return alt
end

local function typst_image(image)
  local width = image.attributes.width
  local size = width and width:match("^[%d.]+%%$") or "100%"
  return "image(" .. text.typst_string(image.src) .. ", width: " .. size .. ", alt: "
    .. text.typst_string(alt_of(image)) .. ")"
end

local function only_image(figure)
  local found = nil
  figure.content:walk({ Image = function(image) found = found or image end })
  return found
end

function M.figure_to_typst(figure)
  local image = only_image(figure)
  if image == nil then
    return nil
  end
  local out = pandoc.Inlines({ text.typst_inline("#figure(kind: image, ") })
  local caption = pandoc.utils.blocks_to_inlines(figure.caption.long)
  if #caption > 0 then
    out:insert(text.typst_inline("caption: ["))
    out:extend(tables.guard_start(caption))
    out:insert(text.typst_inline("], "))
  end
  local identifier = figure.identifier ~= "" and figure.identifier or image.identifier
  local label = identifier ~= "" and ("<" .. identifier .. ">") or ""
  out:insert(text.typst_inline(typst_image(image) .. ")" .. label))
  return pandoc.Plain(out)
end

function M.image_to_typst(image)
  return text.typst_inline("#box(" .. typst_image(image) .. ")")
end

function M.image_to_html(image)
  local alt = alt_of(image)
  image.attributes["fig-alt"] = nil
  image.attributes.alt = alt
  return image
end

-- A wide picture scrolls in its own box on a phone instead of shrinking until its words cannot be read.
function M.figure_to_html(figure)
  local image = only_image(figure)
  if image == nil then
    return nil
  end
  local name = text.unmarked(pandoc.utils.stringify(figure.caption.long))
  local attributes = { tabindex = "0", role = "region", ["aria-label"] = name ~= "" and name or "Figur" }
  figure.content = { pandoc.Div(figure.content, pandoc.Attr("", { "rulle" }, attributes)) }
  return figure
end

return M

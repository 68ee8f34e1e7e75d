-- Figures: the alternative text follows the picture into both formats (Pandoc's Typst writer drops it).

local part = ... -- loads the neighbouring modules
local text = part("text")

local M = {}

local function alt_of(image)
  local alt = image.attributes["fig-alt"]
  if alt == nil then -- crossref.lua has looked at it
    error("the picture " .. image.src .. " has no fig-alt: say in words what it shows")
  end
  return alt
end

-- "40%", "300px", "4cm" -> a length in Typst and in CSS; nil where none is asked for. A pixel is 1/96 inch in both.
local function length_of(image, name)
  local number, unit = (image.attributes[name] or ""):match("^([%d.]+)%s*(%a*%%?)$")
  if number == nil then
    return nil
  elseif unit == "px" or unit == "" then
    return string.format("%gpt", tonumber(number) * 0.75), number .. "px"
  end
  return number .. unit, number .. unit
end

local function typst_image(image)
  local width, height = length_of(image, "width"), length_of(image, "height")
  local call = "image(" .. text.typst_string(image.src) .. ", width: " .. (width or height and "auto" or "100%")
  if height then
    call = call .. ", height: " .. height .. (width and ', fit: "stretch"' or "")
  end
  local alt = alt_of(image)
  if alt == "" then
    return "pynt(billede(" .. call .. ")))"
  end
  return "billede(" .. call .. ", alt: " .. text.typst_string(alt) .. "))"
end

local function first_image(figure)
  local found = nil
  figure.content:walk({ Image = function(image) found = found or image end })
  return found
end

-- A drawing as Pandoc writes it, whose writer costs more to start than to write; nil for one with more than words, classes and data.
local function simple_drawing(image)
  local plain = image.identifier .. image.title == "" and image.src:find("^[%w/._-]+%.svg$")
  local tag = '<img src="' .. image.src .. '"' .. (#image.classes > 0 and ' class="' .. text.attribute(table.concat(image.classes, " ")) .. '"' or "")
  for name, value in pairs(image.attributes) do
    plain = plain and (name == "alt" or name:find("^data%-[%l-]+$"))
    tag = tag .. " " .. name .. '="' .. text.attribute(value) .. '"'
  end
  return plain and tag .. " />"
end

local function html_image(image)
  local alt = alt_of(image)
  local _, width = length_of(image, "width")
  local _, height = length_of(image, "height")
  image.attributes["fig-alt"], image.attributes.width, image.attributes.height = nil, nil, nil
  if width or height then
    image.attributes.style = "width:" .. (width or "auto") .. ";height:" .. (height or "auto")
  end
  image.attributes.alt = alt
  return simple_drawing(image) or text.written({ image }, "html")
end

-- A picture within text.
function M.image(image)
  return text.inlines({
    typst = "#box(" .. typst_image(image) .. ")",
    html = text.is_html() and html_image(image) or nil,
  })
end

-- In HTML a wide picture scrolls in its own box on a phone instead of shrinking until its words cannot be read.
function M.figure(figure)
  local image = first_image(figure)
  if image == nil then
    return nil
  end
  local caption = pandoc.utils.blocks_to_inlines(figure.caption.long)
  local label = figure.attributes.maerkat
  local name = text.unmarked((label and label .. " " or "") .. pandoc.utils.stringify(caption))
  local identifier = figure.identifier ~= "" and figure.identifier or image.identifier
  local typst = "#figure(kind: image, " .. typst_image(image)
  image.identifier = ""
  local html = "<figure" .. text.html_id(identifier) .. '>\n<div class="rulle" aria-label="' .. text.html(name ~= "" and name or "Figur")
    .. '" role="region" tabindex="0">\n' .. html_image(image) .. "\n</div>\n"
  local out = pandoc.Inlines({})
  if #caption > 0 then
    local number = label and ('<span class="maerkat">' .. text.html(label) .. "</span> ") or ""
    out:extend(text.inlines({ typst = typst .. ", caption: [", html = html .. "<figcaption>" .. number }))
    out:extend(caption)
    typst, html = label and "]" or "], numbering: none", "</figcaption>\n"
  end
  out:extend(text.inlines({ typst = typst .. ")" .. text.typst_label(identifier), html = html .. "</figure>" }))
  return pandoc.Plain(out)
end

return M

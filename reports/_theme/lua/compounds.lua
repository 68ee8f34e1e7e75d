-- Where a long word of a printed report may break at a line's end: between the parts of a compound, and nowhere else. Typst's own
-- patterns for Danish break "analy-seplan" and "ledighedsy-delse". A word breaks where its beginning is one of FIRST and the rest
-- begins like one of SECOND; names and what begins a sentence (capitals) stay whole, as do headings and captions. In tables only
-- words break that no column has room for (tables.lua).

local part = ... -- loads the neighbouring modules
local text = part("text")

local M = {}

-- How a compound begins, with its linking letter; of three parts also the first two together.
local FIRST = [[
aktiverings aktivitets arbejds arbejdsgiver arbejdsmarkeds baggrunds befolknings beregnings beskæftigelses bevillings bolig borger case
data delgruppe deltager diskonterings dokument effekt efterårs enheds enkelt erhvervs evaluerings fastholdelses fleksjob fokus
fokusgruppe forbruger forløbs forsøgs forsørgelses forårs fremgangs fremskrivnings fuldtids førtids gennemførelses gennemsnits grund
gruppe helbreds helheds hjælpe hoved hybrid indsats indvandrer informations integrations job jobsøgnings kerne konfidens konjunktur
kontakt kontanthjælp kontanthjælps kontrol kunst landbrugs ledigheds lodtræknings løntilskuds medarbejder mentor midtvejs mindste
minimums misbrugs mål målgruppe netto nettoafgifts netværks nøgle observations omkostnings opfølgnings oplysnings opstarts praktik
progressions projekt projektleder register registrerings regne rehabiliterings ressource ressourceforløbs rådgivnings sags
sagsbehandler sammenlignings samfunds samtale selv signifikans sikkerheds skatte slut snuse social sprog spørge startløns statistik
stikprøve styre succes sundheds syge telefon tilbuds tillids timeløns trivsels uddannelses uddannelsesgaranti udviklings
undervisnings ungdoms varigheds vejlednings velfærds virksomheds visitations ydelses årsags øjebliks økonomi
]]

-- How the part after it begins.
local SECOND = [[
afdeling afgift aftale aktivitet analyse ansat ansættelse arbejde behandl beregning beskrivelse besvarelse besøg bestilling billede
center centr dagpenge data deltager drev effekt element enhed erklæring evaluering evne faktor forhold forløb formidler forpligtelse
forsikring forskel forståelse forsøg forsørg forudsætning forvaltning garanti giver grad grundlag gruppe guide hjælp indsats
information interval interview komponent konsulent kontrakt kraft krav kriteri kvinde kvote ledelse leder løshed marked match
medarbejder metode model modtager mulighed mærke mæssig måling møde niveau nummer omkostning oplysning opslag ordning organisation
område parat pension penge periode person perspektiv plads plan point praktik pris problem program projekt pædagog region register
rente resultat rettet rettede rådgiv samtale sekretariat selskab situation skema skift social spørgsmål start status strategi
studie stykke styrelse størrelse støtte survey system søgning team test tidspunkt tilbud tilskud tilstand type udfordring udvikling
usikkerhed varighed vejledning virkning visiter vridning vurdering værktøj væsen ydelse ændring
]]

local SHORTEST, SHORTEST_PART, LONGEST_BEGINNING = 16, 4, 14 -- bytes: a word, what follows a break, a beginning in SECOND
-- Shorter words need no break in a ragged line, and each place where one could be costs Typst time.

local function set_of(words)
  local set = {}
  for word in words:gmatch("%S+") do
    set[word] = true
  end
  return set
end
FIRST, SECOND = set_of(FIRST), set_of(SECOND)

local function begins_second(rest)
  for length = SHORTEST_PART, math.min(#rest, LONGEST_BEGINNING) do
    if SECOND[rest:sub(1, length)] then
      return true
    end
  end
  return false
end

local known = {}

-- The parts between which a word may break; nil for one that stays whole.
local function parts_of(word)
  if known[word] == nil then
    local parts, from = {}, 1
    for at = 3, #word - SHORTEST_PART do
      if FIRST[word:sub(1, at)] and begins_second(word:sub(at + 1)) then
        table.insert(parts, word:sub(from, at))
        from = at + 1
      end
    end
    table.insert(parts, word:sub(from))
    known[word] = #parts > 1 and parts or false
  end
  return known[word] or nil
end

local LETTERS = "[a-z\xc3\x80-\xbf]" -- small letters, those beyond ASCII by their bytes

-- Where the first word of a text that may break begins and ends.
local function breakable(shown)
  local at = 1
  while true do
    local first, last = shown:find(LETTERS:rep(SHORTEST) .. "+", at)
    if first == nil then
      return nil
    end
    local before = shown:sub(first - 1, first - 1)
    if not before:match("[%a\x80-\xff]") and parts_of(shown:sub(first, last)) then
      return first, last
    end
    at = last + 1
  end
end

-- A word with the places where it may break; nil for one whose parts are not known.
function M.in_parts(word)
  local parts = parts_of(word:lower())
  local out, from = pandoc.List({}), 1
  for index, one in ipairs(parts or {}) do
    out:extend(index > 1 and text.inlines({ typst = "#led;" }) or {})
    out:insert(pandoc.Str(word:sub(from, from + #one - 1)))
    from = from + #one
  end
  return parts and out
end

-- A word that one letter begins does not break behind its hyphen ("p-værdi"). A joiner there would part what is read.
local ONE_LETTER = "%f[%w\x80-\xff]%a%-%a"

local function divided(str)
  local shown = str.text
  local first, last
  if shown:find("-", 1, true) and shown:find(ONE_LETTER) then
    return text.inlines({ typst = "#box[" }) .. { str } .. text.inlines({ typst = "];" })
  elseif #shown >= SHORTEST then -- few words are so long
    first, last = breakable(shown)
  end
  if first == nil then
    return nil
  end
  local out = pandoc.List({ pandoc.Str(shown:sub(1, first - 1)) }) .. M.in_parts(shown:sub(first, last))
  out:insert(pandoc.Str(shown:sub(last + 1)))
  return out
end

local LISTS = { BulletList = true, OrderedList = true }

-- The blocks with breaks in the words of their running text; nil where there are none, for what is handed back is read anew.
local function in_blocks(blocks)
  local changed = false
  for index, block in ipairs(blocks) do
    local new
    if block.t == "Para" or block.t == "Plain" then
      local shown = pandoc.utils.stringify(block)
      new = (breakable(shown) or shown:find(ONE_LETTER)) and block:walk({ Str = divided })
    elseif block.t == "Div" or block.t == "BlockQuote" then
      local inside = in_blocks(block.content)
      if inside then
        block.content = inside
        new = block
      end
    elseif LISTS[block.t] then
      local items, any = {}, false
      for place, item in ipairs(block.content) do
        local inside = in_blocks(item)
        items[place], any = inside or item, any or inside ~= nil
      end
      if any then
        block.content = items
        new = block
      end
    end
    if new then
      blocks[index], changed = new, true
    end
  end
  return changed and blocks or nil
end

function M.divide(doc)
  if text.is_typst() then
    doc.blocks = in_blocks(doc.blocks) or doc.blocks
    return doc
  end
end

return M

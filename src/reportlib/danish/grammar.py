"""Danish words as sentences need them: nouns with their forms, capitals, lists with commas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from babel.lists import format_list

from reportlib.danish.numbers import EN_DASH, LOCALE, NBSP, NotANumberError, number_text
from reportlib.errors import ReportlibError, did_you_mean
from reportlib.text.marks import after_opening, marked

# Danish words: numbers up to ten, counted nouns, first letter, end of sentence.


Gender = Literal["en", "et"]

# Every count in running text by itself: words up to ten, digits from 11 (Folketinget's spelling guide).
LARGEST_WORD = 10
_WORDS = ("nul", "", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti")
_ONE: dict[Gender, str] = {"en": "én", "et": "ét"}


class UnknownNounError(ReportlibError):
    """A noun was to be counted whose plural and gender are not known."""


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun that can be counted: singular, plural, gender, and (where needed) the plural with its article."""

    one: str
    many: str
    gender: Gender = "en"
    many_definite: str = ""


NOUNS: dict[str, Noun] = {
    noun.one: noun
    for noun in (
        Noun("aftale", "aftaler"),
        Noun("baggrundsforhold", "baggrundsforhold", "et"),
        Noun("besvarelse", "besvarelser"),
        Noun("borger", "borgere"),
        Noun("dag", "dage"),
        Noun("deltager", "deltagere"),
        Noun("forhold", "forhold", "et"),
        Noun("forløb", "forløb", "et"),
        Noun("forskel", "forskelle"),
        Noun("fremskrivning", "fremskrivninger"),
        Noun("gang", "gange"),
        Noun("gruppe", "grupper"),
        Noun("indikator", "indikatorer"),
        Noun("interview", "interview", "et"),
        Noun("job", "job", "et"),
        Noun("jobcenter", "jobcentre", "et", "jobcentrene"),
        Noun("kerneelement", "kerneelementer", "et"),
        Noun("kommune", "kommuner", many_definite="kommunerne"),
        Noun("matchning", "matchninger"),
        Noun("medarbejder", "medarbejdere"),
        Noun("minut", "minutter", "et"),
        Noun("måling", "målinger"),
        Noun("måned", "måneder"),
        Noun("person", "personer"),
        Noun("resultat", "resultater", "et"),
        Noun("sagsbehandler", "sagsbehandlere"),
        Noun("samtale", "samtaler"),
        Noun("spørgsmål", "spørgsmål", "et"),
        Noun("svar", "svar", "et"),
        Noun("tal", "tal", "et"),
        Noun("test", "test"),
        Noun("time", "timer"),
        Noun("uge", "uger"),
        Noun("virksomhed", "virksomheder"),
        Noun("ændring", "ændringer"),
        Noun("år", "år", "et"),
    )
}


def noun_of(noun: Noun | str) -> Noun:
    """The noun itself, or the one with that singular in `NOUNS`.

    Raises:
        UnknownNounError: the table has no such noun.
    """
    if isinstance(noun, Noun):
        return noun
    try:
        return NOUNS[noun]
    except KeyError:
        hint = did_you_mean(noun, NOUNS)
        raise UnknownNounError(
            f"the plural of {noun!r} is not known", hint=f"{hint} Or pass a Noun(one, many, gender)"
        ) from None


def number_word(count: int, gender: Gender = "en") -> str:
    """A count in running text: `syv`, `én`, `ét`, and digits from 11.

    >>> number_word(7), number_word(1, 'et'), number_word(11)
    ('syv', 'ét', '11')
    """
    if count < 0:
        raise NotANumberError(f"{count} cannot be counted")
    if count == 1:
        return marked(_ONE[gender], count)
    return marked(_WORDS[count], count) if count <= LARGEST_WORD else number_text(count)


def count_text(count: int, noun: Noun | str) -> str:
    """`syv kommuner`, `én kommune`, `ingen kommuner`, `11 kommuner`.

    Raises:
        UnknownNounError: `noun` is text that the table does not hold.
    """
    counted = noun_of(noun)
    word = counted.one if count == 1 else counted.many
    if count > LARGEST_WORD:
        return marked(f"{number_text(count)}{NBSP}{word}", count)
    return marked(f"{number_word(count, counted.gender) if count else 'ingen'} {word}", count)


def out_of_text(count: int, total: int, noun: Noun | str) -> str:
    """`to af fem kommuner`, `syv af 15 kommuner`, `alle 15 kommuner`, `begge kommuner`, `ingen af de 15 kommuner`.

    Raises:
        NotANumberError: `count` is not between 0 and `total`.
        UnknownNounError: `noun` is text that the table does not hold.
    """
    counted = noun_of(noun)
    if not 0 <= count <= total:
        raise NotANumberError(f"{count} cannot be among {total}")
    if total == 0 or (total == 1 and count == 0):
        return f"ingen {counted.many}"
    if count == total == 1:
        return f"{'den' if counted.gender == 'en' else 'det'} ene {counted.one}"
    if count == total == 2:
        return f"begge {counted.many}"
    everyone = count_text(total, counted)
    if count == total:
        return f"alle {everyone}"
    if count == 0:
        return f"ingen af de {everyone}"
    space = NBSP if count > LARGEST_WORD else " "
    return f"{number_word(count, counted.gender)}{space}af{space}{everyone}"


def capitalise(text: str) -> str:
    """The text with its first letter large and nothing else changed (`øvrige kommuner` -> `Øvrige kommuner`).

    A name whose second letter is the large one (`eIndkomst`) is left as it is.
    """
    first = after_opening(text)
    if text[first + 1 : first + 2].isupper():
        return text
    return text[:first] + text[first : first + 1].upper() + text[first + 1 :]


def decapitalise(text: str) -> str:
    """A label in a sentence: `Arbejdet med CV` -> `arbejdet med CV`; `CV`, `MinPlan` and `DREAM` keep their letters.

    Names of places and persons cannot be told from other words: do not pass them.
    """
    first = text.split(" ", 1)[0]
    return text if first[1:].lower() != first[1:] else text[:1].lower() + text[1:]


def sentence(text: str) -> str:
    """The text as a sentence: first letter large, one full stop; an abbreviation's point (`pct.`) is its full stop."""
    trimmed = text.strip()
    return capitalise(trimmed if trimmed.endswith((".", "?", "!")) else f"{trimmed}.")


# Lists and runs of numbers in Danish: `a, b og c`; weeks as `uge 4–7 og 12`.


_STYLES: dict[str, Literal["standard", "or"]] = {"og": "standard", "eller": "or"}

# Two neighbours read better as "4 og 5"; from three on a dash is shorter.
_SHORTEST_RANGE = 3


def list_text(items: Iterable[str], *, last: Literal["og", "eller"] = "og") -> str:
    """`a`, `a og b`, `a, b og c` (or with `eller`); empty for no items.

    >>> list_text(['Aarhus', 'Skive', 'Kolding'])
    'Aarhus, Skive og Kolding'
    """
    text: str = format_list([str(item) for item in items], style=_STYLES[last], locale=LOCALE)
    return text


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """The unbroken runs among the numbers as (first, last), ascending; doubles count once."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def runs_text(numbers: Iterable[int]) -> str:
    """The numbers with runs of three or more drawn together: `4–7, 9 og 12`.

    >>> runs_text([4, 5, 6, 7, 9, 12])
    '4–7, 9 og 12'
    """
    parts: list[str] = []
    for first, last in runs(numbers):
        if last - first + 1 >= _SHORTEST_RANGE:
            parts.append(f"{number_text(first)}{EN_DASH}{number_text(last)}")
        else:
            parts.extend(number_text(number) for number in dict.fromkeys((first, last)))
    return list_text(parts)


def weeks_text(weeks: Sequence[int]) -> str:
    """Event weeks in running text: `uge 15`, `uge 4–7 og 12`; empty for none."""
    return f"uge{NBSP}{runs_text(weeks)}" if weeks else ""

"""Two levels in one sentence: `I uge 35 har 12 pct. af deltagerne ordinære timer mod 7 pct. i kontrolgruppen.`"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportlib.danish import NBSP, capitalise, number_text, sentence
from reportlib.ledger import Estimate
from reportlib.prose.words import OutcomeWords, OutcomeWordsError
from reportlib.text.units import Unit

_PER_PERSON = re.compile(r"[ \u00a0]pr\.[ \u00a0]person")
_COMMAS = re.compile(r"\s*,(?:\s+,)*(?=\s|$)")

# How "more" and "less" are said of a difference; everything else is higher or lower.
_MANY = ("flere", "færre")
_MUCH = ("mere", "mindre")
_HIGH = ("højere", "lavere")
COMPARATIVES: dict[Unit, tuple[str, str]] = {
    Unit.PCT: _MANY,
    Unit.PCT_POINT: _MANY,
    Unit.COUNT: _MANY,
    Unit.PER_PERSON: _MANY,
    Unit.DAYS: _MANY,
    Unit.WEEKS: _MANY,
    Unit.MONTHS: _MANY,
    Unit.YEARS: _MANY,
    Unit.HOURS: _MUCH,
    Unit.HOURS_PER_WEEK: _MUCH,
    Unit.KR: _MUCH,
    Unit.KR_PER_HOUR: _MUCH,
}


def comparative(unit: Unit, *, up: bool) -> str:
    """`flere`/`færre` of persons and weeks, `mere`/`mindre` of hours and kroner, `højere`/`lavere` of scores."""
    return COMPARATIVES.get(unit, _HIGH)[0 if up else 1]


def higher(*, up: bool) -> str:
    """`højere` or `lavere`, of the outcome's noun."""
    return _HIGH[0 if up else 1]


def when_of(row: Estimate, when: str | None) -> str:
    """The words given, or `i uge 35` from the row's event week, or nothing."""
    if when is not None:
        return when
    return "" if row.week is None else f"i uge{NBSP}{number_text(row.week)}"


def with_when(what: str, when: str) -> str:
    """`andelen med ordinære timer i uge 35`."""
    return f"{what} {when}".rstrip()


def statement(row: Estimate, text: str, outcome: OutcomeWords, many: str) -> tuple[str, str, str]:
    """Verb, subject and rest for a level printed as `text`: (`har`, `12 pct. af deltagerne`, `ordinære timer`).

    Raises:
        OutcomeWordsError: the outcome's words fit a share and the row is a mean, or the other way round.
    """
    has_slot = "{value}" in outcome.rest
    if row.unit is Unit.PCT:
        if has_slot:
            raise OutcomeWordsError(f"{row.key} is a share: the words {outcome.rest!r} must not hold {{value}}")
        return outcome.verb, f"{text} af {many}", outcome.rest
    if not has_slot:
        raise OutcomeWordsError(f"{row.key} is a mean: the words {outcome.rest!r} must hold {{value}}")
    return outcome.verb, many, "i gennemsnit " + outcome.rest.replace("{value}", text)


def lead(
    row: Estimate, text: str, outcome: OutcomeWords, *, many: str, opening: str, against: str, tail: str = ""
) -> str:
    """The whole sentence. `opening` stands first (`i uge 35`, may be empty), `tail` before `mod`.

    `against` is the other level with its place: `7 pct. i kontrolgruppen`.
    """
    if row.unit is Unit.PER_PERSON:  # the clause says whose: `har deltagerne i gennemsnit haft 6,4 samtaler`
        text, against = _PER_PERSON.sub("", text), _PER_PERSON.sub("", against)
    verb, subject, rest = statement(row, text, outcome, many)
    words = [opening, verb, subject, rest] if opening else [subject, verb, rest]
    # A clause ("siger, at ...", "er enige i, at ...") ends with a comma before what it is held against.
    comma = "," if ", " in rest else ""
    return sentence(capitalise(joined([*words, tail] if tail else words)) + f"{comma} mod {against}")


def joined(words: Sequence[str]) -> str:
    """The words with spaces, each comma once and close to the word before it: `medarbejderne, at ...`."""
    return _COMMAS.sub(",", " ".join(words))

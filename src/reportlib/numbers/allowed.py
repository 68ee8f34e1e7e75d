"""What may stand in a report without a row of its own: days of the trial, names and definitions that hold digits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from reportlib.numbers.account import Account
from reportlib.numbers.days import counted_days

_MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
    "december",
)  # fmt: skip
_MONTH = "|".join(_MONTHS)
_LONG = re.compile(rf"\b(?:(?P<day>\d{{1,2}})\.[ \u00a0])?(?P<month>{_MONTH})(?:[ \u00a0](?P<year>\d{{4}}))?\b", re.I)
_SHORT = re.compile(r"\b(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})\b")
_DIGIT = re.compile(r"\d")
_KEPT = re.compile(r"[\w,.%]")
_SHORT_TEXT = 3
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text and why its digits may stand there; a wrong one is a break."""

    start: int
    end: int
    why: str
    wrong: str = ""


@dataclass(frozen=True)
class Allowed:
    """The names, texts and days of one report."""

    sites: Sequence[str]
    texts: Sequence[str]
    days: Sequence[date]

    @classmethod
    def of(cls, account: Account) -> Allowed:
        """What the account's trial allows."""
        pieces = (piece for text in account.texts for piece in _PLACEHOLDER.split(text))
        texts = sorted({squeezed(phrase)[0] for piece in pieces for phrase in phrases(piece)}, key=len, reverse=True)
        sites = sorted((site for site in account.header["sites"] if _DIGIT.search(site)), key=len, reverse=True)
        return cls(sites=sites, texts=texts, days=[*account.dates, *counted_days(account)])

    def spans(self, text: str) -> list[Span]:
        """The stretches of `text` that are names, parts of definitions, or days."""
        if not _DIGIT.search(text):
            return []
        excused = [*self._names(text), *self._quoted(text)]
        # A day in a definition need not be one of the trial's own days.
        dates = [span for span in self._dates(text) if covering(excused, span.start, span.end) is None]
        return [*dates, *excused]

    @cached_property
    def _site_names(self) -> re.Pattern[str] | None:
        names = "|".join(re.escape(site) for site in self.sites)
        return re.compile(rf"(?<!\w)(?:{names})(?!\w)") if names else None

    def _names(self, text: str) -> Iterator[Span]:
        if self._site_names is not None:
            for match in self._site_names.finditer(text):
                yield Span(match.start(), match.end(), "navn")

    def _quoted(self, text: str) -> Iterator[Span]:
        short, places = squeezed(text)
        if not _DIGIT.search(short):
            return
        for known in self.texts:
            at = short.find(known)
            while at >= 0:
                end = at + len(known)
                cut = (at > 0 and short[at - 1].isdigit() and known[0].isdigit()) or (
                    end < len(short) and short[end].isdigit() and known[-1].isdigit()
                )
                if not cut:
                    yield Span(places[at], places[end - 1] + 1, "tekst i trial.yml")
                at = short.find(known, at + 1)

    def _dates(self, text: str) -> Iterator[Span]:
        for match in _LONG.finditer(text):
            if match["day"] is None and match["year"] is None:
                continue
            day, year = match["day"], match["year"]
            known = self._known(int(day) if day else None, _MONTHS.index(match["month"].lower()) + 1, year)
            yield Span(match.start(), match.end(), "dato", "" if known else f"{match[0]} is no day of the trial")
        for match in _SHORT.finditer(text):
            known = self._known(int(match["day"]), int(match["month"]), match["year"])
            yield Span(match.start(), match.end(), "dato", "" if known else f"{match[0]} is no day of the trial")

    def _known(self, day: int | None, month: int, year: str | None) -> bool:
        return any(
            known.month == month and day in (None, known.day) and year in (None, str(known.year)) for known in self.days
        )


def phrases(text: str) -> Iterator[str]:
    """The phrases of a definition that hold its digits: each number with the words around it.

    Definitions are bent to fit sentences (`har haft 13 ugers ...`, `andelen med 13 ugers ...`), so not the whole text
    is asked for, but a number with the two words after it, with the two before it, or with one on each side.
    """
    words = text.split()
    for place, word in enumerate(words):
        if _DIGIT.search(word):
            for before, after in ((0, 2), (1, 1), (2, 0)):
                if place >= before and place + after < len(words):
                    yield " ".join(words[place - before : place + after + 1])
    if len(words) <= _SHORT_TEXT and _DIGIT.search(text):
        yield text


def squeezed(text: str) -> tuple[str, list[int]]:
    """The text in lower case without what typesetting changes (spaces, hyphens, quotes), and where each sign was."""
    found = [(match.start(), match[0]) for match in _KEPT.finditer(text)]
    return "".join(sign.lower()[:1] for _, sign in found), [place for place, _ in found]


def covering(spans: Iterable[Span], start: int, end: int) -> Span | None:
    """The first stretch that holds all of a number; a wrong one goes before the others."""
    found = [span for span in spans if span.start <= start and end <= span.end]
    return next((span for span in found if span.wrong), found[0] if found else None)

"""The numbers of a finished file laid beside those of its account, and what may stand there without one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from reportlib.numbers.account import Account
from reportlib.numbers.blocks import Block
from reportlib.numbers.collect import Printed
from reportlib.numbers.tokens import Token, same_word, tokens
from reportlib.text.origin import Kind, Origin, parts_of

# The numbers of a finished file laid beside the numbers of its account, in order, so that no change can hide.
#
# Both sequences are cut into streams (a chapter's text; the words, and the drawn numbers, of each figure) and each
# pair of streams is aligned with as few changes as possible. A number that occurs elsewhere in the report does not
# excuse a number that is wrong here.


# The cost of each step: changes of traced numbers cost most, so that names and dates give way in an alignment. Two
# changes cost less than one number too few and one too many: two numbers in each other's place are told in both places.
_CHANGE, _MISSING, _EXTRA = 0.95, 1.0, 1.0
_SOFT_CHANGE, _SOFT_MISSING, _SOFT_EXTRA, _OTHER_UNIT = 0.65, 0.7, 0.7, 0.3

_IN_ORDER = 2
"""So many times as many numbers may be wrong in order as in the cheapest alignment."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A number the account says stands here: one of those its printed text holds."""

    text: str
    after: str
    printed: Printed

    @property
    def soft(self) -> bool:
        """True for a number that is part of a name, a date or a definition."""
        return self.printed.origin.kind is Kind.TEXT


@dataclass(frozen=True, slots=True)
class Actual:
    """A number that stands in the file, and the block it stands in."""

    token: Token
    block: Block
    allowed: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """One step of an alignment: a number of each side, or a number with nothing on the other."""

    expected: Expected | None
    actual: Actual | None

    @property
    def same_number(self) -> bool:
        return self.expected is not None and self.actual is not None and self.expected.text == self.actual.token.text

    @property
    def same_unit(self) -> bool:
        """False where another word follows the number than the one that was printed."""
        assert self.expected is not None and self.actual is not None
        return not self.expected.after or same_word(self.actual.token.after, self.expected.after)


def expected_of(printed: Printed) -> list[Expected]:
    """The numbers of a printed text: one of `12 pct.`, two of `2 timer og 5 minutter`."""
    found = tokens(printed.text)
    if printed.origin.kind in (Kind.TEXT, Kind.REFERENCE) and not found:
        return []
    last = len(found) - 1
    if printed.origin.kind is Kind.REFERENCE:
        return [Expected(printed.text, "", printed)]
    return [
        Expected(token.text, token.after or (printed.after if place == last else ""), printed)
        for place, token in enumerate(found)
    ]


def align(expected: Sequence[Expected], actual: Sequence[Actual]) -> list[Pair]:
    """The pairs of two streams: one by one where that explains the file nearly as well as the cheapest alignment."""
    start = 0
    while start < min(len(expected), len(actual)) and _plainly(expected[start], actual[start]):
        start += 1
    ends = (len(expected), len(actual))
    while min(ends) > start and _plainly(expected[ends[0] - 1], actual[ends[1] - 1]):
        ends = (ends[0] - 1, ends[1] - 1)
    return [
        *(Pair(one, two) for one, two in zip(expected[:start], actual[:start], strict=True)),
        *_between(expected[start : ends[0]], actual[start : ends[1]]),
        *(Pair(one, two) for one, two in zip(expected[ends[0] :], actual[ends[1] :], strict=True)),
    ]


def _between(expected: Sequence[Expected], actual: Sequence[Actual]) -> list[Pair]:
    """The cheapest alignment; but where as many numbers stand as were printed, and hardly more of them are wrong when
    they are taken in order, each wrong one is told at its own place (numbers exchanged within a row)."""
    cheapest = _cheapest(expected, actual)
    if len(expected) != len(actual):
        return cheapest
    in_order = [Pair(one, two) for one, two in zip(expected, actual, strict=True)]
    return in_order if _wrong(in_order) <= _IN_ORDER * _wrong(cheapest) else cheapest


def _wrong(pairs: Sequence[Pair]) -> int:
    return sum(not (pair.same_number and pair.same_unit) for pair in pairs)


def _plainly(one: Expected, two: Actual) -> bool:
    pair = Pair(one, two)
    return pair.same_number and pair.same_unit and one.soft == two.allowed


def _cheapest(expected: Sequence[Expected], actual: Sequence[Actual]) -> list[Pair]:
    rows, columns = len(expected), len(actual)
    extra = [_SOFT_EXTRA if one.allowed else _EXTRA for one in actual]
    missing = [_SOFT_MISSING if one.soft else _MISSING for one in expected]
    cost = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for column in range(columns):
        cost[0][column + 1] = cost[0][column] + extra[column]
    for row in range(rows):
        here, above = cost[row + 1], cost[row]
        here[0] = above[0] + missing[row]
        one = expected[row]
        for column in range(columns):
            step = above[column] + _step(one, actual[column])
            up, left = above[column + 1] + missing[row], here[column] + extra[column]
            here[column + 1] = step if step <= up and step <= left else min(up, left)
    pairs: list[Pair] = []
    row, column = rows, columns
    while row or column:
        if (
            row
            and column
            and cost[row][column] == cost[row - 1][column - 1] + _step(expected[row - 1], actual[column - 1])
        ):
            row, column = row - 1, column - 1
            pairs.append(Pair(expected[row], actual[column]))
        elif row and cost[row][column] == cost[row - 1][column] + missing[row - 1]:
            row -= 1
            pairs.append(Pair(expected[row], None))
        else:
            column -= 1
            pairs.append(Pair(None, actual[column]))
    return pairs[::-1]


def _step(one: Expected, two: Actual) -> float:
    if one.text != two.token.text:
        return _SOFT_CHANGE if one.soft or two.allowed else _CHANGE
    if one.after and not same_word(two.token.after, one.after):
        return _OTHER_UNIT
    return 0.0


# What may stand in a report without a row of its own: days of the trial, names and definitions that hold digits.


_MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
    "december",
)  # fmt: skip
_MONTH = "|".join(_MONTHS)
_LONG = re.compile(rf"\b(?:(?P<day>\d{{1,2}})\.[ \u00a0])?(?P<month>{_MONTH})(?:[ \u00a0](?P<year>\d{{4}}))?\b", re.I)
_SHORT = re.compile(r"\b(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})\b")
_DIGIT = re.compile(r"\d")
_KEPT = re.compile(r"[\w,.%]")
_GOES_ON = re.compile(r"[.,]?\d")
_ENDS_IN_NUMBER = re.compile(r"\d[.,]?\Z")
_SHORT_TEXT = 3
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text whose digits may stand there; a wrong one is a break."""

    start: int
    end: int
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
                yield Span(*match.span())

    def _quoted(self, text: str) -> Iterator[Span]:
        short, places = squeezed(text)
        if not _DIGIT.search(short):
            return
        for known in self.texts:
            at = short.find(known)
            while at >= 0:
                start, end = places[at], places[at + len(known) - 1] + 1
                # a number that goes on beyond the text is another number; one after a colon is a number of its own
                cut = (known[0].isdigit() and _ENDS_IN_NUMBER.search(text[:start])) or (
                    known[-1].isdigit() and _GOES_ON.match(text, end)
                )
                if not cut:
                    yield Span(start, end)
                at = short.find(known, at + 1)

    def _dates(self, text: str) -> Iterator[Span]:
        for match in _LONG.finditer(text):
            if match["day"] is None and match["year"] is None:
                continue
            day, year = match["day"], match["year"]
            yield self._date(match, int(day) if day else None, _MONTHS.index(match["month"].lower()) + 1, year)
        for match in _SHORT.finditer(text):
            yield self._date(match, int(match["day"]), int(match["month"]), match["year"])

    def _date(self, match: re.Match[str], day: int | None, month: int, year: str | None) -> Span:
        """What is written as a day; wrong where the trial has no such."""
        known = any(
            one.month == month and day in (None, one.day) and year in (None, str(one.year)) for one in self.days
        )
        return Span(*match.span(), "" if known else f"{match[0]} is no day of the trial")


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


# Days that stand in no calendar of the trial: counted in whole weeks from one that does.


DAY = "dag"
"""How such a day is made, in its origin: `udledt:dag(trial:... + first row#time + second row#time)`."""

_WEEK = re.compile(r"\d+$")


def counted_days(account: Account) -> Iterator[date]:
    """The days that the account's numbers count forward to."""
    for origin in dict.fromkeys(printed.origin for printed in account.numbers):
        if (day := counted_day(origin, account)) is not None:
            yield day


def counted_day(origin: Origin, account: Account) -> date | None:
    """The setting's day and as many weeks as lie between the weeks of two rows; None for any other origin."""
    if origin.kind is not Kind.DERIVED:
        return None
    how, parts = parts_of(origin)
    if how != DAY or len(parts) != 3 or parts[0].kind is not Kind.SETTING:
        return None
    start = account.settings.get(parts[0].ref)
    weeks = [_week(part, account) for part in parts[1:]]
    if not isinstance(start, str) or weeks[0] is None or weeks[1] is None:
        return None
    return date.fromisoformat(start) + timedelta(weeks=weeks[1] - weeks[0])


def _week(origin: Origin, account: Account) -> int | None:
    row = account.row_of(origin)
    found = None if row is None else _WEEK.search(row.time)
    return None if found is None else int(found[0])

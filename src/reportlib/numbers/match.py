"""The numbers of a finished file laid beside the numbers of its account, in order, so that no change can hide.

Both sequences are cut into streams (a chapter's text; the words, and the drawn numbers, of each figure) and each pair
of streams is aligned with as few changes as possible. A number that occurs elsewhere in the report does not excuse a
number that is wrong here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlib.numbers.account import Printed
from reportlib.numbers.blocks import Block
from reportlib.numbers.tokens import Token, same_word, tokens
from reportlib.text.origin import Kind

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

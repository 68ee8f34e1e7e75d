"""A reader with survival curves, exit rates and numbers at risk, who wants to know in which week a few persons left.

His unknowns are, for every week, how many left and how many were at risk. Of whom is at risk in a week some leave, some
are no longer followed, and the rest are at risk in the next. A point of the curve tells how many left since the point
before and how many were at risk; a rate how many left in its weeks and how many weeks at risk there were in all.

A week, or the weeks of a hidden rate, is broken when it is certain that somebody left, that too few did, and that fewer
values are left than lie below the threshold. The curve's own digits are not used: where some are no longer followed
between two points, the last of them say in which week the others left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from reportlib.ledger import Estimate

_MOST = 1e6
Terms = dict[int, float]


@dataclass(frozen=True)
class FewLeft:
    """Weeks in which too few left, and how few and how many it can have been."""

    curve: tuple[str, str]
    weeks: tuple[int, int]
    low: int
    high: int


def broken_curves(shown: Sequence[Estimate], threshold: int) -> list[FewLeft]:
    """What can be told of the weeks between the points of every curve among the rows."""
    curves: dict[tuple[str, str], list[Estimate]] = defaultdict(list)
    for row in shown:
        if row.statistic in ("survival", "exit_rate", "at_risk"):
            curves[row.measure, row.group].append(row)
    return [found for curve, rows in curves.items() for found in _Curve(curve, rows).broken(threshold)]


class _Curve:
    def __init__(self, curve: tuple[str, str], rows: Sequence[Estimate]) -> None:
        self._curve = curve
        self._spans: list[tuple[int, int]] = []
        self._weeks = max(_weeks(row)[1] for row in rows)
        self._lines: list[tuple[Terms, float, float]] = []
        for week in range(1, self._weeks + 1):
            self._say({self._risk(week): 1, self._left(week): -1, self._risk(week + 1): -1}, 0, np.inf)
        points = {_weeks(row)[0]: row for row in rows if row.statistic == "survival"}
        since = 0
        for week, row in sorted(points.items()):
            if row.value is None:  # a hidden point: the next one counts from it
                since = week
                continue
            self._same(self._risk(week), row.n)
            self._say(self._leaving(since + 1, week), row.k or 0, row.k or 0)
            if row.k and week - since > 1:
                self._spans += [(inside, inside) for inside in range(since + 1, week + 1)]
            since = week
        for row in rows:
            first, last = _weeks(row)
            if row.statistic == "at_risk" and row.value is not None:
                self._same(self._risk(first), row.k)
            if row.statistic == "exit_rate":
                self._rate(row, first, last)
        for first, last in _runs([_weeks(row) for row in rows if row.statistic == "exit_rate" and row.value is None]):
            self._say(self._leaving(first, last), 1, np.inf)  # rates hide together, and nobody at all would be shown

    def _rate(self, row: Estimate, first: int, last: int) -> None:
        if row.value is None:
            self._spans.append((first, last))
            return
        self._say(self._leaving(first, last), row.k or 0, row.k or 0)
        self._same(self._risk(first), row.n)
        if row.k:
            half = 0.05 if row.value == round(row.value, 1) else 1e-9
            weeks_at_risk = {self._risk(week): 1.0 for week in range(first, last + 1)}
            self._say(weeks_at_risk, 100 * row.k / (row.value + half), 100 * row.k / max(row.value - half, 1e-9))

    def _left(self, week: int) -> int:
        return week - 1

    def _risk(self, week: int) -> int:
        return self._weeks + week - 1

    def _leaving(self, first: int, last: int) -> Terms:
        return {self._left(week): 1.0 for week in range(first, last + 1)}

    def _same(self, place: int, count: int | None) -> None:
        if count is not None:
            self._say({place: 1.0}, count, count)

    def _say(self, terms: Terms, low: float, high: float) -> None:
        self._lines.append((terms, low, high))

    def broken(self, threshold: int) -> list[FewLeft]:
        size = 2 * self._weeks + 1
        data = [
            (line, place, value) for line, (terms, _, _) in enumerate(self._lines) for place, value in terms.items()
        ]
        lines, places, values = zip(*data, strict=True)
        matrix = csr_matrix((values, (lines, places)), shape=(len(self._lines), size))
        rule = LinearConstraint(matrix, [low for _, low, _ in self._lines], [high for _, _, high in self._lines])
        found = []
        for first, last in dict.fromkeys(self._spans):
            goal = np.zeros(size)
            goal[list(self._leaving(first, last))] = 1.0
            ends = []
            for sign in (1.0, -1.0):
                solved = milp(sign * goal, constraints=[rule], integrality=np.ones(size), bounds=Bounds(0, _MOST))
                assert solved.success, solved.message
                ends.append(round(sign * solved.fun))
            low, high = ends
            if low > 0 and high < threshold and high - low + 1 < threshold - 1:
                found.append(FewLeft(self._curve, (first, last), low, high))
        return found


def _runs(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """First and last week of the spans that follow each other."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if found and found[-1][1] + 1 == first:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def _weeks(row: Estimate) -> tuple[int, int]:
    """First and last week of `uge7` or `uge5-8`."""
    first, _, last = row.time.removeprefix("uge").partition("-")
    return int(first), int(last or first)

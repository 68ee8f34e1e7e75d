"""A reader of one table and a solver, who wants to know the numbers that are hidden.

He has every row that is shown (the whole trial, every site, all others than each site), knows which rows
are hidden, and knows how tables are made. Each count of persons behind a row (`k` of `n`) is an unknown whole number;
what he knows of it are linear equations. For every hidden count he asks the solver for the smallest and the largest
value that agrees with all of them.

Of those who are not counted (n - k) the same is asked, for both can be hidden and their difference told.
A count is broken when fewer values are left for it than lie below the threshold (1 to 4). What a shown total of nobody
or everybody tells of its parts is allowed: zeros may be shown.

Equations (each is used only where it holds of the true counts; where it does not, a reader who used it would be wrong):
sites add up to the total; a site and all others do; the groups do; the values of one division do; shares that are told
together are everybody, as are answers, categories and bands of one n; persons by how many measurements they have do; a
band is counted among all and among those above zero; a shown difference between two shares; `n` of rows about the same
persons; differences summed over the weeks. Where zeros are shown, a number of enough persons that hides is not of
nobody, nor a share of everybody. The ledgers of trials are attacked by `outsider.py`, which shares no code with this.

Beside this module `attack_sums.py` tries sums and squares of means, `attack_echoes.py` rows that repeat or rest on
hidden ones, and `attack_curves.py` curves, rates and numbers at risk week by week.

Not tried: guesses that as many have answered one item of a survey as another; which cell the library would have taken
as companion; what a verdict on significance says of a hidden week; errors that allow for clusters; changes from one
week to the next in rows that are shown; and what a reader knows about persons from elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from reportlib.ledger import Estimate
from reportlib.ledger.keys import DIFFERENCE, EVERYONE, FOLLOWED, OTHERS, PERSONS, others_than, week_label

_MOST = 1e6
_EXACT = 1e-6


@dataclass(frozen=True)
class Broken:
    """A count that a reader can work out: the row, which of its counts, and the values that are left."""

    key: str
    count: str
    low: int
    high: int
    true: int


@dataclass(frozen=True)
class _Equation:
    """low <= sum of coefficient x unknown <= high."""

    terms: tuple[tuple[int, float], ...]
    low: float
    high: float


class Attack:
    """All that can be said of the counts of a table."""

    def __init__(self, true: Sequence[Estimate], shown: Sequence[Estimate], *, threshold: int = 5) -> None:
        self._rows = [row for row in true if row.k is not None or row.n is not None]
        self._shown = {row.key: row for row in shown}
        self._true: list[int] = []
        self._known: list[bool] = []
        self._unknown_of: dict[tuple[str, str], int] = {}
        self._equations: list[_Equation] = []
        self._persons: dict[tuple[str, ...], int] = {}
        self._least: dict[int, int] = {}
        for row in self._rows:
            self._add(row)
        for row in self._rows:
            told = self._shown[row.key].hidden and (row.n is None or row.n >= threshold)
            least = 1 if told and row.k and row.group != DIFFERENCE else 0
            if least:
                self._least[self._unknown_of[row.key, "k"]] = least
            if (row.key, "k") in self._unknown_of and (row.key, "n") in self._unknown_of and _is_share(row):
                rest = least if row.statistic.startswith("share") and row.k != row.n else 0
                self._say({(row.key, "n"): 1.0, (row.key, "k"): -1.0}, rest, np.inf)
        self._by_place = {
            (row.measure, row.statistic, row.group, row.site, row.subgroup, row.time): row for row in self._rows
        }
        self._tables()
        self._differences(true)
        self._summed_differences(true)

    def _add(self, row: Estimate) -> None:
        hidden = self._shown[row.key].hidden
        for name, count in (("k", row.k), ("n", row.n)):
            if count is None or row.group == DIFFERENCE:
                continue
            if name == "n":  # rows about the same persons have one n
                same = (row.population, row.group, row.site, row.subgroup, row.time, str(count))
                if same in self._persons:
                    self._unknown_of[row.key, name] = self._persons[same]
                    self._known[self._persons[same]] |= not hidden
                    continue
                self._persons[same] = len(self._true)
            self._unknown_of[row.key, name] = len(self._true)
            self._true.append(count)
            self._known.append(not hidden)

    def _say(self, terms: dict[tuple[str, str], float], low: float, high: float) -> None:
        """An equation, where it holds of the true counts."""
        if any(name not in self._unknown_of for name in terms):
            return
        merged: dict[int, float] = defaultdict(float)
        for name, coefficient in terms.items():
            merged[self._unknown_of[name]] += coefficient
        value = sum(coefficient * self._true[place] for place, coefficient in merged.items())
        if low - _EXACT <= value <= high + _EXACT:
            self._equations.append(_Equation(tuple(merged.items()), low, high))

    def _sum(self, parts: Iterable[Estimate], whole: Estimate, count: str, of: str = "") -> None:
        terms: dict[tuple[str, str], float] = defaultdict(float)
        for part in parts:
            terms[part.key, count] += 1.0
        terms[whole.key, of or count] -= 1.0
        self._say(terms, 0.0, 0.0)

    def _tables(self) -> None:
        by: dict[tuple[str, ...], dict[str, Estimate]] = defaultdict(dict)
        for row in self._rows:
            if row.group == DIFFERENCE:
                continue
            m, s, g, p, d, t = row.measure, row.statistic, row.group, row.site, row.subgroup, row.time
            by["site", m, s, g, d, t][p] = row
            by["group", m, s, p, d, t][g] = row
            by["values", m, s, g, p, t, d.rpartition(":")[0] if ":" in d else "band"][d] = row
            if d.startswith("antal") or d == "mindst-to":
                by["counts", m, s, g, p, t][d] = row
            if s in ("share_of_all", "share_of_positive"):
                by["bases", m, g, p, d, t][s] = row
            if s.startswith("share_"):
                by["together", m, g, p, d, t, s.rpartition("_")[0]][s] = row
            by["week", g, p, d, t][f"{m}.{s}"] = row
        for (kind, *_), cells in by.items():
            for count in ("k", "n"):
                if kind == "site" and "" in cells:
                    sites = [row for site, row in cells.items() if site and not site.startswith(OTHERS)]
                    if sites:
                        self._sum(sites, cells[""], count)
                    for row in sites:
                        if others_than(row.site) in cells:
                            self._sum([row, cells[others_than(row.site)]], cells[""], count)
                if kind == "group" and EVERYONE in cells and len(cells) > 2:
                    self._sum([row for group, row in cells.items() if group != EVERYONE], cells[EVERYONE], count)
                if kind == "counts" and "mindst-to" in cells:
                    self._sum([row for d, row in cells.items() if d != "mindst-to"], cells["mindst-to"], count)
                if kind == "values" and len(cells) > 1:
                    whole = self._whole(next(iter(cells.values())))
                    if whole is not None:
                        self._sum(cells.values(), whole, count)
            spread = len({row.n for row in cells.values()}) == 1 and next(iter(cells.values())).n
            if kind in ("values", "together") and len(cells) > 1 and spread:
                for row in cells.values():  # everybody is in one of them
                    self._sum(cells.values(), row, "k", "n")
            if kind == "bases" and len(cells) == 2:
                self._sum([cells["share_of_all"]], cells["share_of_positive"], "k")
            if kind == "week":
                self._followed(list(cells.values()))

    def _whole(self, part: Estimate) -> Estimate | None:
        where = (part.measure, part.statistic, part.group, part.site, "", part.time)
        return self._by_place.get(where)

    def _followed(self, rows: list[Estimate]) -> None:
        """Who is followed, or takes part, is the n of every measure of a whole group."""
        for counted in (row for row in rows if row.measure in (FOLLOWED, PERSONS)):
            for row in rows:
                self._say({(row.key, "n"): 1.0, (counted.key, "k"): -1.0}, 0.0, 0.0)

    def _differences(self, true: Sequence[Estimate]) -> None:
        """A shown difference between two shares whose n are known."""
        levels: dict[tuple[str, ...], list[Estimate]] = defaultdict(list)
        for row in self._rows:
            if row.statistic == "share" and row.group not in (DIFFERENCE, EVERYONE):
                levels[row.measure, row.site, row.subgroup, row.time].append(row)
        for row in true:
            shown = self._shown[row.key]
            pair = levels.get((row.measure, row.site, row.subgroup, row.time), [])
            if row.statistic != "difference" or shown.value is None or len(pair) != 2:
                continue
            if all(self._known[self._unknown_of[level.key, "n"]] and level.n for level in pair):
                for first, second in (pair, pair[::-1]):
                    terms = {(first.key, "k"): 100 / (first.n or 1), (second.key, "k"): -100 / (second.n or 1)}
                    self._say(terms, shown.value - 1e-7, shown.value + 1e-7)

    def _summed_differences(self, true: Sequence[Estimate]) -> None:
        """What two shown sums of differences tell of the weeks between them, where each n is known."""
        by: dict[str, dict[int, Estimate]] = defaultdict(dict)
        levels: dict[tuple[str, str], list[Estimate]] = defaultdict(list)
        for row in true:
            if row.statistic == "accumulated" and row.week is not None and not self._shown[row.key].hidden:
                by[row.measure][row.week] = row
        for row in self._rows:
            plain = not row.site and not row.subgroup
            if row.statistic == "share" and plain and row.group not in (DIFFERENCE, EVERYONE):
                levels[row.measure, row.time].append(row)
        for measure, sums in by.items():
            weeks = sorted(sums)
            for first, last in pairwise([0, *weeks]):
                between = [levels[measure, week_label(week)] for week in range(first + 1, last + 1)]
                told = all(len(pair) == 2 and all(self._n_is_known(row) for row in pair) for pair in between)
                if not told or not any(self._shown[row.key].hidden for pair in between for row in pair):
                    continue
                gained = sums[last].number - (sums[first].number if first else 0.0)
                for sign in (1.0, -1.0):
                    terms: dict[tuple[str, str], float] = {}
                    for treated, other in between:
                        terms[treated.key, "k"] = sign / (treated.n or 1)
                        terms[other.key, "k"] = -sign / (other.n or 1)
                    self._say(terms, gained - 1e-9, gained + 1e-9)

    def _n_is_known(self, row: Estimate) -> bool:
        return bool(row.n) and self._known[self._unknown_of[row.key, "n"]]

    def broken(self, threshold: int) -> list[Broken]:
        """The hidden small counts of which fewer values are left than lie below the threshold."""
        unknown = [place for place, known in enumerate(self._known) if not known]
        column = {place: number for number, place in enumerate(unknown)}
        parts = _Parts(len(unknown))
        written: list[tuple[dict[int, float], float, float]] = []
        for equation in self._equations:
            constant = sum(value * self._true[place] for place, value in equation.terms if self._known[place])
            terms = {column[place]: value for place, value in equation.terms if not self._known[place]}
            if terms:
                parts.join(list(terms))
                written.append((terms, equation.low - constant, equation.high - constant))
        by_part: dict[int, list[tuple[dict[int, float], float, float]]] = defaultdict(list)
        for terms, low, high in written:
            by_part[parts.of(next(iter(terms)))].append((terms, low, high))
        found: dict[tuple[int, ...], Broken] = {}
        for row in self._rows:
            for count, true, terms in self._asked(row, threshold):
                hidden = {column[place]: sign for place, sign in terms.items() if not self._known[place]}
                if not hidden or tuple(terms) in found:
                    continue
                if count != "n" and self._of_nobody_or_everybody(row):
                    continue
                told = sum(sign * self._true[place] for place, sign in terms.items() if self._known[place])
                least = {column[here]: fewest for here, fewest in self._least.items() if here in column}
                linked = {parts.of(place) for place in hidden}
                low, high = _range(hidden, [each for part in linked for each in by_part[part]], least)
                if high - low + 1 < threshold - 1:
                    found[tuple(terms)] = Broken(row.key, count, low + told, high + told, true)
        return list(found.values())

    def _asked(self, row: Estimate, threshold: int) -> Iterator[tuple[str, int, dict[int, int]]]:
        """The small counts of a row: which, how many it truly is, and the unknowns it is made of with their signs."""
        places = {count: self._unknown_of.get((row.key, count)) for count in ("k", "n")}
        for count, true in (("k", row.k), ("n", row.n)):
            place = places[count]
            if place is not None and true is not None and _is_small(row, count, threshold):
                yield count, true, {place: 1}
        k, n = places["k"], places["n"]
        if k is not None and n is not None and row.statistic.startswith("share"):
            rest = self._true[n] - self._true[k]
            if 0 < rest < threshold:  # those who are not counted, told where neither k nor n is
                yield "rest", rest, {n: 1, k: -1}

    def _of_nobody_or_everybody(self, row: Estimate) -> bool:
        """Whether the row's total is shown and is nobody, or everybody: what zeros may tell is told with it."""
        wholes = (("", row.subgroup), (row.site, ""), ("", ""))
        for site, subgroup in wholes:
            total = self._by_place.get((row.measure, row.statistic, row.group, site, subgroup, row.time))
            shown = total is not None and total is not row and not self._shown[total.key].hidden
            if shown and (total.k == 0 or (total.statistic == "share" and total.k == total.n)):
                return True
        return False

    @property
    def size(self) -> tuple[int, int, int]:
        """Counts, hidden counts and equations."""
        return len(self._true), self._known.count(False), len(self._equations)


def _is_share(row: Estimate) -> bool:
    return row.statistic.startswith("share") or row.statistic == "mean"


def _is_small(row: Estimate, count: str, threshold: int) -> bool:
    """Whether the true count says something about fewer persons than may be told of."""
    n, k = row.n, row.k
    if count == "n":
        return n is not None and 0 < n < threshold
    few = k is not None and 0 < k < threshold
    others = row.statistic.startswith("share") and n is not None and k is not None and 0 < n - k < threshold
    return few or others


def _range(
    asked: dict[int, int], equations: list[tuple[dict[int, float], float, float]], least: dict[int, int]
) -> tuple[int, int]:
    """The smallest and the largest whole number, of a place or of one less another, that agrees with the equations."""
    columns = sorted({*asked, *(place for terms, _, _ in equations for place in terms)})
    at = {place: number for number, place in enumerate(columns)}
    goal = np.zeros(len(columns))
    for place, sign in asked.items():
        goal[at[place]] = sign
    constraints = []
    if equations:
        data = [
            (number, at[place], value)
            for number, (terms, _, _) in enumerate(equations)
            for place, value in terms.items()
        ]
        lines, places, values = zip(*data, strict=True)
        matrix = csr_matrix((values, (lines, places)), shape=(len(equations), len(columns)))
        constraints = [LinearConstraint(matrix, [low for _, low, _ in equations], [high for _, _, high in equations])]
    ends = []
    bounds = Bounds(np.array([float(least.get(place, 0)) for place in columns]), _MOST)
    for sign in (1.0, -1.0):
        for presolve in (True, False):  # with it HiGHS at times sees no solution, where the true numbers are one
            solved = milp(
                sign * goal,
                constraints=constraints,
                integrality=np.ones(len(columns)),
                bounds=bounds,
                options={"presolve": presolve},
            )
            if solved.success:
                break
        assert solved.success, solved.message
        ends.append(round(sign * solved.fun))
    return ends[0], ends[1]


class _Parts:
    """Unknowns that hang together through equations."""

    def __init__(self, size: int) -> None:
        self._above = list(range(size))

    def of(self, place: int) -> int:
        while self._above[place] != place:
            self._above[place] = self._above[self._above[place]]
            place = self._above[place]
        return place

    def join(self, places: list[int]) -> None:
        for place in places[1:]:
            self._above[self.of(place)] = self.of(places[0])

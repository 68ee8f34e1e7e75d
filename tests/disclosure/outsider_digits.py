"""What the digits of a single row give back: every count that is possible is tried, and those that fit are kept.

A mean with its error, of few persons with whole answers, is a sum and a sum of squares: HiGHS says how many can have
given each answer. A standardised difference, a relative change, a benchmark, a price per result, power or a test is a
formula of counts that everybody knows.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from outsider_labels import Catalogue
from outsider_rows import ALL_OF_THEM, COMPARED, Row, half
from scipy.stats import t

_MEANS = frozenset({"mean", "panel_mean", "first_mean", "last_mean"})
_MOST_ANSWERING = {5: 20, 10: 9, 26: 4}  # steps of a scale: persons, for of more too many ways fit
_MOST_TRIED = 400_000


@dataclass(frozen=True, slots=True)
class Told:
    """A number of persons that digits give back, of which the ledger has no row or hides it."""

    kind: str
    key: str
    what: str
    low: int
    high: int


def told_by_digits(rows: Sequence[Row], catalogue: Catalogue, threshold: int) -> list[Told]:
    """All that the digits of shown rows give back."""
    return [
        *_answers(rows, catalogue, threshold),
        *_formulas(rows, threshold),
        *_methods(rows),
        *_extremes(rows),
        *_absent(rows, threshold),
    ]


def _answers(rows: Sequence[Row], catalogue: Catalogue, threshold: int) -> list[Told]:
    found = []
    for row in rows:
        scale = _scale(catalogue, row.measure)
        if row.statistic not in _MEANS or scale is None or row.value is None or not row.n:
            continue
        if not 2 <= row.n <= _MOST_ANSWERING.get(len(scale), 4) or row.group == COMPARED:
            continue
        spread = _spread(row)
        for answer, *given in _possible(row.value, half(row.value), spread, row.n, scale):
            others = [row.n - count for count in reversed(given)]
            for what, (low, high) in (("answered", given), ("did not answer", others)):
                if low >= 1 and high < threshold and high - low + 1 < threshold - 1:
                    found.append(Told("mean and error", row.key, f"who {what} {answer}", low, high))
    return found


def _scale(catalogue: Catalogue, measure: str) -> list[int] | None:
    how = catalogue.measures.get(measure, {}).get("from") or {}
    if how.get("kind") == "survey_mean":
        return list(range(how["low"], how["high"] + 1))
    if how.get("kind") == "survey_scale" and "above" not in how:
        return list(range(0, 101, 4)) if how["scale"] == "who5" else None
    return None


def _spread(row: Row) -> tuple[float, float] | None:
    """The least and the most the standard error can be, by itself or by the interval."""
    if row.se is not None:
        return max(row.se - half(row.se), 0.0), row.se + half(row.se)
    if row.ci_low is not None and row.ci_high is not None and row.n and row.n > 1:
        slack = half(row.ci_low) + half(row.ci_high)
        wide, factor = row.ci_high - row.ci_low, 2 * t.ppf(0.975, row.n - 1)
        return max(wide - slack, 0.0) / factor, (wide + slack) / factor
    return None


def _possible(
    value: float, slack: float, spread: tuple[float, float] | None, n: int, scale: list[int]
) -> list[tuple[int, int, int]]:
    """How many, at least and at most, gave each answer."""
    total = (math.ceil(n * (value - slack) - 1e-6), math.floor(n * (value + slack) + 1e-6))
    low, high = 0.0, math.inf
    if spread is not None:  # of the squares: those about the mean, and n means squared
        around = [n * (n - 1) * error**2 for error in spread]
        middle = sorted((n * (value - slack) ** 2, n * (value + slack) ** 2))
        low, high = (around[0] + middle[0]) * (1 - 1e-6) - 1e-6, (around[1] + middle[1]) * (1 + 1e-6) + 1e-6
    least, most = [n] * len(scale), [0] * len(scale)
    for counts in _spreads(n, total, (low, high), tuple(scale)):
        least = list(map(min, least, counts))
        most = list(map(max, most, counts))
    return [(answer, *ends) for answer, *ends in zip(scale, least, most, strict=True) if ends[0] <= ends[1]]


def _spreads(
    n: int, total: tuple[int, int], squares: tuple[float, float], scale: tuple[int, ...]
) -> Iterator[tuple[int, ...]]:
    """Every way n answers on the scale have such a sum and such a sum of squares."""
    *lower, answer = scale
    if not lower:
        if total[0] <= n * answer <= total[1] and squares[0] <= n * answer**2 <= squares[1]:
            yield (n,)
        return
    for count in range(n + 1):
        left = n - count
        rest = (total[0] - count * answer, total[1] - count * answer)
        rest_squares = (squares[0] - count * answer**2, squares[1] - count * answer**2)
        fits = rest[1] >= left * lower[0] and rest[0] <= left * lower[-1]
        if fits and rest_squares[1] >= left * lower[0] ** 2 and rest_squares[0] <= left * lower[-1] ** 2:
            if left and max(rest[0], 0) ** 2 / left > rest_squares[1]:
                continue
            for counts in _spreads(left, rest, rest_squares, tuple(lower)):
                yield (*counts, count)


def _formulas(rows: Sequence[Row], threshold: int) -> list[Told]:
    """Hidden shares of two groups, of which something computed is shown."""
    levels: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if row.statistic in ("share", "mean") and row.group not in (COMPARED, ALL_OF_THEM):
            levels[row.measure, row.site, row.subgroup, row.time].append(row)
    persons = _persons(rows)
    found = []
    for row in rows:
        if row.value is None:
            continue
        pair = levels.get((row.measure, row.site, row.subgroup, row.time), [])
        if row.statistic in ("over_benchmark", "cost_per_unit"):
            found += _of_one(row, rows, persons)
        if row.group != COMPARED or row.statistic not in _OF_TWO or len(pair) != 2:
            continue
        hidden = [level for level in pair if level.hidden and level.statistic == "share"]
        if not hidden:
            continue
        n = [level.n or persons.get((level.population, level.group, level.site)) for level in pair]
        if not all(n) or n[0] * n[1] > _MOST_TRIED:
            continue
        found += _tried(row, pair, [int(each) for each in n], threshold)
    return found


def _persons(rows: Sequence[Row]) -> dict[tuple[str, str, str], int]:
    found = {}
    for row in rows:
        if row.counts_persons and row.n is not None and not row.time and not row.subgroup:
            found.setdefault((row.population, row.group, row.site), row.n)
        if row.measure == "personer" and row.k is not None and not row.subgroup:
            found.setdefault((row.population, row.group, row.site), row.k)
    return found


def _standardised(k: np.ndarray, n: Sequence[int]) -> np.ndarray:
    first, second = k[0] / n[0], k[1] / n[1]
    within = (first * (1 - first) * n[0] / (n[0] - 1) + second * (1 - second) * n[1] / (n[1] - 1)) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        return (first - second) / np.sqrt(within)


def _relative(k: np.ndarray, n: Sequence[int]) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return 100 * ((k[0] / n[0]) / (k[1] / n[1]) - 1)


def _difference(k: np.ndarray, n: Sequence[int]) -> np.ndarray:
    return 100 * (k[0] / n[0] - k[1] / n[1])


_OF_TWO = {"normalised_difference": _standardised, "relative_change": _relative, "difference": _difference}


def _tried(row: Row, pair: Sequence[Row], n: Sequence[int], threshold: int) -> list[Told]:
    """The counts of two groups that give what is shown."""
    ends = [(level.k, level.k) if level.k is not None else (0, n[place]) for place, level in enumerate(pair)]
    grid = np.meshgrid(*(np.arange(low, high + 1) for low, high in ends), indexing="ij")
    slack = half(row.value) + 1e-7 * max(1.0, abs(row.value))
    found = []
    for flip in (False, True):
        k = np.array(grid[::-1] if flip else grid, dtype=float)
        fits = np.abs(_OF_TWO[row.statistic](k, n[::-1] if flip else n) - row.value) <= slack
        for place, level in enumerate(pair):
            if not level.hidden or level.statistic != "share" or not fits.any():
                continue
            values = np.unique(grid[place][fits])
            truth = level.true_k
            if truth in values and len(values) < threshold - 1 and _is_small(truth, n[place], threshold):
                found.append(Told(f"digits of {row.statistic}", level.key, "k", int(values.min()), int(values.max())))
        if found:
            break
    return found


def _is_small(k: int | None, n: int, threshold: int) -> bool:
    return k is not None and (0 < k < threshold or 0 < n - k < threshold)


def _of_one(row: Row, rows: Sequence[Row], persons: Mapping[tuple[str, str, str], int]) -> list[Told]:
    """A benchmark taken from a share, or a sum divided by results: both are the share."""
    if row.statistic == "cost_per_unit":
        twin = next(
            (
                level
                for level in rows
                if (level.measure, level.statistic, level.group, level.site)
                == (row.measure, "share", row.group, row.site)
                and not level.subgroup
            ),
            None,
        )
        if twin is not None and twin.hidden and row.k is not None:
            return [Told("digits of cost_per_unit", twin.key, "k", row.k, row.k)]
        return []
    told = re.search(r"benchmark of ([\d.]+) pct", row.method)
    for level in rows:
        same = (level.measure, level.statistic, level.site, level.subgroup) == (row.measure, "share", row.site, "")
        if told and same and level.hidden and level.group != COMPARED and row.n:
            k = (row.value + float(told.group(1))) * row.n / 100
            return [Told("digits of over_benchmark", level.key, "k", round(k), round(k))]
    return []


def _methods(rows: Sequence[Row]) -> list[Told]:
    """A share that stands in the words of another row's method, with the n it is of."""
    shares = {(row.measure, row.population): row for row in rows if row.statistic == "share" and row.hidden}
    found = []
    for row in rows:
        base = re.search(r"base ([\d.]+) pct", row.method)
        level = shares.get((row.measure, row.population))
        if base and level is not None and level.true_n:
            found.append(
                Told("words of a method", level.key, "k", *[round(float(base.group(1)) * level.true_n / 100)] * 2)
            )
        if row.hidden and re.search(r"\d", row.method) and base:
            found.append(Told("words of a method", row.key, "method", 0, 0))
    return found


def _extremes(rows: Sequence[Row]) -> list[Told]:
    """The highest week or the lowest site that no shown row is: it is a hidden one's."""
    shown: dict[tuple[str, str], set[tuple[float | None, int | None]]] = defaultdict(set)
    hidden: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row.statistic in ("share", "mean", "difference"):
            shown[row.measure, row.group].add((row.value, row.n))
            if row.hidden:
                hidden[row.measure, row.group].append(row)
    found = []
    for row in rows:
        if row.statistic not in ("maximum", "minimum", "lowest_site", "highest_site") or row.value is None:
            continue
        cells = shown[row.measure, row.group]
        if (
            row.group != COMPARED
            and (row.value, row.n) not in cells
            and not any(value == row.value for value, _ in cells)
        ):
            for of in hidden[row.measure, row.group]:
                if of.true_value == row.value and of.true_k is not None:
                    found.append(Told("extremes", of.key, "k", of.true_k, of.true_k))
    return found


def _absent(rows: Sequence[Row], threshold: int) -> list[Told]:
    """Rows that only exist where there are two persons: where one is missing, a hidden level is of one person."""
    levels = {(row.measure, *row.place): row for row in rows if row.statistic in ("mean", "first_mean")}
    by_kind: dict[tuple[str, str, str], set[tuple[str, ...]]] = defaultdict(set)
    for row in rows:
        if row.statistic not in ("mean", "first_mean"):
            by_kind[row.measure, row.statistic, row.group].add((row.measure, *row.place))
    found = []
    for (measure, statistic, group), there in by_kind.items():
        of_kind = {place: row for place, row in levels.items() if row.measure == measure and row.group == group}
        if not there <= of_kind.keys() or not there:
            continue
        missing = of_kind.keys() - there
        many = [of_kind[place].true_n for place in there]
        if missing and all(of_kind[place].true_n == 1 for place in missing) and all(n and n > 1 for n in many):
            found += [Told(f"absent {statistic}", of_kind[place].key, "n", 1, 1) for place in missing if threshold > 1]
    return found

"""A reader who looks at rows that repeat a hidden one, or are computed from several of which some are hidden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from reportlib.estimators.many_comparisons import benjamini_hochberg, empirical_bayes, holm
from reportlib.ledger import Estimate
from reportlib.ledger.keys import DIFFERENCE, EVERYONE

_EXTREMES = frozenset({"maximum", "minimum", "lowest_site", "highest_site"})
_COUNTED = frozenset({"share", "mean", "difference"})
_FEWEST_TO_SHRINK = 4


def repeated(true: Sequence[Estimate], shown: Sequence[Estimate]) -> list[str]:
    """The shown extremes that are the value of a hidden row of their measure and group, and of no shown one."""
    hidden = {row.key for row in shown if row.hidden}
    values: dict[tuple[str, str], dict[bool, set[float | None]]] = defaultdict(lambda: defaultdict(set))
    for row in true:
        if row.statistic in _COUNTED:
            values[row.measure, row.group][row.key in hidden].add(row.value)
    return [
        str(row.key)
        for row in true
        if row.statistic in _EXTREMES
        and row.key not in hidden
        and row.value in values[row.measure, row.group][True] - values[row.measure, row.group][False]
    ]


def not_from_shown_sites(shown: Sequence[Estimate]) -> list[str]:
    """The adjusted p-values and shrunken differences that do not follow from rows that are shown.

    Each is computed again from the shown sites alone: hidden ones count as tests with p = 1. What comes out the same
    says nothing of the hidden sites.
    """
    rows = {row.key: row for row in shown}
    families: dict[tuple[str, str], list[Estimate]] = defaultdict(list)
    for row in shown:
        if row.statistic == "difference" and row.site and row.group == DIFFERENCE:
            families[row.measure, row.time].append(row)
    wrong = []
    for family in families.values():
        p = np.array([1.0 if row.p is None else row.p for row in family])
        for statistic, adjusted in (("p_holm", holm(p)), ("p_bh", benjamini_hochberg(p))):
            for row, value in zip(family, adjusted.tolist(), strict=True):
                told = rows.get(f"{row.key}.{statistic}")
                if told is not None and told.value is not None and not np.isclose(told.value, value, rtol=1e-9):
                    wrong.append(str(told.key))
        wrong += _shrunken_of_others(family, rows)
    return wrong


def _shrunken_of_others(family: list[Estimate], rows: dict[str, Estimate]) -> list[str]:
    told = [row for row in family if row.value is not None and rows[f"{row.key}.shrunken"].value is not None]
    if not told:
        return []
    levels = {row.key: _levels(row, list(rows.values())) for row in told}
    if len(told) < _FEWEST_TO_SHRINK or any(len(pair) != 2 for pair in levels.values()):
        return [f"{row.key}.shrunken" for row in told]
    cells = [level for pair in levels.values() for level in pair]
    apart = sum(_squares(level) for level in cells)
    pooled = apart / sum((level.n or 0) - 1 for level in cells)
    errors = [(pooled * sum(1 / (level.n or 1) for level in levels[row.key])) ** 0.5 for row in told]
    drawn = empirical_bayes([row.number for row in told], errors)
    return [
        f"{row.key}.shrunken"
        for row, value in zip(told, drawn.value.tolist(), strict=True)
        if not np.isclose(rows[f"{row.key}.shrunken"].number, value, rtol=1e-7)
    ]


def _levels(difference: Estimate, rows: list[Estimate]) -> list[Estimate]:
    where = (difference.measure, difference.site, difference.time)
    return [
        row
        for row in rows
        if (row.measure, row.site, row.time) == where
        and row.statistic in ("share", "mean")
        and row.group not in (DIFFERENCE, EVERYONE)
        and not row.subgroup
        and row.value is not None
    ]


def _squares(level: Estimate) -> float:
    """The squared distances from the level's mean; of a share in per cent."""
    n = level.n or 0
    if level.statistic == "share":
        return 1e4 * (level.k or 0) * (n - (level.k or 0)) / n
    return n * (n - 1) * (level.se or 0.0) ** 2

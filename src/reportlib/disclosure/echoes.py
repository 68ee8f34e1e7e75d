"""Rows that tell of other rows: they repeat one (the highest week), are computed from several (a test), or add them up.

Each function gives the keys of rows that must hide because of what hides already. `proposals` runs them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from reportlib.ledger import Estimate
from reportlib.ledger.keys import DIFFERENCE, EVERYONE

_LEVELS = frozenset({"share", "mean"})

# Levels that are another row's, or are computed from its k: the highest week, the lowest site, a cost per person.
_REPEATING = frozenset({"maximum", "minimum", "lowest_site", "highest_site", "cost_per_unit"})

# What is computed from shares that are told together, and with its errors would give a hidden one of them back.
_OF_TOGETHER = {
    "sign_test": frozenset({"share_rose", "share_same", "share_fell"}),
    "difference": frozenset({"share_only_before", "share_only_after"}),
}

# What is computed from all parts of a division, or from all answers.
_OF_PARTS = frozenset({"difference", "contrast", "test", "interaction", "interaction_holm"})
_ANSWERS = "svar-"

# Adjusted for, or drawn towards, what all sites of the family have together.
_OF_FAMILY = frozenset({"p_holm", "p_bh", "shrunken"})
_COUNTS_OF_FAMILY = frozenset({"sites_significant", "sites_significant_unadjusted"})


def echoes(rows: Sequence[Estimate], hidden: Collection[str]) -> list[str]:
    """The keys of rows, not hidden yet, that would give one of the `hidden` rows back."""
    found = [*_repeats(rows, hidden), *_of_together(rows, hidden), *_of_parts(rows, hidden), *_of_family(rows, hidden)]
    return [key for key in dict.fromkeys(found) if key not in hidden]


def _repeats(rows: Sequence[Estimate], hidden: Collection[str]) -> Iterable[str]:
    """Extremes and costs that are a hidden row's, and no shown one's."""
    told: dict[bool, set[tuple[object, ...]]] = {True: set(), False: set()}
    for row in rows:
        if row.statistic in _LEVELS or row.statistic == "difference":
            told[row.key in hidden].add(_what(row))
    for row in rows:
        if row.statistic in _REPEATING and row.value is not None:
            what = _what(row)
            if what in told[True] and what not in told[False]:
                yield row.key


def _what(row: Estimate) -> tuple[object, ...]:
    """What of a row another would repeat: its k and n, of a difference its value."""
    if row.group == DIFFERENCE:
        return row.measure, row.group, row.site, row.subgroup, row.value
    return row.measure, row.group, row.k, row.n


def _of_together(rows: Sequence[Estimate], hidden: Collection[str]) -> Iterable[str]:
    places: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for row in rows:
        if row.key in hidden:
            for statistic, family in _OF_TOGETHER.items():
                if row.statistic in family:
                    places[statistic].add(_place(row))
    return [row.key for row in rows if _place(row) in places.get(row.statistic, ())]


def _of_parts(rows: Sequence[Estimate], hidden: Collection[str]) -> Iterable[str]:
    """Differences and tests of a division one of whose levels hides; of all groups, or of the row's own."""
    divisions: set[tuple[str, ...]] = set()
    for row in rows:
        if row.key not in hidden or row.statistic not in _LEVELS or not row.subgroup:
            continue
        names = [row.subgroup[:at] for at, sign in enumerate(row.subgroup) if sign == ":"]
        if row.subgroup.startswith(_ANSWERS):
            names.append("")
        for name in names:
            divisions |= {(row.measure, group, row.site, row.time, name) for group in (row.group, DIFFERENCE, EVERYONE)}
    return [
        row.key
        for row in rows
        if row.statistic in _OF_PARTS
        and (row.subgroup or row.statistic == "test")
        and (row.measure, row.group, row.site, row.time, row.subgroup) in divisions
    ]


def _of_family(rows: Sequence[Estimate], hidden: Collection[str]) -> Iterable[str]:
    """What is told of shown sites and rests on all of a family, when one that was counted in it hides."""
    broken = {
        (row.measure, row.time)
        for row in rows
        if row.statistic in _OF_FAMILY and row.value is not None and row.key in hidden
    }
    return [
        row.key for row in rows if row.statistic in _OF_FAMILY | _COUNTS_OF_FAMILY and (row.measure, row.time) in broken
    ]


def runs_of_hidden_weeks(rows: Sequence[Estimate], hidden: Collection[str]) -> list[tuple[Estimate, ...]]:
    """A group's hidden levels in the weeks that two shown sums of differences enclose, and the level of the last week.

    Somebody who subtracts the earlier sum from the later one knows what the hidden weeks add up to.
    """
    sums: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.statistic == "accumulated" and row.week is not None and row.key not in hidden:
            sums[row.measure].add(row.week)
    levels: dict[tuple[str, str], dict[int, Estimate]] = defaultdict(dict)
    for row in rows:
        plain = row.statistic in _LEVELS and not row.site and not row.subgroup
        if plain and row.measure in sums and row.week is not None and row.group not in (DIFFERENCE, EVERYONE):
            levels[row.measure, row.group][row.week] = row
    found = []
    for (measure, _), by_week in levels.items():
        first = 0
        for last in sorted(sums[measure]):
            inside = [by_week[week] for week in range(first + 1, last + 1) if week in by_week]
            if any(row.key in hidden for row in inside):
                found.append(tuple(row for row in inside if row.key in hidden or row.week == last))
            first = last
    return found


def later_sums(rows: Sequence[Estimate], run: Sequence[Estimate]) -> list[str]:
    """The keys of the sums of differences from the last week of the run on."""
    last = max((row.week or 0 for row in run), default=0)
    return [
        row.key
        for row in rows
        if row.statistic == "accumulated" and row.measure == run[0].measure and (row.week or 0) >= last
    ]


def _place(row: Estimate) -> tuple[str, ...]:
    return row.measure, row.group, row.site, row.subgroup, row.time

"""The proposal: which rows hide by rules of thumb, quick and near the least. `repair` adds what the system asks for.

Primary suppression: a number that rests on fewer than `threshold` persons (practice at the research servers: cells of 1
to 4 are not taken out; zero may be shown). A share hides when its n, its k or its n - k is too small; a mean when n is
too small or too few persons have a value different from zero.
Secondary suppression: under a total that is shown (of the sites, the groups, the values of a division, persons by how
many measurements they have), and among answers, categories and bands that together are everybody, so many cells hide
that their sum leaves at least as many values open for each as lie below the threshold, also for a reader who knows
that zeros are shown; where a site hides, the same number for all other sites hides too, and where most weeks of its
curve hide, all do; a difference hides when the level of one of its groups hides; shares that together are everybody
(rises, falls and neither) hide together; a test over all sites hides with any of them; and running sums around hidden
weeks.
docs/disclosure.md tells why; tests/disclosure attacks the result.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from reportlib.disclosure.threshold import (
    ABOUT_NO_PERSON,
    PRIMARY,
    SECONDARY,
    Threshold,
    about_no_person,
    hide,
    rests_on_too_few,
)
from reportlib.ledger import Estimate, make_key
from reportlib.ledger.keys import AT_LEAST_TWO, DIFFERENCE, EVERYONE, OTHERS

_LEVELS = frozenset({"share", "mean"})

# Whose value it is, another row says.
_EXTREME_SITES = frozenset({"lowest_site", "highest_site"})

# Tests over all sites: with all but two of them, such a test is an equation for the two.
_OF_ALL_SITES = frozenset({"heterogeneity", "stratified", "clustered"})

# Shares of one group that give each other away: with all but one of them the last is known.
_TOGETHER = (
    frozenset({"share_rose", "share_same", "share_fell"}),
    frozenset({"share_relevant_rose", "share_relevant_same", "share_relevant_fell"}),
    frozenset({"share_only_before", "share_only_after"}),
    frozenset({"share_of_positive", "share_of_all"}),  # the same persons of two n
)

# Persons by how many measurements they have, and the subgroup of all of them.
_BY_COUNT, _SUMS_OF_COUNTS = "antal", frozenset({AT_LEAST_TWO})

# Numbers of sites that add up to the total, so that one hidden site could be had by subtraction.
_ADDITIVE = frozenset({"share", "mean", "count"})


def suppress(rows: Iterable[Estimate], threshold: Threshold) -> list[Estimate]:
    """All rows in their order, with those that the proposal hides hidden."""
    rows = list(rows)
    reasons = proposed(rows, threshold)
    return [hide(row, reasons[row.key]) if row.key in reasons else row for row in rows]


def proposed(rows: Iterable[Estimate], threshold: Threshold, also: Iterable[str] = ()) -> dict[str, str]:
    """The keys of rows that disclose too much, and why. Equal rows always give an equal pattern.

    `also` are the keys of rows that hide for another reason, and must not be given back.
    """
    rows, also = list(rows), frozenset(also)
    reasons = {row.key: PRIMARY for row in rows if rests_on_too_few(row, threshold)}
    primary = frozenset(reasons)
    _hide_also(sorted(also), reasons)
    tables, curves = _tables(rows), _curves_of_sites(rows)
    twins = [(row.key, twin_of(row)) for row in rows if row.site]
    before = -1
    while before != len(reasons):  # a companion in one table is a hidden cell in another
        before = len(reasons)
        for table in tables:
            _hide_also(_companions(table, reasons, primary, threshold), reasons)
        _hide_also(_together(rows, reasons), reasons)
        _hide_also((key for key, twin in twins if twin in reasons), reasons)
        _hide_also(_rest_of_curves(curves, reasons.keys() - also), reasons)
        _hide_also(_differences(rows, reasons), reasons)
        for run in _runs_of_hidden_weeks(rows, reasons):
            _hide_also(_within(run, rows, reasons, primary, threshold), reasons)
    return reasons


def _hide_also(keys: Iterable[str], reasons: dict[str, str]) -> None:
    for key in list(keys):
        reasons.setdefault(key, SECONDARY)


def _curves_of_sites(rows: list[Estimate]) -> list[list[str]]:
    curves: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in rows:
        if row.site and row.week is not None:
            curves[row.measure, row.statistic, row.group, row.site, row.subgroup].append(row.key)
    return list(curves.values())


def _rest_of_curves(curves: list[list[str]], hidden: Collection[str]) -> Iterator[str]:
    """A site's curve of which three weeks in four hide: what is left is no curve, and bounds those that hide."""
    for keys in curves:
        if 4 * sum(key in hidden for key in keys) > 3 * len(keys):
            yield from keys


def _differences(rows: list[Estimate], reasons: dict[str, str]) -> list[str]:
    """Differences one of whose levels hides, and tests over all sites when one of the sites does."""
    levels = {
        _place(row)
        for row in rows
        if row.key in reasons and row.group != DIFFERENCE and row.statistic not in ABOUT_NO_PERSON | _EXTREME_SITES
    }
    families = {(row.measure, row.time) for row in rows if row.key in reasons and row.site}
    return [
        row.key
        for row in rows
        if (row.group == DIFFERENCE and _place(row) in levels and not about_no_person(row))
        or (row.statistic in _OF_ALL_SITES and (row.measure, row.time) in families)
    ]


def _runs_of_hidden_weeks(rows: list[Estimate], hidden: Collection[str]) -> list[tuple[Estimate, ...]]:
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


def _within(
    run: tuple[Estimate, ...],
    rows: list[Estimate],
    reasons: dict[str, str],
    primary: frozenset[str],
    threshold: Threshold,
) -> list[str]:
    """What must hide so that the sum of hidden weeks does not tell one of them: the week after, or all later sums."""
    if len({row.n for row in run}) == 1 and all(row.n is not None for row in run):
        return _companions(_Table(None, run), reasons, primary, threshold)
    # With another n each week, so exact a sum would tell every week: of those from the last week on, none is told.
    last = max((row.week or 0 for row in run), default=0)
    later = (row for row in rows if row.statistic == "accumulated" and (row.week or 0) >= last)
    return [row.key for row in later if row.measure == run[0].measure]


@dataclass(frozen=True, slots=True)
class _Table:
    """Cells that add up: sites, groups, the values of a division. Without a total they add up to everybody, their n."""

    total: Estimate | None
    cells: tuple[Estimate, ...]


def _tables(rows: list[Estimate]) -> list[_Table]:
    """Every total with the cells that a reader can subtract from it."""
    cells: dict[tuple[str, ...], list[Estimate]] = {}
    totals: dict[tuple[str, ...], Estimate] = {}
    spread: dict[tuple[str, ...], list[Estimate]] = {}
    for row in rows:
        if row.group == DIFFERENCE or row.site.startswith(OTHERS):
            continue
        m, s, g, p, d, t = row.measure, row.statistic, row.group, row.site, row.subgroup, row.time
        if d and s.startswith("share"):
            spread.setdefault((m, s, g, p, d.rpartition(":")[0], t), []).append(row)
        if d in _SUMS_OF_COUNTS:
            totals["count", m, s, g, p, t] = row
        elif d.startswith(_BY_COUNT):
            cells.setdefault(("count", m, s, g, p, t), []).append(row)
        if s not in _ADDITIVE:
            continue
        if p:
            cells.setdefault(("site", m, s, g, d, t), []).append(row)
        else:
            totals["site", m, s, g, d, t] = row
        if g == EVERYONE:
            totals["group", m, s, p, d, t] = row
        else:
            cells.setdefault(("group", m, s, p, d, t), []).append(row)
        if ":" in d:
            cells.setdefault(("value", m, s, g, p, t, d.partition(":")[0]), []).append(row)
        elif not d:
            totals["value", m, s, g, p, t] = row
    found = [_Table(None, tuple(parts)) for parts in spread.values() if _are_everybody(parts)]
    for key, parts in cells.items():
        total = totals.get(key if key[0] != "value" else key[:-1])
        if total is not None and (key[0] == "site" or _adds_up(parts, total)):
            found.append(_Table(total, tuple(parts)))
    return found


def _are_everybody(parts: list[Estimate]) -> bool:
    """Whether everybody of one n is in one of the cells: answers, categories, bands."""
    counts = {part.n for part in parts}
    return len(parts) > 1 and len(counts) == 1 and sum(part.k or 0 for part in parts) == counts.pop()


def _adds_up(parts: list[Estimate], total: Estimate) -> bool:
    """Groups and divisions that leave somebody out of the total give nothing back."""
    return all(
        sum(getattr(part, count) or 0 for part in parts) == (getattr(total, count) or 0)
        for count in ("k", "n")
        if getattr(total, count) is not None
    )


def _companions(table: _Table, reasons: dict[str, str], primary: frozenset[str], threshold: Threshold) -> list[str]:
    """More cells to hide under a shown total, until what is left of it does not tell a hidden cell.

    Somebody who subtracts the shown cells from the total has the sum of the hidden ones. A single hidden cell is that
    sum; two are known within it. Companions are added, the smallest first that would not itself have to hide, until at
    least as many values are left for every cell as lie below the threshold. A cell with nobody or everybody is taken
    only when there is no other.
    """
    hidden = [row for row in table.cells if row.key in reasons]
    shown = [row for row in table.cells if row.key not in reasons and row.n != 0]
    if not hidden or (table.total is not None and table.total.key in reasons):
        return []
    so_many = _so_many(table, threshold)
    chosen = [row for row in shown if row.key in so_many]
    waiting = sorted(
        (row for row in shown if row.key not in so_many), key=lambda row: (_says_all(row, threshold), _size(row, table))
    )
    left = _HiddenSum(table, primary, threshold)
    for row in (*hidden, *chosen):
        left.add(row)
    told_closely = not so_many <= {row.key for row in (*hidden, *chosen)}
    for companion in waiting:
        if not told_closely and left.is_enough:
            break
        left.add(companion)
        chosen.append(companion)
    return [row.key for row in chosen]


class _HiddenSum:
    """The hidden cells of a table, of which a reader knows the sum: whether it leaves enough values open for each.

    Where zeros are shown, a cell of enough persons that hides is known to be neither nobody nor everybody. So the sum
    of the hidden cells is never itself a number of too few persons.
    """

    def __init__(self, table: _Table, primary: frozenset[str], threshold: Threshold) -> None:
        self._table, self._primary, self._threshold = table, primary, threshold
        self._cells = self._persons = self._free = self._least = self._most = 0
        self._few: list[Estimate] = []
        self._is_mean = False

    def add(self, row: Estimate) -> None:
        """Hide one more."""
        if not self._cells:
            self._is_mean = row.n is not None and not row.statistic.startswith("share")
        self._cells += 1
        self._persons += row.k or 0
        least, most = _range(row, self._threshold)
        self._least += least
        self._free, self._most = (self._free + 1, self._most) if most is None else (self._free, self._most + most)
        if row.key in self._primary and row.k is not None:
            self._few.append(row)

    @property
    def is_enough(self) -> bool:
        """Whether at least as many values are left for every cell of too few persons as lie below the threshold."""
        total, threshold = self._table.total, self._threshold
        if self._cells < 2:
            return False
        if total is not None and threshold.show_zero and _of_all_or_none(total):
            return True  # of nobody, or of everybody, may be told
        if self._is_mean and 0 < self._persons < threshold.persons:
            return False  # the sum and the squares are told, so few persons must not be left alone with them
        return all(self._values_left(row) >= threshold.persons - 1 for row in self._few)

    def _values_left(self, row: Estimate) -> int:
        least, most = _range(row, self._threshold)
        free = self._free - (most is None)  # how many others can be any number of the persons there are
        others_most = free * self._persons + self._most - (most or 0)
        others_least = self._least - least
        low = max(least, self._persons - others_most)
        high = min(self._persons if most is None else most, self._persons - others_least)
        return high - low + 1


def _so_many(table: _Table, threshold: Threshold) -> frozenset[str]:
    """The cells of too few persons, and the smallest others that keep how many there are from being told.

    They are the same in every number about the same persons: else one number would tell the n that another hides.
    """
    by_size = sorted((row for row in table.cells if row.n), key=lambda row: row.n or 0)
    needed = [row for row in by_size if (row.n or 0) < threshold.persons]
    if not needed:
        return frozenset()
    persons = sum(cell.n or 0 for cell in needed)
    for row in by_size[len(needed) :]:
        if len(needed) > 1 and persons - (len(needed) - 1) >= threshold.persons - 1:
            break
        needed.append(row)
        persons += row.n or 0
    return frozenset(row.key for row in needed)


def _of_all_or_none(row: Estimate) -> bool:
    return row.k == 0 or (row.statistic.startswith("share") and row.k == row.n)


def _range(row: Estimate, threshold: Threshold) -> tuple[int, int | None]:
    """The fewest and the most persons that a reader must think possible in a hidden cell; None for all there are."""
    if row.n is not None and row.n < threshold.persons:
        return 0, None
    least = 1 if threshold.show_zero else 0
    if row.n is None:
        return least, None
    return least, row.n - least if row.statistic.startswith("share") else row.n


def _together(rows: list[Estimate], reasons: dict[str, str]) -> list[str]:
    """The shares that are told with one that hides, and would give it back."""
    families = {statistic: family for family in _TOGETHER for statistic in family}
    of_row = [
        (row.key, (row.measure, row.group, row.site, row.subgroup, row.time, families[row.statistic]))
        for row in rows
        if row.statistic in families
    ]
    hidden = {place for key, place in of_row if key in reasons}
    return [key for key, place in of_row if place in hidden and key not in reasons]


def _says_all(row: Estimate, threshold: Threshold) -> bool:
    """True for a site of which the number says the same of everybody: such a companion would protect nothing."""
    if row.k is None:
        return False
    everybody = row.statistic == "share" and row.k == row.n
    return row.k < threshold.persons or everybody


def _size(row: Estimate, table: _Table) -> int:
    """How much is lost with the cell: its persons, or its part of everybody."""
    return row.n if row.n is not None and table.total is not None else (row.k or 0)


def twin_of(row: Estimate) -> str:
    """The key of the same number for all other sites or, for those, for the site itself."""
    twin = row.site.removeprefix(OTHERS) if row.site.startswith(OTHERS) else OTHERS + row.site
    return make_key(
        row.measure, statistic=row.statistic, group=row.group, site=twin, subgroup=row.subgroup, time=row.time
    )


def _place(row: Estimate) -> tuple[str, str, str, str]:
    """What a difference and the levels it is made of have in common."""
    return row.measure, row.site, row.subgroup, row.time

"""From rows in full to the rows of a finished ledger: propose -> hold back weeks -> repair -> audit -> release.

Holding back weeks: in a measure that cannot fall, the step from one told level to the next is a count of persons.

That 61 have left by week 14 and 62 by week 15, among the same persons, says that one person left in week 15. So such a
level is told only in weeks in which nobody, or as many as the threshold, have come to it since the week told last, as
OpenSAFELY holds back the steps of its curves. The groups of a measure wait for one another, so that a difference is
told in the weeks of its levels. Where measures add up, one of them could be had from the others: all are told in a
week, or one of them. The step is a count only where the same persons are followed in both weeks; where somebody is lost
between them it is a net change, and stays (docs/disclosure.md).

Whether a measure cannot fall is seen on the persons: nobody who is followed in a week and the next has it in the first
only, in any group. Weeks that the trial asks for, and the last, are told where possible; then as many others as can be.
"""

from __future__ import annotations

import gc
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from itertools import combinations, pairwise
from operator import or_

from reportlib.disclosure.audit import audit
from reportlib.disclosure.proposals import proposed
from reportlib.disclosure.register import Register
from reportlib.disclosure.release import counts_told, released
from reportlib.disclosure.repair import repaired
from reportlib.disclosure.threshold import HIDDEN, Threshold, hide, near_an_end, too_few
from reportlib.ledger import Estimate
from reportlib.ledger.keys import DIFFERENCE

_WEEK = re.compile(r"(?:projekt)?uge(\d+)")
_ASKED = 1_000_000
"""What a week that is asked for is worth in squared weeks: more than all gaps together."""

Place = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Point:
    """One week of a series: who has it (`k`) of who is followed (`n`), as bits; `n` is None where all are."""

    k: int
    n: int | None
    shown: bool

    def new_since(self, earlier: _Point) -> int | None:
        """How many have come to it since then; None where not the same persons are followed."""
        return (self.k & ~earlier.k).bit_count() if self.n == earlier.n else None


Series = Mapping[int, _Point]


def held_back(
    rows: Iterable[Estimate],
    hidden: Collection[str],
    register: Register,
    threshold: Threshold,
    asked: Collection[int] = (),
) -> set[str]:
    """The keys of levels that wait for a later week; `hidden` are those that hide for other reasons."""
    found: set[str] = set()
    keys: dict[Place, dict[int, str]] = defaultdict(dict)
    for row in rows:
        if (week := _week(row)) is not None:
            keys[row.measure, row.statistic, row.group, row.site, row.subgroup][week] = row.key
    series = {place: _series(by_week, register, hidden) for place, by_week in keys.items() if len(by_week) > 1}
    rising = _rising(series)
    for measures in _linked({place: each for place, each in series.items() if place[:2] in rising}):
        families = [[series[place] for place in places] for places in measures]
        for places, weeks in zip(measures, _weeks_of(families, threshold, asked), strict=True):
            found |= {key for place in places for week, key in keys[place].items() if week not in weeks}
    return found - set(hidden)


def _weeks_of(families: Sequence[Sequence[Series]], threshold: Threshold, asked: Collection[int]) -> list[set[int]]:
    """The weeks that measures tell which add up to one another, each with its groups.

    The first is free. Where it is told, the others are told together, or none of them: what they leave open is known.
    Between those weeks each tells weeks that no other does.
    """
    first, *rest = families
    told = [_told(first, threshold, asked)]
    if not rest:
        return told
    others = [series for family in rest for series in family]
    whole = {week for week in told[0] if all(series[week].shown for series in others if week in series)}
    together = _told(others, threshold, asked, within=whole)
    by_size = sorted(range(len(rest)), key=lambda at: -sum(_last(series) for series in rest[at]))
    own: dict[int, set[int]] = {}
    for at in by_size:
        taken = set().union(*told, *own.values())
        free = {week for series in rest[at] for week in series if week not in taken}
        own[at] = _told(rest[at], threshold, together, within=free | together)
    return [*told, *(own[at] for at in range(len(rest)))]


def _last(series: Series) -> int:
    return series[max(series)].k.bit_count()


def _week(row: Estimate) -> int | None:
    """The week of a row whose number counts persons in a week."""
    found = _WEEK.fullmatch(row.time)
    return int(found[1]) if found and row.group != DIFFERENCE and "k" in counts_told(row) else None


def _series(keys: Mapping[int, str], register: Register, hidden: Collection[str]) -> Series:
    entries = {week: (register.entries[key], key not in hidden) for week, key in sorted(keys.items())}
    return {
        week: _Point(entry.k.bits, None if entry.n is None else entry.n.bits, shown)
        for week, (entry, shown) in entries.items()
        if entry.k is not None
    }


def _rising(series: Mapping[Place, Series]) -> set[Place]:
    """The measures and statistics of which nobody falls out while followed, in no group."""
    rises: dict[Place, bool] = {}
    for place, points in series.items():
        if not any(place[3:]):  # of all sites, and no part of them: a handful may rise by chance
            never_falls = all(not _falls(one, two) for one, two in pairwise(points.values()))
            rises[place[:2]] = rises.get(place[:2], True) and never_falls
    return {measure for measure, never_falls in rises.items() if never_falls}


def _falls(one: _Point, two: _Point) -> bool:
    gone = one.k & ~two.k
    return bool(gone if two.n is None else gone & two.n)


def _linked(series: Mapping[Place, Series]) -> list[list[list[Place]]]:
    """The series that tell weeks together: the groups of a measure; beside one another, measures that add up."""
    groups: dict[Place, list[Place]] = {}
    for place in series:
        groups.setdefault((place[0], place[1], *place[3:]), []).append(place)
    families = [[name] for name in groups]
    for names in _sums(series):
        joined = [family for family in families if not set(names).isdisjoint(family)]
        families = [family for family in families if family not in joined]
        families.append([name for family in joined for name in family])
    return [[groups[name] for name in family] for family in families]


def _sums(series: Mapping[Place, Series]) -> Iterator[list[Place]]:
    """Measures (with their site and part) that count the same persons in every week, or two of them whom a third does.

    In single weeks measures agree by chance, which no reader knows.
    """
    alike: dict[Place, list[Place]] = defaultdict(list)
    for place in series:
        alike[place[2:]].append(place)
    for places in alike.values():
        for one, other in combinations(places, 2):
            parts = series[one], series[other]
            wholes = [place for place in places if place not in (one, other) and _add_up(parts, series[place])]
            if wholes or _add_up(parts[:1], parts[1]):
                yield [(place[0], place[1], *place[3:]) for place in (one, other, *wholes)]


def _add_up(parts: Sequence[Series], whole: Series) -> bool:
    """Whether in every week that all tell, nobody is in two of the parts and all are the whole."""
    weeks = [week for week in whole if all(week in part for part in parts)]
    sets = [([part[week].k for part in parts], whole[week].k) for week in weeks]
    together = all(reduce(or_, each) == all_of_them for each, all_of_them in sets)
    apart = all(sum(map(int.bit_count, each)) == all_of_them.bit_count() for each, all_of_them in sets)
    return together and apart and all(any(each[at] for each, _ in sets) for at in range(len(parts)))


def _told(
    family: Sequence[Series],
    threshold: Threshold,
    asked: Collection[int],
    *,
    within: Collection[int] | None = None,
) -> set[int]:
    """The weeks that the family tells: the chain of weeks whose steps may all be told, with the smallest gaps.

    Gaps count by their square, so that the curve has steps all along it. `within` are the weeks to choose from.
    """
    weeks = sorted({week for series in family for week in series if within is None or week in within})
    chains: dict[int, tuple[int, list[int]]] = {}
    for week in weeks:
        worth = _ASKED if week in asked or week == weeks[-1] else 0
        before = [
            (cost + (week - chain[-1]) ** 2, chain)
            for cost, chain in chains.values()
            if _may_follow(family, chain, week, threshold)
        ]
        cost, chain = min([*before, ((week - weeks[0]) ** 2, list[int]())], key=lambda each: each[0])
        chains[week] = cost - worth, [*chain, week]
    ends = [(cost + (weeks[-1] - chain[-1]) ** 2, chain) for cost, chain in chains.values()]
    return set(min(ends, key=lambda each: each[0])[1]) if ends else set()


def _may_follow(family: Sequence[Series], told: Sequence[int], week: int, threshold: Threshold) -> bool:
    """Whether `week` may be told after the weeks `told`: of every series since the last of them that shows it."""
    for series in family:
        point = series.get(week)
        if point is None or not point.shown:
            continue
        last = next((series[one] for one in reversed(told) if one in series and series[one].shown), None)
        new = None if last is None else point.new_since(last)
        if new and too_few(new, threshold):
            return False
    return True


@dataclass(frozen=True, slots=True)
class Protected:
    """The rows of a finished ledger, and how many hidden levels of each measure only wait for a later week."""

    rows: list[Estimate]
    held_back: dict[str, int]


@contextmanager
def _without_collector() -> Iterator[None]:
    """What is built is kept, and nothing of it is a ring: to look for rings in it, again and again, took a fifth of the
    time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@_without_collector()
def protect(
    rows: Iterable[Estimate],
    register: Register | None,
    threshold: Threshold,
    *,
    level: float,
    asked_weeks: Collection[int] = (),
) -> Protected:
    """The rows as the ledger holds them, in their order. Equal rows and sets always give the same.

    `level` is the trial's level of significance, `asked_weeks` the weeks that its analyses ask for.

    Without a register (rows made up by hand, in tests) there are no persons to protect, and the proposal is all.

    Raises:
        DisclosedCellError: a small cell could be worked out; there is no ledger.
    """
    rows = list(rows)
    near = near_an_end(rows, register.scales, threshold) if register is not None else ()
    hidden, waiting = set(proposed(rows, threshold, also=near)), set[str]()  # each step adds keys and takes none away
    if register is not None:
        waiting = held_back(rows, hidden, register, threshold, asked_weeks)
        if waiting:
            hidden = set(proposed(rows, threshold, also=hidden | waiting))
        hidden = repaired(rows, register.made_of_hidden(hidden), register, threshold)
    finished = [hide(row, HIDDEN) if row.key in hidden else released(row, level=level) for row in rows]
    if register is not None:
        audit(finished, register, threshold)  # of the rows as they leave, by code of its own
    by_measure = Counter(row.measure for row in rows if row.key in waiting)
    return Protected(finished, held_back=dict(sorted(by_measure.items())))

"""Times in which an extract should have records and has none: for everybody, or for one site.

An extract shows by its own records which time it covers. A week or month without any, with plenty on both sides, was
lost on the way: nobody stops being paid in one month and begins again in the next. It is refused, unless trial.yml
declares it (`gaps`). A site whose records end before, or begin after, those of all others is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reportlib.registers.data import Note
from reportlib.registers.errors import Faults, HoleError
from reportlib.registers.event_weeks import Days
from reportlib.trial.extracts import Gap, Source

Counts = npt.NDArray[np.float64]

PLENTY = 5
"""Persons beside a hole. That five who have a record before and after have none between is no chance."""

EXPECTED = 20
"""Events that were to be expected in a time without any. Events come by chance, and with the holidays."""

_FEWEST_WEEKS = 2  # without events: a week without any is Christmas
_BESIDE = 4  # weeks on each side that tell how many events are to be expected


@dataclass(frozen=True)
class Hole:
    """Periods `first` to `last` (positions) of `site` ("" is everybody) without records; `ends` touches an end."""

    site: str
    first: int
    last: int
    ends: bool


def of_states(counts: Counts, sites: Sequence[str], plenty: int = PLENTY) -> list[Hole]:
    """Holes in `counts` (periods, sites), persons who are in a state that lasts (paid, on benefit, recorded)."""

    def is_hole(column: Counts, first: int, last: int) -> bool:
        ends = [column[place] for place in (first - 1, last + 1) if 0 <= place < len(column)]
        return bool(ends) and min(ends) >= plenty

    everybody = counts.sum(axis=1)
    found = _holes(everybody, "", is_hole)
    for name, column in zip(sites, counts.T, strict=True):
        found += [hole for hole in _holes(column, name, is_hole) if everybody[hole.first : hole.last + 1].any()]
    return found


def of_events(counts: Counts, followed: Counts, sites: Sequence[str]) -> list[Hole]:
    """Holes in `counts` (weeks, sites), events that come one by one, of so many persons `followed` (weeks, sites).

    So many were to be expected that none is a loss: by what a followed person had in the weeks on both sides and, for a
    site, also by its share of what the others had at the time. Weeks before the first event are no hole.
    """
    total, everyone = counts.sum(axis=1), followed.sum(axis=1)
    found = _holes(total, "", lambda column, first, last: _expected(column, everyone, first, last) >= EXPECTED)
    for place, name in enumerate(sites):
        own, persons = counts[:, place], followed[:, place]
        others = total - own

        def is_hole(column: Counts, first: int, last: int, persons: Counts = persons, others: Counts = others) -> bool:
            then = others[first : last + 1].sum()
            by_others = then * column.sum() / max(others.sum() - then, 1)
            return bool(min(by_others, _expected(column, persons, first, last)) >= EXPECTED)

        found += [hole for hole in _holes(own, name, is_hole) if total[hole.first : hole.last + 1].any()]
    return [hole for hole in found if hole.first > 0]


def _expected(events: Counts, persons: Counts, first: int, last: int) -> float:
    """Events to be expected in a run of weeks, by the smaller of the rates before and after it."""
    if last - first + 1 < _FEWEST_WEEKS:
        return 0.0
    sides = [slice(max(first - _BESIDE, 0), first), slice(last + 1, last + 1 + _BESIDE)]
    rates = [events[side].sum() / max(persons[side].sum(), 1) for side in sides if len(events[side])]
    return float(min(rates) * persons[first : last + 1].sum()) if rates else 0.0


def _holes(column: Counts, site: str, is_hole: Callable[[Counts, int, int], bool]) -> list[Hole]:
    last = len(column) - 1
    return [Hole(site, at, to, at == 0 or to == last) for at, to in _runs_of_zero(column) if is_hole(column, at, to)]


def _runs_of_zero(column: Counts) -> list[tuple[int, int]]:
    edges = np.diff(np.concatenate([[0], (column == 0).astype(np.int8), [0]]))
    return list(zip(np.flatnonzero(edges == 1).tolist(), (np.flatnonzero(edges == -1) - 1).tolist(), strict=True))


def refuse(
    holes: Iterable[Hole],
    spec: Source,
    starts: Days,
    ends: Days,
    name: Callable[[int], str],
    what: str,
    faults: Faults,
) -> list[Note]:
    """Refuse the holes that trial.yml does not declare; notes on those it declares, and on sites that fall silent.

    `starts` and `ends` are the first and last day of each period, `name` its name in messages, `what` is missing.
    """
    notes: list[Note] = []
    for hole in holes:
        span = name(hole.first) if hole.first == hole.last else f"{name(hole.first)} to {name(hole.last)}"
        of = f" of {hole.site}" if hole.site else ""
        if any(covers(gap, hole, starts, ends) for gap in spec.gaps):
            notes.append(Note(f"no {what}{of} in {span}, as trial.yml declares"))
        elif hole.site and hole.ends:
            notes.append(Note(f"no {what}{of} in {span}, where all others have some: has the site fallen silent?"))
        else:
            beside = "beside" if hole.ends else "before and after"
            fault = f"no {what}{of} in {span}, and plenty {beside}: they would count as nothing"
            hint = "order the time that is missing; if it is right that nothing is recorded, declare it under `gaps`"
            faults.add(HoleError(spec.file, fault, hint=hint))
    return notes


def covers(gap: Gap, hole: Hole, starts: Days, ends: Days) -> bool:
    """Whether the gap declares the whole of the hole, for its site or for everybody."""
    first, last = np.datetime64(gap.first, "D"), np.datetime64(gap.last, "D")
    return (gap.site in (None, hole.site)) and bool(first <= starts[hole.first] and ends[hole.last] <= last)


def by_site(place: npt.NDArray[np.int64], site: npt.NDArray[np.int64], periods: int, sites: int) -> Counts:
    """(periods, sites) how many records lie in each period (`place`) and site."""
    flat = np.bincount(place * sites + site, minlength=periods * sites)
    return flat.reshape(periods, sites).astype(np.float64)

"""Times in which an extract should have records and has none: for everybody, or for one site.

An extract shows by its own records which time it covers. A week or month without any, with plenty on both sides, was
lost on the way: nobody stops being paid in one month and begins again in the next. It is refused, unless trial.yml
declares it (`gaps`). So is a time with a tenth of what lies on both sides: a stray record does not fill a month. A site
whose records end before, or begin after, those of all others is told; so is a time with less than half, and the first
or last time with a tenth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from reportlib.registers.data import Note
from reportlib.registers.errors import Faults, HoleError
from reportlib.registers.event_weeks import Days, week_name
from reportlib.trial.extracts import Gap, Source

Counts = npt.NDArray[np.float64]

PLENTY = 5
"""Persons beside a hole. That five who have a record before and after have none between is no chance."""

EXPECTED = 20
"""Events that were to be expected in a time without any. Events come by chance, and with the holidays."""

_MONTHS = np.dtype("datetime64[M]")
_LOST, _THINNED = 0.1, 0.5  # of what lies beside: up to the first a time is lost, up to the second it is told
_MISSING = 20  # persons at least who have a record beside a time with few, and none in it
_NEAR = 6  # weeks on each side whose middle number of events says what is few
_FEWEST_WEEKS = 2  # without events: a week without any is Christmas
_BESIDE = 4  # weeks on each side that tell how many events are to be expected


@dataclass(frozen=True)
class Hole:
    """Periods `first` to `last` (positions) of `site` ("" is everybody) without records; `ends` touches an end.

    `few` is the most records that a period of it has after all; where it is not `lost` it has less than half of what
    lies beside.
    """

    site: str
    first: int
    last: int
    ends: bool
    few: int = 0
    lost: bool = True

    def within(self, other: Hole) -> bool:
        """Whether the other says all that this one does."""
        return other.first <= self.first and self.last <= other.last and other.lost >= self.lost


def of_states(counts: Counts, sites: Sequence[str], plenty: int = PLENTY) -> list[Hole]:
    """Holes in `counts` (periods, sites), persons who are in a state that lasts (paid, on benefit, recorded)."""
    everybody = counts.sum(axis=1)
    of_all = _of_state(everybody, "", plenty)
    of_sites = [
        hole
        for name, column in zip(sites, counts.T, strict=True)
        for hole in _of_state(column, name, plenty)
        if everybody[hole.first : hole.last + 1].any() and not any(hole.within(other) for other in of_all)
    ]
    return [hole for hole in of_all if not any(hole.within(site) for site in of_sites)] + of_sites


def _of_state(column: Counts, site: str, plenty: int) -> list[Hole]:
    """Runs of periods with nothing, and with little of what the periods beside the run have."""

    def is_hole(column: Counts, first: int, last: int) -> bool:
        ends = [column[place] for place in (first - 1, last + 1) if 0 <= place < len(column)]
        return bool(ends) and min(ends) >= plenty

    found = _holes(column, site, is_hole)
    for share in (_LOST, _THINNED):
        falls = (column[:-1] >= _MISSING) & (column[1:] <= share * column[:-1])
        for first in (np.flatnonzero(falls) + 1).tolist():
            more = np.flatnonzero(column[first:] > share * column[first - 1])
            last = first + int(more[0]) - 1 if len(more) else len(column) - 1
            most = int(column[first : last + 1].max())
            beside = min(column[first - 1], column[last + 1] if len(more) else np.inf)
            hole = Hole(site, first, last, not len(more), most, lost=share == _LOST)
            few = 0 < most <= share * beside and beside - most >= _MISSING
            if few and not any(hole.within(other) or other.within(hole) for other in found):
                found.append(hole)
    return found + _of_beginning(column, site)


def _of_beginning(column: Counts, site: str) -> list[Hole]:
    """The first periods, where they have a tenth of what the one after them has, and something."""
    most = np.maximum.accumulate(column)[:-1]
    rises = (most > 0) & (most <= _LOST * column[1:]) & (column[1:] - most >= _MISSING)
    return [Hole(site, 0, int(rises.argmax()), True, int(most[rises.argmax()]))] if rises.any() else []


def of_events(counts: Counts, followed: Counts, sites: Sequence[str]) -> list[Hole]:
    """Holes in `counts` (weeks, sites), events that come one by one, of so many persons `followed` (weeks, sites).

    So many were to be expected that none is a loss: by what a followed person had in the weeks on both sides and, for a
    site, also by its share of what the others had at the time. Weeks before the first event are no hole.
    """
    total, everyone = counts.sum(axis=1), followed.sum(axis=1)
    found = _of_few(total, "", lambda column, first, last: _expected(column, everyone, first, last) >= EXPECTED)
    for place, name in enumerate(sites):
        own, persons = counts[:, place], followed[:, place]
        others = total - own

        def is_hole(column: Counts, first: int, last: int, persons: Counts = persons, others: Counts = others) -> bool:
            then = others[first : last + 1].sum()
            by_others = then * column.sum() / max(others.sum() - then, 1)
            return bool(min(by_others, _expected(column, persons, first, last)) >= EXPECTED)

        found += [hole for hole in _of_few(own, name, is_hole) if total[hole.first : hole.last + 1].any()]
    return [hole for hole in found if hole.first > 0]


def _of_few(events: Counts, site: str, is_hole: Callable[[Counts, int, int], bool]) -> list[Hole]:
    """Holes in events; where a week has little of what the weeks around it have (holidays may be so), it is told."""
    around = np.lib.stride_tricks.sliding_window_view(np.pad(events, _NEAR, mode="reflect"), 2 * _NEAR + 1)
    none = np.where(events <= _LOST * np.median(around, axis=1), 0, events)
    found = _holes(none, site, is_hole)
    most = [int(events[hole.first : hole.last + 1].max()) for hole in found]
    return [replace(hole, few=few, lost=not few) for hole, few in zip(found, most, strict=True)]


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
    periods: Days,
    what: str,
    faults: Faults,
) -> list[Note]:
    """Refuse the holes that trial.yml does not declare; notes on those it declares, and on sites that fall silent.

    `periods` are the Mondays of weeks, or months (datetime64[M]); `what` is missing.
    """
    name = str if periods.dtype == _MONTHS else week_name
    notes: list[Note] = []
    for hole in holes:
        span = " to ".join(name(periods[at]) for at in dict.fromkeys((hole.first, hole.last)))
        of = f" of {hole.site}" if hole.site else ""
        none = f"hardly any {what}" if hole.few else f"no {what}"
        if any(covers(gap, hole.site, periods[hole.first : hole.last + 1]) for gap in spec.gaps):
            notes.append(Note(f"{none}{of} in {span}, as trial.yml declares"))
        elif not hole.lost:
            beside = "before" if hole.ends else "before and after"
            notes.append(Note(f"less than half as many {what}{of} in {span} as {beside}: is something missing?"))
        elif hole.ends and hole.few:
            beside = "before" if hole.first else "after"
            notes.append(Note(f"hardly any {what}{of} in {span}, and plenty {beside}: is the time whole?"))
        elif hole.site and hole.ends:
            notes.append(Note(f"{none}{of} in {span}, where all others have some: has the site fallen silent?"))
        else:
            beside = "beside" if hole.ends else "before and after"
            fault = f"{none}{of} in {span}, and plenty {beside}: they would count as nothing"
            hint = "order the time that is missing; if it is right that nothing is recorded, declare it under `gaps`"
            faults.add(HoleError(spec.file, fault, hint=hint))
    return notes


def covers(gap: Gap, site: str, periods: Days) -> bool:
    """Whether the gap declares all days of the periods (as in `refuse`), for the site ("" is everybody)."""
    length = np.timedelta64(1, "M") if periods.dtype == _MONTHS else np.timedelta64(7, "D")
    first, after = (day.astype("datetime64[D]") for day in (periods[0], periods[-1] + length))
    inside = np.datetime64(gap.first, "D") <= first and after <= np.datetime64(gap.last, "D") + 1
    return gap.site in (None, site) and bool(inside)


def by_site(place: npt.NDArray[np.int64], site: npt.NDArray[np.int64], periods: int, sites: int) -> Counts:
    """(periods, sites) how many records lie in each period (`place`) and site."""
    flat = np.bincount(place * sites + site, minlength=periods * sites)
    return flat.reshape(periods, sites).astype(np.float64)

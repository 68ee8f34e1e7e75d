"""What an outsider guesses: two numbers that are always the same, or a sum that always holds, wherever all are shown.

A row's k, n and n - k are a series over the places (group, site, subgroup, week) of its measure. Two series that are
equal at every place where both are shown are taken to be one, and three of which the first two always add up to the
third, to add up where one of them is hidden too. Equality at a few places is chance, so a guess needs several places
with several values, of which none may be the complement (`all others than`) of another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from outsider_rows import COMPARED, NOT_HERE, REPEATING, Row
from outsider_system import System

FEWEST = 4
_SERIES_AT_ONCE = 260

EVERY_PART = "*"

Place = tuple[str, str, str, str]
Name = tuple[str, str, str, str]
Series = dict[Name, dict[Place, Row]]


Guess = tuple[Name, ...]
"""Two series that are one, or three of which the first two add up to the third."""


def say_guesses(system: System, rows: Sequence[Row], learned: Collection[Guess] = ()) -> list[Guess]:
    """Use what holds at every place where it can be looked up; gives what was found.

    `learned` was found elsewhere: somebody who has read the report of the whole trial knows what adds up in a sample.
    """
    found: list[Guess] = []
    for named_by_part in (True, False):
        by_site: Series = defaultdict(dict)
        by_week: Series = defaultdict(dict)
        for row in rows:
            if not row.counts_persons or row.group == COMPARED or row.statistic in REPEATING:
                continue
            into = by_week if row.week is not None else by_site
            part = row.subgroup if named_by_part else EVERY_PART
            place = (row.group, row.site, "" if named_by_part else row.subgroup, row.time)
            for role in (*row.roles, *(("n-k",) if row.roles == ["k", "n"] else ())):
                into[row.measure, row.statistic, part, role][place] = row
        for series in (by_site, by_week):
            here = list(_guesses({name: cells for name, cells in series.items() if len(cells) >= FEWEST}))
            found += here
            for guess in dict.fromkeys([*here, *learned]):
                if all(name in series for name in guess):
                    _use(system, [(series[name], name[-1]) for name in guess])
    return found


def _guesses(series: Series) -> Iterator[Guess]:
    names = list(series)
    places = list(dict.fromkeys(place for cells in series.values() for place in cells))
    at = {place: number for number, place in enumerate(places)}
    table = np.full((len(names), len(places)), np.nan)
    for number, name in enumerate(names):
        for place, row in series[name].items():
            value = _value(row, name[-1])
            if value is not None:
                table[number, at[place]] = value
    own = np.array([not place[1].startswith(NOT_HERE) for place in places], dtype=bool)
    for pair in _equal(table, own):
        yield tuple(names[one] for one in pair)
    if len(names) <= _SERIES_AT_ONCE:
        for parts in _sums(table, own):
            yield tuple(names[one] for one in parts)


def _value(row: Row, role: str) -> float | None:
    k, n = row.k, row.n
    if role == "n-k":
        return n - k if n is not None and k is not None else None
    return k if role == "k" else n


def _equal(table: np.ndarray, own: np.ndarray) -> Iterator[tuple[int, int]]:
    known = ~np.isnan(table)
    for first in range(len(table)):
        both = known[first] & known[first + 1 :]
        agree = ~((table[first] != table[first + 1 :]) & both).any(axis=1)
        for second in first + 1 + np.flatnonzero(agree & ((both & own).sum(axis=1) >= FEWEST)):
            places = known[first] & known[second] & own
            lacking = known[first] != known[second]
            if lacking.any() and len(set(table[first, places])) >= 3:
                yield first, int(second)


def _sums(table: np.ndarray, own: np.ndarray) -> Iterator[tuple[int, int, int]]:
    """(a, b, c) with a + b = c wherever all three are known, at enough places with enough different values."""
    known = ~np.isnan(table)
    filled = np.where(known, table, np.nan)
    for first in range(len(table)):
        for second in range(first, len(table)):
            sums = filled[first] + filled[second]
            here = ~np.isnan(sums) & own
            if here.sum() < FEWEST:
                continue
            both = here & known
            enough = both.sum(axis=1) >= FEWEST
            if not enough.any():
                continue
            agree = enough & ~((filled != sums) & both).any(axis=1)
            for third in np.flatnonzero(agree):
                if third in (first, second):
                    continue
                places = both[third]
                varied = all(len(set(filled[one, places])) >= 3 for one in (first, second))
                lacking = known[[first, second, third]].any(axis=0) & ~known[[first, second, third]].all(axis=0)
                if varied and lacking.any():
                    yield first, second, int(third)


def _terms(row: Row, role: str) -> dict[tuple[str, str], float]:
    if role == "n-k":
        return {(row.key, "n"): 1.0, (row.key, "k"): -1.0}
    return {(row.key, role): 1.0}


def _use(system: System, parts: Sequence[tuple[Mapping[Place, Row], str]]) -> None:
    """Say the guess at every place; a guess that is wrong anywhere is not used at all."""
    kind = "guessed to be equal" if len(parts) == 2 else "guessed to add up"
    signs = (1.0, -1.0) if len(parts) == 2 else (1.0, 1.0, -1.0)
    wanted = []
    for place in set.intersection(*(set(cells) for cells, _ in parts)):
        terms: dict[tuple[str, str], float] = {}
        for (cells, role), sign in zip(parts, signs, strict=True):
            for name, value in _terms(cells[place], role).items():
                terms[name] = terms.get(name, 0.0) + sign * value
        if any(terms.values()):
            wanted.append(terms)
    if any(system.true(terms) for terms in wanted):
        system.wrong[kind] += 1
        return
    for terms in wanted:
        system.say(terms, 0, 0, kind)

"""The audit: from the rows as they will be released, can anybody work out a small cell? Then no ledger is written.

It shares with repair the register, the rows, and the definition of what is no chance (`evidence`); it builds its
system and solves it with code of its own, so that a fault in repair is found here. Every set behind a role (k, n,
n - k) of every row is an unknown unless a released row tells it. Unknowns that are one, sums that hold, and orders are
found from the sets; a solver then looks, for every small cell, for solutions that agree with all that is told and lie
far enough apart: for all at once, then for each where only what is near to it differs from the true numbers.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, combinations, pairwise, product
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from reportlib.disclosure.evidence import SURE, SURE_OF_KIN, Evidence, Label, bits, by_definition, enough
from reportlib.disclosure.register import Members, Register
from reportlib.disclosure.threshold import Threshold
from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate
from reportlib.ledger.digits import value_decimals
from reportlib.ledger.keys import AFTER, BEFORE, DIFFERENCE, EVERYONE, OTHERS

RELATIONS = (
    *("rest", "sites", "others", "groups", "parts", "statistics", "measurements", "changes", "pairs"),
    *("orders", "inside"),
)
_HINT = "no ledger was written; this is a fault in disclosure control, please report it"
_MOD = 2**64
_AT_ONCE = 200
_ROUNDS, _GAP, _NODES = 40, 0.1, 200
_NEAR_BY = (40, 160, 600)
_SEED = 11
_Signed = list[tuple[int, int]]
_Wholes = Mapping[tuple[str, int], list[int]]
Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]


class DisclosedCellError(ReportlibError):
    """A cell of too few persons could be worked out from the rows that would be released."""


class _Cell(NamedTuple):
    """One role of one row: its coordinates, its set, and whether the released row tells it.

    `label` is what is counted, `place` the group, the site and the week.
    """

    key: str
    where: Mapping[str, str]
    role: str
    label: Label
    place: tuple[str, str, str]
    members: Members
    told: bool
    least: int

    @property
    def week(self) -> str:
        return self.place[2]


def audit(
    rows: Sequence[Estimate], register: Register, threshold: Threshold, *, relations: Iterable[str] = RELATIONS
) -> None:
    """Test that no small cell is told by the released `rows`, or left with fewer values than lie below the threshold.

    `relations` is for tests that leave one out.

    Raises:
        DisclosedCellError: naming the rows that give it away.
    """
    if threshold.persons < 2:
        return
    if answers := list(_means_of_few_lists(rows, register, threshold)):
        raise DisclosedCellError(f"{answers[0]} tells how few answered beside an end of its scale", hint=_HINT)
    cells = list(_cells(rows, register, threshold))
    unknown, told, system = _system(cells, register, set(relations))
    values = np.zeros(len(told))
    least, most = np.zeros(len(told)), np.zeros(len(told))
    for cell, number in zip(cells, unknown.tolist(), strict=True):
        values[number] = cell.members.count
        least[number] = max(least[number], cell.least)
        most[number] = max(most[number], cell.members.size)
    small = (values > 0) & (values < threshold.persons)
    open_ = [int(number) for number in np.flatnonzero(small & told)]
    open_ += _narrow(system, values, told, Bounds(least, most), small & ~told, threshold.persons - 1)
    if open_:
        raise _disclosed(sorted(open_), cells, unknown, told, system)


def _means_of_few_lists(rows: Sequence[Estimate], register: Register, threshold: Threshold) -> Iterator[str]:
    """Means by which those beside an end of the scale are fewer than enough, and fewer than enough - 1 numbers of them
    give a sum that prints so; or so few numbers of those whom a hidden share of the same answers counts."""
    enough = threshold.persons
    hidden = {(row.measure, row.group, row.site, row.subgroup, row.time): row.key for row in rows if row.hidden}
    for row in rows:
        scale = register.scales.get(row.measure)
        level = row.statistic in ("mean", "first_mean", "last_mean", "panel_mean") and row.group != DIFFERENCE
        if scale is not None and level and row.value is not None and row.n:
            steps, decimals = round((scale.high - scale.low) / scale.step), value_decimals(row)
            inside = 0.5 * 10.0**-decimals / scale.step * row.n + 1e-6
            for away in (row.value - scale.low, scale.high - row.value):
                middle = round(away, decimals) / scale.step * row.n
                possible = {
                    beside
                    for total in range(max(math.ceil(middle - inside), 0), math.floor(middle + inside) + 1)
                    for beside in range(min(row.n, enough) + 1)
                    if beside <= total <= beside * steps
                }
                if possible.isdisjoint((0, enough)) and 0 < len(possible) < enough - 1:
                    yield row.key
            for share, counted in scale.shares.items():
                entry = register.entries.get(hidden.get((share, row.group, row.site, row.subgroup, row.time), ""))
                if entry is None or entry.n is None or entry.k is None or not enough <= entry.n.count == row.n:
                    continue
                answers = [scale.low + at * scale.step for at in range(steps + 1)]
                numbers = [
                    given
                    for given in range(row.n + 1)
                    if (given % row.n or not threshold.show_zero)
                    and _may_add_up(row.value, 0.5 * 10.0**-decimals, row.n, given, answers, counted)
                ]
                if min(entry.k.count, row.n - entry.k.count) in range(1, enough) and len(numbers) < enough - 1:
                    yield row.key


def _may_add_up(
    mean: float, slack: float, n: int, given: int, answers: Sequence[float], counted: Collection[float]
) -> bool:
    """Whether n answers can have the mean, of which so many are `given` among those that are counted."""
    theirs, others = ([answer for answer in answers if (answer in counted) == side] for side in (True, False))
    if (given and not theirs) or (given < n and not others):
        return False
    sums = [sum(times * end(of) for times, of in ((given, theirs), (n - given, others)) if times) for end in (min, max)]
    return bool(sums[0] - 1e-6 <= n * (mean + slack) and n * (mean - slack) <= sums[1] + 1e-6)


def _cells(rows: Sequence[Estimate], register: Register, threshold: Threshold) -> Iterator[_Cell]:
    for row in rows:
        entry = register.entries[row.key]
        where = {name: getattr(row, name) for name in ("measure", "statistic", "group", "site", "subgroup", "time")}
        week = _week(row.time)
        when, place = "" if week else row.time, (row.group, row.site, week)
        both = row.k is not None and row.n is not None
        for role, members, told in (
            ("k", entry.k, row.k is not None),
            ("n", entry.n, row.n is not None),
            ("rest", register.rest(row.key), both),
        ):
            if members is None:
                continue
            # A reader knows that a hidden number of enough persons is not of nobody, nor of all: that would be shown.
            enough = role == "n" or entry.n is None or entry.n.count >= threshold.persons
            known = threshold.show_zero and row.hidden and enough and members.count > 0
            label = (row.measure, row.statistic, role, row.subgroup, when)
            yield _Cell(row.key, where, role, label, place, members, told, int(known))


@cache
def _week(time: str) -> str:
    """The time where it is a week or a month."""
    number = time.removeprefix("projekt").removeprefix("uge")
    is_month = len(time) == 7 and time[4] == "-" and (time[:4] + time[5:]).isdigit()
    return time if is_month or (number != time and number.isdigit()) else ""


# -- what is said of the unknowns --


@dataclass(frozen=True)
class _System:
    """Rows (low <= coefficients @ unknowns <= high) in the form a solver takes."""

    matrix: csr_array
    low: Floats
    high: Floats


def _system(
    cells: list[_Cell], register: Register, relations: set[str]
) -> tuple[npt.NDArray[np.int64], Booleans, _System]:
    """Which unknown each cell is, which of the unknowns are told, and what is said of those that are not."""
    labels = sorted({cell.label for cell in cells})
    number = {label: at for at, label in enumerate(labels)}
    standing: dict[Label, dict[tuple[str, str, str], int]] = defaultdict(dict)
    for at, cell in enumerate(cells):
        standing[cell.label][cell.place] = at
    same = [(number[one], number[other]) for one, other in _equal_labels(cells, standing, register)]
    cluster_of = _components(len(labels), same)
    cluster = {label: int(cluster_of[at]) for label, at in number.items()}
    names: dict[int, list[Label]] = defaultdict(list)
    for label, of_it in cluster.items():
        names[of_it].append(label)
    sets: dict[int, dict[tuple[str, str, str], int]] = defaultdict(dict)
    for label, places in standing.items():
        for place, at in places.items():
            sets[cluster[label]].setdefault(place, at)
    links = [
        (first, second)
        for one, other in same
        for place, first in standing[labels[one]].items()
        if (second := standing[labels[other]].get(place)) is not None
    ]
    links += _equal_over_time(cells, sets)
    links += _copies(cells, register)
    unknown = _components(len(cells), links)
    told = np.zeros(unknown.max(initial=-1) + 1, dtype=np.bool_)
    told[unknown[[at for at, cell in enumerate(cells) if cell.told]]] = True
    number_of, open_ = unknown.tolist(), (~told[unknown]).tolist()
    measures = {cell.label[0] for cell, is_open in zip(cells, open_, strict=True) if is_open}
    here = {at: cell for at, cell in enumerate(cells) if cell.label[0] in measures}  # elsewhere all is told
    wholes: dict[tuple[str, int], list[int]] = defaultdict(list)
    for at, cell in here.items():
        wholes[cell.label[0], cell.members.hash].append(at)
    equations = {
        "rest": _rests(here),
        "sites": _along("site", here, wholes),
        "others": _others(here, wholes),
        "groups": _along("group", here, wholes),
        "parts": _along("subgroup", here, wholes),
        "statistics": _along("statistic", here, wholes),
        "measurements": _along("time", here, wholes),
        "changes": _changes(here),
    }
    found: list[tuple[Iterable[_Signed], float]] = [
        (lines, 0.0) for name, lines in equations.items() if name in relations
    ]
    if "pairs" in relations:
        found.append((_pairs(cells, number_of, open_, sets, names, register), 0.0))
    if "orders" in relations:
        curves = {label: places for label, places in standing.items() if label[0] in measures}
        found.append((([(less, 1), (more, -1)] for less, more in _orders(cells, curves)), -np.inf))
    if "inside" in relations:
        found.append((chain(_inside(cells, open_, sets, names, register), _met(here)), -np.inf))
    distinct = {
        (tuple(sorted(_numbered(signed, number_of).items())), low)
        for lines_of, low in found
        for signed in lines_of
        if any(open_[at] for at, _ in signed)
    }
    ordered = sorted(each for each in distinct if each[0])
    data = [(line, at, sign) for line, (each, _) in enumerate(ordered) for at, sign in each]
    lines, columns, signs = (
        (np.array(part, dtype=np.int64) for part in zip(*data, strict=True)) if data else ([], [], [])
    )
    shape = (len(ordered), len(told))
    matrix = csr_array(coo_array((np.asarray(signs, dtype=np.float64), (lines, columns)), shape=shape))
    return unknown, told, _System(matrix, np.array([low for _, low in ordered]), np.zeros(len(ordered)))


def _components(size: int, links: Iterable[tuple[int, int]]) -> npt.NDArray[np.int64]:
    pairs = np.array(sorted(set(links)), dtype=np.int64).reshape(-1, 2)
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _numbered(signed: _Signed, unknown: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for at, sign in signed:
        found[unknown[at]] += sign
    return {at: sign for at, sign in found.items() if sign}


def _equal_labels(
    cells: list[_Cell], standing: Mapping[Label, Mapping[tuple[str, str, str], int]], register: Register
) -> Iterator[tuple[Label, Label]]:
    """Labels with equal sets wherever both stand."""
    meeting: dict[tuple[Any, ...], list[Label]] = defaultdict(list)
    for label, places in standing.items():
        for place, at in places.items():
            if cells[at].members.count:
                meeting[place, cells[at].members.hash].append(label)
    differ: set[tuple[Any, ...]] = set()
    group_of: dict[Label, Label] = {}

    def leader(label: Label) -> Label:
        while label in group_of:
            label = group_of[label]
        return label

    for found in meeting.values():
        for one, other in combinations(found, 2):
            if (one, other) in differ or leader(one) == leader(other):
                continue
            both = standing[one].keys() & standing[other].keys()
            evidence = Evidence()
            for place in both:
                members = cells[standing[one][place]].members
                evidence.add(place[0], members.units, members.among)
            alike = all(
                cells[standing[one][place]].members.hash == cells[standing[other][place]].members.hash for place in both
            )
            if alike and evidence.is_no_chance(enough([[one], [other]], register.rests_on)):
                group_of[leader(other)] = leader(one)
                yield one, other
            else:
                differ.add((one, other))


def _equal_over_time(
    cells: list[_Cell], sets: Mapping[int, Mapping[tuple[str, str, str], int]]
) -> list[tuple[int, int]]:
    """A number without a week that is the number of one week, at every group and site."""
    at_hash: dict[tuple[str, str, int], set[int]] = defaultdict(set)
    weekly: dict[tuple[int, str], dict[tuple[str, str], int]] = defaultdict(dict)
    for name, places in sets.items():
        for (group, site, week), at in places.items():
            if week:
                weekly[name, week][group, site] = at
            else:
                at_hash[group, site, cells[at].members.hash].add(name)
    found = []
    for places_of in weekly.values():
        names = {
            name
            for (group, site), at in places_of.items()
            for name in at_hash.get((group, site, cells[at].members.hash), ())
        }
        for name in names:
            both = [
                (at, other)
                for (group, site), at in places_of.items()
                if (other := sets[name].get((group, site, ""))) is not None
            ]
            alike = all(cells[at].members.hash == cells[other].members.hash for at, other in both)
            if alike and any(bits(cells[at].members.units, cells[at].members.among) >= SURE for at, _ in both):
                found += both
    return found


def _copies(cells: list[_Cell], register: Register) -> list[tuple[int, int]]:
    """What a row says again of the row it is made of."""
    at_key = {(cell.key, cell.role): at for at, cell in enumerate(cells)}
    return [
        (at, other)
        for at, cell in enumerate(cells)
        for source in register.entries[cell.key].made_of
        if (other := at_key.get((source, cell.role))) is not None and cells[other].members.hash == cell.members.hash
    ]


def _rests(cells: Mapping[int, _Cell]) -> Iterator[_Signed]:
    by_key: dict[str, dict[str, int]] = defaultdict(dict)
    for at, cell in cells.items():
        by_key[cell.key][cell.role] = at
    for roles in by_key.values():
        if len(roles) == 3:
            yield [(roles["k"], 1), (roles["rest"], 1), (roles["n"], -1)]


def _along(axis: str, cells: Mapping[int, _Cell], wholes: _Wholes) -> Iterator[_Signed]:
    """Sums along one coordinate: everything but it alike."""
    families: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, cell in cells.items():
        for rest in _without(cell, axis):
            families[rest].append(at)
    yield from _sums(cells, families, axis, wholes)


def _without(cell: _Cell, axis: str) -> Iterator[tuple[str, ...]]:
    """The cell's coordinates without one; for subgroups, without each of the divisions it is a part of."""
    where = {**cell.where, "role": cell.role}
    text = where[axis]
    if axis == "site" and (not text or text.startswith(OTHERS)):
        return
    if axis == "group" and text in (EVERYONE, DIFFERENCE):
        return
    if axis == "time" and (not text or cell.week):
        return
    if axis == "statistic":
        if cell.role != "k" or not text.startswith("share_"):
            return
        yield tuple({**where, axis: text.rsplit("_", 1)[0]}.values())
        return
    if axis != "subgroup":
        yield tuple({**where, axis: ""}.values())
        return
    if not text:
        return
    words = text.split(":")
    spans, at = [], 0
    while at < len(words):
        alone = words[at].startswith("svar-") or at + 1 == len(words)
        spans.append((at, at + (1 if alone else 2)))
        at = spans[-1][1]
    for first, last in spans:
        head = words[first] if last - first == 2 else "svar-" if words[first].startswith("svar-") else ""
        if not head and words[first].startswith("antal"):
            head = "antal"
        left = ":".join([*words[:first], *words[last:]])
        yield (*{**where, axis: left}.values(), head)


def _sums(
    cells: Mapping[int, _Cell], families: Mapping[tuple[str, ...], list[int]], axis: str, wholes: _Wholes
) -> Iterator[_Signed]:
    """Families whose sets together are the set of a number of the same measure at the same place."""
    for family in families.values():
        first = cells[family[0]]
        if len(family) < 2 or any(cells[at].members.kind != first.members.kind for at in family):
            continue
        total = sum(cells[at].members.hash for at in family) % _MOD
        for whole in wholes.get((first.where["measure"], total), ()):
            there = cells[whole].where
            site = "" if axis == "site" else first.where["site"]
            groups = (EVERYONE, DIFFERENCE) if axis == "group" else (first.where["group"],)
            times = ("",) if axis == "time" else (first.where["time"], "")
            if there["site"] == site and there["group"] in groups and there["time"] in times:
                yield [*((at, 1) for at in family), (whole, -1)]


def _others(cells: Mapping[int, _Cell], wholes: _Wholes) -> Iterator[_Signed]:
    families: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, cell in cells.items():
        if cell.where["site"]:
            name = {**cell.where, "site": cell.where["site"].removeprefix(OTHERS), "role": cell.role}
            families[tuple(name.values())].append(at)
    yield from _sums(cells, families, "site", wholes)


def _changes(cells: Mapping[int, _Cell]) -> Iterator[_Signed]:
    by: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    for at, cell in cells.items():
        where = cell.where
        if cell.role == "k" and (where["group"] in (BEFORE, AFTER) or where["statistic"].startswith("share_only_")):
            side = where["statistic"] if where["group"] == DIFFERENCE else where["group"]
            by[where["measure"], where["site"], where["subgroup"]][side] = at
    for found in by.values():
        if found.keys() >= {BEFORE, AFTER, "share_only_before", "share_only_after"}:
            signed = [(found[BEFORE], 1), (found["share_only_after"], 1)]
            signed += [(found[AFTER], -1), (found["share_only_before"], -1)]
            if sum(sign * cells[at].members.hash for at, sign in signed) % _MOD == 0:
                yield signed


def _pairs(
    cells: list[_Cell],
    unknown: Sequence[int],
    open_: Sequence[bool],
    sets: Mapping[int, Mapping[tuple[str, str, str], int]],
    labels: Mapping[int, list[Label]],
    register: Register,
) -> Iterator[_Signed]:
    """A + B = C, at every place where all three stand, with one unknown among them."""
    where: dict[tuple[str, str], dict[tuple[int, str], int]] = defaultdict(dict)
    for name, places in sets.items():
        for (group, site, week), at in places.items():
            if cells[at].members.count:
                where[site, week][name, group] = at
    verdicts: dict[tuple[Any, ...], bool] = {}
    for (site, week), here in where.items():
        if not any(open_[at] for at in here.values()):
            continue
        around = {**{(name, group, ""): at for (name, group), at in where.get((site, ""), {}).items()}}
        around |= {(name, group, week): at for (name, group), at in here.items()}
        of_unknown = {unknown[at]: name for name, at in reversed(around.items())}
        names = list(reversed(of_unknown.values()))
        all_at = [around[name] for name in names]
        own = [place for place, at in enumerate(all_at) if open_[at] and names[place][2] == week]
        for triple in _triples(own, [cells[at].members for at in all_at]):
            three = [all_at[each] for each in triple]
            of_one_row = len({cells[at].key for at in three}) == 1  # k, n and the rest: said already
            if of_one_row or not _may_be_sure(cells, three, site, week):
                continue
            pattern = _pattern([names[each] for each in triple])
            if pattern not in verdicts:
                verdicts[pattern] = _holds(pattern, cells, sets, labels, register)
            if verdicts[pattern]:
                yield list(zip(three, (1, 1, -1), strict=True))


def _triples(own: Sequence[int], sets: Sequence[Members]) -> Iterator[tuple[int, int, int]]:
    """Two sets that together are a third, as their hashes and counts say; one of the three is one's `own`."""
    hashes = np.array([members.hash for members in sets], dtype=np.uint64)
    counts = np.array([members.count for members in sets], dtype=np.int64)
    order = np.argsort(hashes, kind="stable")
    rising = hashes[order]
    for start in range(0, len(own), _AT_ONCE):
        some = np.array(own[start : start + _AT_ONCE], dtype=np.int64)
        for of_it in (True, False):  # own + other = third; own = other + third
            sums = hashes[some, None] + hashes if of_it else hashes[some, None] - hashes
            sizes = counts[some, None] + (counts if of_it else -counts)
            start_of = np.searchsorted(rising, sums).clip(max=len(rising) - 1)
            at, others = np.nonzero(rising[start_of] == sums)
            starts, ends = start_of[at, others], np.searchsorted(rising, sums[at, others], side="right")
            alike = zip(some[at].tolist(), others.tolist(), sizes[at, others].tolist(), starts, ends, strict=True)
            for first, other, size, one, after in alike:
                for last in order[one:after].tolist():  # numbers of one set need not be one unknown
                    if counts[last] == size and len({first, other, last}) == 3 and (of_it or other < last):
                        yield (other, first, last) if of_it else (other, last, first)


def _may_be_sure(cells: list[_Cell], at: Sequence[int], site: str, week: str) -> bool:
    """Whether A + B = C could be no chance: between groups, of all sites and weeks, this place is all there is."""
    if site or week or len({cells[each].where["group"] for each in at}) == 1:
        return True
    first, second, whole = (cells[each].members.units for each in at)
    return bits(min(first, second), whole) >= SURE_OF_KIN


def _pattern(names: Sequence[tuple[int, str, str]]) -> tuple[tuple[int, str, str], ...]:
    """Which labels, and how their groups and weeks hang together: a star where all three are alike."""
    one_group, one_week = (len({name[at] for name in names}) == 1 for at in (1, 2))
    return tuple((label, "*" if one_group else group, "*" if one_week else week) for label, group, week in names)


def _holds(
    pattern: tuple[tuple[int, str, str], ...],
    cells: list[_Cell],
    sets: Mapping[int, Mapping[tuple[str, str, str], int]],
    labels: Mapping[int, list[Label]],
    register: Register,
) -> bool:
    evidence = Evidence()
    label, _, _ = min(pattern, key=lambda each: len(sets[each[0]]))
    for group, site, week in sets[label]:
        places = [(group if g == "*" else g, site, week if w == "*" else w) for _, g, w in pattern]
        at = [sets[name].get(place) for (name, _, _), place in zip(pattern, places, strict=True)]
        if None in at:
            continue
        first, second, whole = (cells[each].members for each in at if each is not None)
        if (first.hash + second.hash - whole.hash) % _MOD:
            return False
        evidence.add(places[1][0], min(first.units, second.units), whole.units)
    return evidence.is_no_chance(enough([labels[name] for name, _, _ in pattern], register.rests_on))


def _orders(
    cells: list[_Cell], standing: Mapping[Label, Mapping[tuple[str, str, str], int]]
) -> Iterator[tuple[int, int]]:
    """Numbers of one label that never fall, or never rise, at any place, and every n that falls: (smaller, larger).

    Who is there after some weeks, `uge5-8`, has not left in them.
    """
    later: dict[tuple[str, str, str], list[tuple[int, int]]] = defaultdict(list)
    for label, places in standing.items():
        curves: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for (group, site, week), at in places.items():
            if week:
                curves[group, site].append((int("".join(filter(str.isdigit, week))), at))
                later[label[0], group, site].append(curves[group, site][-1])
        steps = [(first, second) for curve in curves.values() for (_, first), (_, second) in pairwise(sorted(curve))]
        for rising in (True, False):
            ordered = (step if rising else step[::-1] for step in steps)
            holds = ((cells[less].members.is_part_of(cells[more].members), less, more) for less, more in ordered)
            if label[2] == "n" and not rising:  # fewer and fewer are followed
                yield from ((less, more) for it_does, less, more in holds if it_does)
            elif all(it_does for it_does, _, _ in holds):
                yield from (step if rising else step[::-1] for step in steps)
    for label, places in standing.items():
        first, dash, last = label[4].partition("-")
        if label[2] == "rest" and dash and _week(first) and last.isdigit():
            for (group, site, _), stayed in places.items():
                for number, at in later[label[0], group, site]:
                    if number > int(last) and cells[at].members.is_part_of(cells[stayed].members):
                        yield at, stayed


def _inside(
    cells: list[_Cell],
    open_: Sequence[bool],
    sets: Mapping[int, Mapping[tuple[str, str, str], int]],
    labels: Mapping[int, list[Label]],
    register: Register,
) -> Iterator[_Signed]:
    """An unknown is at most the smallest told number that holds it by definition, at least the largest it holds."""
    roles = {name: sorted({label[2] for label in of_it}) for name, of_it in labels.items()}
    around: dict[tuple[tuple[str, str, str], str], list[tuple[int, int, str, int]]] = defaultdict(list)
    weeks: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for cell, is_open in zip(cells, open_, strict=True):
        if is_open:
            weeks[cell.place[:2]][cell.week] = None
    for name, places in sets.items():
        for (group, site, week), at in places.items():
            if not open_[at]:
                for beside in weeks[group, site]:
                    if not (week and beside) or week == beside:
                        told = (cells[at].members.count, name, week, at)
                        for role in roles[name]:
                            around[(group, site, beside), role].append(told)
    kin: dict[tuple[int, int], bool] = {}
    verdicts: dict[tuple[Any, ...], bool] = {}

    def may_hold(part: int, whole: int) -> bool:
        if (part, whole) not in kin:
            both = product(labels[part], labels[whole])
            kin[part, whole] = any(by_definition(one, other, register.rests_on) for one, other in both)
        return kin[part, whole]

    def always(part: int, week: str, whole: int, its_week: str) -> bool:
        """Whether the part is inside the whole wherever they stand so: in one week, or one of them in no week."""
        key = (part, whole, *(("", "") if week == its_week else (week or "-", its_week or "-")))
        if key not in verdicts:
            verdicts[key] = all(
                cells[at].members.is_part_of(cells[other].members)
                for (group, site, own_week), at in sets[part].items()
                if week == its_week or own_week == week
                for other in [sets[whole].get((group, site, own_week if week == its_week else its_week))]
                if other is not None
            )
        return verdicts[key]

    for near in around.values():
        near.sort()
    for name, places in sets.items():
        for (place, at), role in product(places.items(), roles[name]):
            near, week = around[place, role] if open_[at] else [], place[2]
            count = cells[at].members.count
            no_smaller, no_larger = near[bisect_left(near, (count,)) :], near[: bisect_left(near, (count + 1,))]
            for holds_it, others in ((True, no_smaller), (False, reversed(no_larger))):
                for _, other, its_week, there in others:
                    part, whole = ((name, week), (other, its_week))[:: 1 if holds_it else -1]
                    if may_hold(part[0], whole[0]) and always(*part, *whole):
                        yield [(at, 1), (there, -1)] if holds_it else [(there, 1), (at, -1)]
                        break


def _met(cells: Mapping[int, _Cell]) -> Iterator[_Signed]:
    """Who has a measurement is among those of another statistic whom they meet, where each person has one of these."""
    by: dict[tuple[str, ...], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for at, cell in cells.items():
        where = cell.where
        if cell.role == "k" and where["time"] and not cell.week:
            by[where["measure"], where["group"], where["site"], where["subgroup"]][where["statistic"]].append(at)
    for statistics in by.values():
        for once, parts in statistics.items():
            sets = [cells[at].members for at in parts]
            if len(parts) < 2 or sets[0].union(sets[1:]) is None:
                continue
            for other in (at for statistic, found in statistics.items() if statistic != once for at in found):
                meets = [at for at in parts if cells[at].members.bits & cells[other].members.bits]
                together = cells[meets[0]].members.union(cells[at].members for at in meets[1:]) if meets else None
                if together is not None and cells[other].members.is_part_of(together):
                    yield [(other, 1), *((at, -1) for at in meets)]


# -- what is left open --


def _narrow(
    system: _System,
    values: Floats,
    told: npt.NDArray[np.bool_],
    bounds: Bounds,
    cells: npt.NDArray[np.bool_],
    width: int,
) -> list[int]:
    """The cells of which fewer than `width` values agree with all that is told.

    Where no number is told among all that hangs together, nothing is known: each multiple of the truth agrees. That no
    set is of more than all is our guess of what a reader may know, and by itself gives no cell away.
    """
    free = np.flatnonzero(~told)
    matrix = system.matrix[:, free]
    rhs = system.matrix[:, np.flatnonzero(told)] @ values[told]
    uses = np.diff(matrix.indptr) > 0
    matrix, low, high = matrix[uses], (system.low - rhs)[uses], (system.high - rhs)[uses]
    problem = _Problem(matrix, abs(matrix).T.tocsr(), low, high, bounds.lb[free], bounds.ub[free], values[free])
    sums = matrix @ values[free]
    if (sums < low).any() or (sums > high).any():
        raise AssertionError("what the audit says of the numbers does not hold of the true ones")
    part = connected_components(problem.touching @ abs(matrix), directed=False)[1]
    about = abs(system.matrix[:, np.flatnonzero(told)]).sum(axis=1)[uses] > 0
    known = np.unique(part[(problem.touching @ about.astype(np.float64)) > 0])
    left = np.flatnonzero(cells[free] & np.isin(part, known))
    inside = np.isin(part, np.unique(part[left]))
    lowest, highest = values[free].copy(), values[free].copy()
    rng = np.random.default_rng(_SEED)

    def look(goal: Floats, among: Booleans, gap: float = 0.0) -> None:
        solution = problem.solve(goal, among, gap)
        np.minimum(lowest, solution, out=lowest)
        np.maximum(highest, solution, out=highest)

    def still(at: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return at[highest[at] - lowest[at] + 1 < width]

    for turn in range(_ROUNDS):
        before = len(left)
        if before < 3 + np.count_nonzero(inside) // 200:
            break  # near to each is quicker
        goal = np.zeros(len(free))
        goal[left] = rng.choice([-1.0, 1.0], size=before) if turn > 1 else 1.0 - 2.0 * turn
        look(goal, inside, _GAP)
        left = still(left)
        if turn > 1 and len(left) == before:
            break
    for size in (*_NEAR_BY, len(free)):
        for at in left.tolist():
            among = problem.near(at, size) if size < len(free) else part == part[at]
            goal = np.zeros(len(free))
            goal[still(left)] = 1.0 / len(left)  # of others as much as costs this one nothing
            goal[at] = 1.0
            for sign in (1.0, -1.0):
                if highest[at] - lowest[at] + 1 < width:
                    look(sign * goal, among)
        left = still(left)
    return [int(free[at]) for at in left.tolist()]


@dataclass(frozen=True)
class _Problem:
    """The unknowns that nobody tells, with the true numbers: one solution of what is said of them."""

    matrix: csr_array
    touching: csr_array
    low: Floats
    high: Floats
    least: Floats
    most: Floats
    true: Floats

    def near(self, at: int, most: int) -> Booleans:
        """The unknowns that the fewest lines lie between and this one, until there are so many."""
        found = np.zeros(len(self.true))
        found[at] = 1.0
        while (size := np.count_nonzero(found)) < most:
            found = self.touching @ (abs(self.matrix) @ found > 0).astype(np.float64)
            if np.count_nonzero(found) == size:
                break
        return found > 0

    def solve(self, goal: Floats, inside: Booleans, gap: float) -> Floats:
        """Whole numbers that make the goal smallest, within the gap, or the true ones where none are found.

        Only the unknowns `inside` are free.
        """
        columns = np.flatnonzero(inside)
        rest = self.matrix @ np.where(inside, 0.0, self.true)
        uses = np.flatnonzero(abs(self.matrix) @ inside.astype(np.float64))
        lines = LinearConstraint(self.matrix[uses][:, columns], (self.low - rest)[uses], (self.high - rest)[uses])
        solved = milp(
            goal[columns],
            constraints=[lines] if len(uses) else [],
            integrality=np.ones(len(columns)),
            bounds=Bounds(self.least[columns], self.most[columns]),
            options={"mip_rel_gap": gap, "node_limit": _NODES},
        )
        solution = self.true.copy()
        if solved.x is not None:  # HiGHS at times sees none in whole numbers, where the true ones are one
            solution[columns] = np.round(solved.x)
        return solution


def _disclosed(
    open_: Sequence[int],
    cells: list[_Cell],
    unknown: npt.NDArray[np.int64],
    told: npt.NDArray[np.bool_],
    system: _System,
) -> DisclosedCellError:
    """The error for the first of the cells: the rows it stands in, and the released rows beside it. Never a value."""
    first = open_[0]
    own = sorted({f"{cell.key} ({cell.role})" for cell, at in zip(cells, unknown.tolist(), strict=True) if at == first})
    near, touching = np.zeros(len(told)), abs(system.matrix)
    near[first] = 1.0
    while not (near[told].any() or told[first]):  # line by line away from it, until something is told
        near = touching.T @ (touching @ near > 0).astype(np.float64) > 0
    by = sorted({cell.key for cell, at in zip(cells, unknown.tolist(), strict=True) if cell.told and near[at]})
    more = f" and {len(open_) - 1} more cells" if len(open_) > 1 else ""
    return DisclosedCellError(
        f"{', '.join(own[:3])}{more} of too few persons could be worked out"
        + (": it is shown" if told[first] else f" from {', '.join(by[:8])}"),
        hint=_HINT,
    )

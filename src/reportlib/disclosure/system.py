"""One linked system over all rows: a variable per number and role, and the equations and orders that hold between them.

A *node* is a row in one role: its k, its n, or the rest (n - k). A *label* is what a node counts (measure, statistic,
role, subgroup, and a time that is no week); its *place* is group, site and week. Two labels are one when their sets
are equal at every place where both stand: equality at one place is chance, and nobody outside could know of it. A
*variable* is what one label counts at one place. Everything that is said of the variables has been tested on the sets
behind them: a sum by the linear hash of `register`, so that it can be looked up, and an order by the bits.

The families of what is said:

    rest         k + (n - k) = n in every row
    sites        the sites add up to what all of them are
    others       a site and all other sites are all
    groups       the groups add up to everybody
    parts        the values of a division, answers, categories, bands, numbers of measurements: to all, or to their n
    statistics   shares that are told together (rises, falls and neither) add up to their n
    measurements what is told by measurement adds up to all
    changes      after + those only before = before + those only after
    pairs        A + B = C between measures, wherever all three stand
    orders       what cannot fall from week to week, or only falls; of n, each step in which nobody enters
    inside       who is counted in one is counted in another, where the definitions of both may say so, or in those
                 measurements of others that they meet
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import merge
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from reportlib.disclosure.evidence import SURE, Evidence, Label, bits, by_definition, enough
from reportlib.disclosure.register import Members, Register
from reportlib.disclosure.release import counts_told
from reportlib.ledger import Estimate
from reportlib.ledger.keys import AFTER, BEFORE, DIFFERENCE, EVERYONE, OTHERS

FAMILIES = frozenset(
    {"rest", "sites", "others", "groups", "parts", "statistics", "measurements", "changes", "pairs", "orders", "inside"}
)

ROLES = K, N, REST = "k", "n", "rest"
WEEKS = re.compile(r"(uge\d+|projektuge\d+|\d{4}-\d{2})")
Place = tuple[str, str, str]
_Near = tuple[int, int, Label, str, tuple[Label, Place]]
Key = tuple[Any, ...]
Terms = list[tuple[int, int]]
Equation = tuple[tuple[int, int], ...]
"""(variable, coefficient), ...: their sum is nought."""


@dataclass(frozen=True, slots=True)
class Node:
    """A row in one role, with the set behind it."""

    row: int
    role: str
    label: Label
    place: Place
    members: Members


@dataclass
class System:
    """The variables of a ledger and what holds between them. `families` is for tests that leave one out."""

    rows: Sequence[Estimate]
    register: Register
    families: Collection[str] = FAMILIES
    _nodes: dict[str, list[Node]] = field(init=False)  # of each measure
    variable_of: dict[tuple[int, str], int] = field(init=False)
    sets: list[Members] = field(init=False)
    _said: set[Equation] = field(init=False, default_factory=set)
    _buckets: dict[tuple[str, str], Any] = field(init=False, default_factory=dict)
    _tested: dict[tuple[Any, ...], bool] = field(init=False, default_factory=dict)
    _around: dict[tuple[Place, frozenset[str], bool], list[tuple[int, int, Label, str]]] = field(
        init=False, default_factory=dict
    )
    _related: dict[tuple[Label, Label], bool] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._nodes = defaultdict(list)
        for node in _nodes(self.rows, self.register):
            self._nodes[node.label[0]].append(node)
        self._merge()

    # -- variables

    def _merge(self) -> None:
        """One variable per label and place; labels that are equal wherever both stand are one."""
        labels: dict[Label, dict[Place, Members]] = defaultdict(dict)
        for node in chain.from_iterable(self._nodes.values()):
            labels[node.label][node.place] = node.members
        same, rests_on = _Union(labels), self.register.rests_on
        standing: dict[tuple[Place, int], list[Label]] = defaultdict(list)
        for label, places in labels.items():
            for place, members in places.items():
                if members.count:
                    standing[place, members.hash].append(label)
        seen: set[tuple[Label, Label]] = set()
        for alike in standing.values():
            for at, first in enumerate(alike):
                for second in alike[at + 1 :]:
                    if (first, second) not in seen and same.of(first) != same.of(second):
                        seen.add((first, second))
                        if _always_equal(labels[first], labels[second], enough([[first], [second]], rests_on)):
                            same.join(first, second)
        self._clusters: dict[Label, dict[Place, Members]] = defaultdict(dict)
        self._members: dict[Label, list[Label]] = defaultdict(list)
        for label in labels:
            self._members[same.of(label)].append(label)
        self._roles = {label: frozenset(each[2] for each in members) for label, members in self._members.items()}
        ids: dict[tuple[Label, Place, int], int] = {}
        self.sets, self.variable_of, self._names = [], {}, []
        for node in chain.from_iterable(self._nodes.values()):
            cluster = same.of(node.label)
            self._clusters[cluster].setdefault(node.place, node.members)
            name = (cluster, node.place, node.members.hash)
            if name not in ids:
                ids[name] = len(ids)
                self.sets.append(node.members)
                self._names.append((cluster, node.place))
            self.variable_of[node.row, node.role] = ids[name]
        self._join_over_time()

    def _join_over_time(self) -> None:
        """A number of no week that is one of a week wherever both stand, and what repeats the row it is made of."""
        above = _Union(range(len(self.sets)))
        timeless: dict[tuple[str, str, int], list[int]] = defaultdict(list)
        of_week: dict[tuple[Label, str], dict[tuple[str, str], int]] = defaultdict(dict)
        for variable, (label, (group, site, week)) in enumerate(self._names):
            if week:
                of_week[label, week][group, site] = variable
            else:
                timeless[group, site, self.sets[variable].hash].append(variable)
        for at in of_week.values():
            candidates = {
                self._names[other][0]
                for (group, site), variable in at.items()
                for other in timeless.get((group, site, self.sets[variable].hash), ())
            }
            for label in candidates:
                here = self._clusters[label]
                pairs = [
                    (variable, here[group, site, ""])
                    for (group, site), variable in at.items()
                    if (group, site, "") in here
                ]
                if all(self.sets[variable].hash == members.hash for variable, members in pairs) and any(
                    bits(members.units, members.among) >= SURE for _, members in pairs
                ):
                    for (group, site), variable in at.items():
                        for other in timeless.get((group, site, self.sets[variable].hash), ()):
                            if self._names[other][0] == label:
                                above.join(variable, other)
        by_key = {row.key: place for place, row in enumerate(self.rows)}
        for place, row in enumerate(self.rows):
            for source in self.register.entries[row.key].made_of:
                for role in (K, N, REST):
                    own = self.variable_of.get((place, role))
                    other_variable = self.variable_of.get((by_key.get(source, -1), role))
                    if own is None or other_variable is None:
                        continue
                    if self.sets[own].hash == self.sets[other_variable].hash:
                        above.join(own, other_variable)
        numbers: dict[int, int] = {}
        renamed = [numbers.setdefault(above.of(old), len(numbers)) for old in range(len(self.sets))]
        first = {number: old for old, number in reversed(list(enumerate(renamed)))}
        self.sets = [self.sets[first[number]] for number in range(len(numbers))]
        self.variable_of = {node: renamed[old] for node, old in self.variable_of.items()}
        self.names: list[list[tuple[Label, Place]]] = [[] for _ in self.sets]
        for old, name in enumerate(self._names):
            self.names[renamed[old]].append(name)

    def roles_told(self, place: int) -> tuple[str, ...]:
        """The roles that the row tells where it is shown: what is told of k and n tells the rest."""
        told = counts_told(self.rows[place])
        return ROLES if len(told) == 2 else told

    @cached_property
    def told_by(self) -> list[list[int]]:
        """For each variable, the rows that tell it where they are shown."""
        told: list[list[int]] = [[] for _ in self.sets]
        for place in range(len(self.rows)):
            for role in self.roles_told(place):
                variable = self.variable_of.get((place, role))
                if variable is not None:
                    told[variable].append(place)
        return told

    @cached_property
    def measures_of(self) -> list[dict[str, None]]:
        """For each variable, the measures of the rows that it is a number of."""
        found: list[dict[str, None]] = [{} for _ in self.sets]
        for (place, _), variable in self.variable_of.items():
            found[variable][self.rows[place].measure] = None
        return found

    # -- pairs and orders

    def pairs(self, unknown: int) -> Iterable[Equation]:
        """A + B = C between any three variables of a site and a week, everywhere; one of them is the unknown."""
        own = self.sets[unknown]
        if "pairs" not in self.families or not own.count:
            return
        for bucket in dict.fromkeys((site, week) for _, (_, site, week) in self.names[unknown]):
            variables, hashes, counts = self._bucket(*bucket)
            for is_part in (True, False):  # other + own = third, or other + third = own; modulo 2**64, as hashes are
                wanted = hashes + np.uint64(own.hash) if is_part else np.uint64(own.hash) - hashes
                size = counts + own.count if is_part else own.count - counts
                others, thirds = equal_to(wanted, hashes)
                fit = (counts[thirds] == size[others]) & (counts[others] > 0)
                for other, third in zip(variables[others[fit]].tolist(), variables[thirds[fit]].tolist(), strict=True):
                    part, whole = (unknown, third) if is_part else (third, unknown)
                    is_new = len({other, third, unknown}) == 3 and (is_part or other < third)
                    pair = tuple(sorted(((other, 1), (part, 1), (whole, -1))))
                    if not is_new or not self.sets[third].count or _signed(pair) in self._said:
                        continue
                    if self._everywhere(other, part, whole, bucket):
                        yield pair

    def _bucket(
        self, site: str, week: str
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
        """The variables of a site and a week, and of the site without a week, in the order of their hashes."""
        found = self._buckets.get((site, week))
        if found is None:
            inside = sorted({*self._by_bucket.get((site, week), ()), *self._by_bucket.get((site, ""), ())})
            hashes = np.array([self.sets[variable].hash for variable in inside], dtype=np.uint64)
            order = np.argsort(hashes, kind="stable")
            counts = np.array([self.sets[variable].count for variable in inside], dtype=np.int64)
            found = np.array(inside, dtype=np.int64)[order], hashes[order], counts[order]
            self._buckets[site, week] = found
        return found

    @cached_property
    def _by_bucket(self) -> dict[tuple[str, str], list[int]]:
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for variable, names in enumerate(self.names):
            for bucket in dict.fromkeys((site, week) for _, (_, site, week) in names):
                found[bucket].append(variable)
        return found

    def _everywhere(self, first: int, second: int, whole: int, bucket: tuple[str, str]) -> bool:
        """Whether first + second = whole at every place where all three stand, and that is no chance."""
        site, week = bucket
        names = []
        for variable in (first, second, whole):
            here = [name for name in self.names[variable] if name[1][1] == site and name[1][2] in (week, "")]
            names.append(here)
        for one in names[0]:
            for other in names[1]:
                for all_ in names[2]:
                    groups, weeks = ({name[1][at] for name in (one, other, all_)} for at in (0, 2))
                    pattern = tuple(
                        (label, "*" if len(groups) == 1 else group, "*" if len(weeks) == 1 else at)
                        for label, (group, _, at) in (one, other, all_)
                    )
                    if pattern not in self._tested:
                        self._tested[pattern] = self._holds(pattern)
                    if self._tested[pattern]:
                        return True
        return False

    def _holds(self, pattern: tuple[tuple[Label, str, str], ...]) -> bool:
        labels = [self._clusters[label] for label, _, _ in pattern]
        evidence = Evidence()
        for group, site, week in min(labels, key=len):
            at = [(group if g == "*" else g, site, week if w == "*" else w) for _, g, w in pattern]
            found = [sets.get(place) for sets, place in zip(labels, at, strict=True)]
            one, other, whole = found
            if one is None or other is None or whole is None:
                continue
            if (one.hash + other.hash) % 2**64 != whole.hash:
                return False
            fewer = min((one, other), key=lambda members: members.units)
            evidence.add(at[1][0], fewer.units, whole.units)
        return evidence.is_no_chance(enough([self._members[label] for label, _, _ in pattern], self.register.rests_on))

    def orders(self, measure: str) -> Iterable[tuple[int, int]]:
        """(smaller, larger) of a measure: what cannot fall, or only falls, where no curve breaks it; each step of an n
        that falls; and who is there after some weeks are among those who did not leave in them."""
        if "orders" not in self.families:
            return
        curves: dict[Label, dict[tuple[str, str], list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
        for node in self._nodes[measure]:
            group, site, week = node.place
            if week:
                number = int("".join(sign for sign in week if sign.isdigit()))
                curves[node.label][group, site].append((number, self._variable(node)))
        for label, of_place in curves.items():
            runs = [[variable for _, variable in sorted(run)] for run in of_place.values()]
            for way in (1, -1):
                steps = [step for run in runs for step in zip(run[::way], run[::way][1:], strict=False)]
                if label[2] == N and way < 0:  # who is followed: whoever enters again is an exception
                    steps = [step for step in steps if self._is_part(*step)]
                elif not all(self._is_part(*step) for step in steps):
                    continue
                yield from (step for step in steps if step[0] != step[1])
        for node in self._nodes[measure]:
            _, dash, last = node.label[4].rpartition("-")
            if node.role != REST or not dash or not last.isdigit():
                continue
            for of_place in curves.values():
                run = sorted(of_place.get(node.place[:2], ()))
                after = next((variable for week, variable in run if week > int(last)), None)
                if after is not None and self._is_part(after, self._variable(node)):
                    yield after, self._variable(node)

    def inside(self, unknown: int, *, of_it: bool) -> Iterator[int]:
        """Those that hold all of the unknown, the smallest first; or those `of_it`, the largest first.

        Of the same site and week, or one of no week, and of labels that hold one another wherever both stand.
        """
        if "inside" not in self.families:
            return
        own = self.sets[unknown].count
        for _, other, label, its_week, (own_label, (_, _, week)) in merge(
            *(self._near(name, own, of_it=of_it) for name in self.names[unknown])
        ):
            if other == unknown or not self._may_hold(own_label, label):
                continue
            part, whole = ((label, its_week), (own_label, week))[:: 1 if of_it else -1]
            weeks = ("*", "*") if week == its_week else (part[1], whole[1])
            pattern = (part[0], weeks[0]), (whole[0], weeks[1])
            if pattern not in self._tested:
                self._tested[pattern] = self._holds_all(*pattern)
            if self._tested[pattern]:
                yield other

    def _near(self, name: tuple[Label, Place], own: int, *, of_it: bool) -> Iterator[_Near]:
        """What stands beside a number of `own` persons, in its roles: no smaller ones, or no larger, nearest first."""
        roles = self._roles[name[0]]
        around = self._around.get((name[1], roles, of_it))
        if around is None:
            group, site, week = name[1]
            beside = self._by_place[group, site]
            found = chain(beside[week], beside[""]) if week else chain.from_iterable(beside.values())
            sign = -1 if of_it else 1
            around = sorted(
                (sign * self.sets[each[0]].count, *each)
                for each in dict.fromkeys(found)
                if not roles.isdisjoint(self._roles[each[1]])
            )
            self._around[name[1], roles, of_it] = around
        for each in around[bisect_left(around, (-own if of_it else own,)) :]:
            yield (*each, name)

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], dict[str, list[tuple[int, Label, str]]]]:
        found: dict[tuple[str, str], dict[str, list[tuple[int, Label, str]]]] = defaultdict(lambda: defaultdict(list))
        for variable, names in enumerate(self.names):
            for label, (group, site, week) in names:
                found[group, site][week].append((variable, label, week))
        return found

    def _may_hold(self, first: Label, second: Label) -> bool:
        key = first, second
        if key not in self._related:
            self._related[key] = any(
                by_definition(one, other, self.register.rests_on)
                for one in self._members[first]
                for other in self._members[second]
            )
        return self._related[key]

    def _holds_all(self, part: tuple[Label, str], whole: tuple[Label, str]) -> bool:
        """Whether the part is inside the whole at every place where both stand."""
        wholes = self._clusters[whole[0]]
        for (group, site, week), members in self._clusters[part[0]].items():
            if part[1] in ("*", week):
                other = wholes.get((group, site, week if whole[1] == "*" else whole[1]))
                if other is not None and not members.is_part_of(other):
                    return False
        return True

    def _is_part(self, smaller: int, larger: int) -> bool:
        return smaller == larger or self.sets[smaller].is_part_of(self.sets[larger])

    # -- equations

    def equations(self, measure: str) -> Iterator[Equation]:
        """The sums of a measure that are nought, each the first time."""
        for terms in chain(self._rests(measure), self._sums(measure), self._changes(measure)):
            equation: dict[int, int] = defaultdict(int)
            for variable, sign in terms:
                equation[variable] += sign
            left = tuple(sorted((variable, sign) for variable, sign in equation.items() if sign))
            if left and _signed(left) not in self._said:  # none: all of a number, and nobody
                self._said.add(_signed(left))
                yield _signed(left)

    def _rests(self, measure: str) -> Iterator[Terms]:
        for node in self._nodes[measure] if "rest" in self.families else ():
            if node.role == REST:
                yield [(self.variable_of[node.row, role], sign) for role, sign in ((K, 1), (REST, 1), (N, -1))]

    def _sums(self, measure: str) -> Iterator[Terms]:
        """The families of numbers that add up to a whole of the same group and site, where the sets do."""
        wholes: dict[tuple[str, str, str, int], dict[int, None]] = defaultdict(dict)
        for node in self._nodes[measure]:
            row = self.rows[node.row]
            wholes[row.group, row.site, row.time, node.members.hash][self._variable(node)] = None
        for family in (each for each in FAMILIES_OF if each in self.families):
            for ((group, site, time), *_), parts in self._families(measure, family).items():
                if len(parts) > 1 and len({part.members.kind for part in parts}) == 1:
                    total = sum(part.members.hash for part in parts) % 2**64
                    for at in dict.fromkeys((time, "")):
                        for whole in wholes.get((group, site, at, total), ()):
                            yield [*((self._variable(part), 1) for part in parts), (whole, -1)]

    def _families(self, measure: str, family: str) -> dict[tuple[Any, ...], list[Node]]:
        """The nodes of a measure that belong together: by where their whole stands, and what they have in common."""
        families: dict[tuple[Any, ...], list[Node]] = defaultdict(list)
        for node in self._nodes[measure]:
            for key in FAMILIES_OF[family](self.rows[node.row], node.role):
                families[key].append(node)
        return families

    def _variable(self, node: Node) -> int:
        return self.variable_of[node.row, node.role]

    def met(self, measure: str) -> Iterator[Equation]:
        """Who has a measurement is among those of another statistic whom they meet, where these have nobody in common:
        the terms of each are at most nought."""
        families = self._families(measure, "measurements") if "inside" in self.families else {}
        for (*where, role, statistic), parts in families.items():
            first = parts[0].members
            if len(parts) < 2 or role != K or first.union(part.members for part in parts[1:]) is None:
                continue
            for (*its_place, its_role, its_statistic), others in families.items():
                if its_place == where and its_role == K and its_statistic != statistic:
                    for other in others:
                        meets = [part for part in parts if part.members.bits & other.members.bits]
                        left = other.members.bits
                        for part in meets:
                            left &= ~part.members.bits
                        if meets and not left and other.members.kind == first.kind:
                            yield ((self._variable(other), 1), *((self._variable(part), -1) for part in meets))

    def _changes(self, measure: str) -> Iterator[Terms]:
        by: dict[tuple[str, str], dict[str, Node]] = defaultdict(dict)
        for node in self._nodes[measure] if "changes" in self.families else ():
            row = self.rows[node.row]
            if node.role == K and row.group in (BEFORE, AFTER):
                by[row.site, row.subgroup][row.group] = node
            if node.role == K and row.statistic in ("share_only_before", "share_only_after"):
                by[row.site, row.subgroup][row.statistic] = node
        signs = {BEFORE: 1, "share_only_after": 1, AFTER: -1, "share_only_before": -1}
        for found in by.values():
            signed = [(found[side], sign) for side, sign in signs.items() if side in found]
            if len(signed) == 4 and sum(sign * node.members.hash for node, sign in signed) % 2**64 == 0:
                yield [(self._variable(node), sign) for node, sign in signed]


def equal_to(
    wanted: npt.NDArray[np.uint64], rising: npt.NDArray[np.uint64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Places (wanted, rising) of all that are equal: numbers of one set need not be one variable."""
    first, after = (np.searchsorted(rising, wanted, side=side) for side in ("left", "right"))
    many = after - first
    starts = np.repeat(first - (np.cumsum(many) - many), many)
    return np.repeat(np.arange(len(wanted)), many), starts + np.arange(len(starts))


def _signed(terms: Equation) -> Equation:
    """The equation with its first term counted positively."""
    return terms if terms[0][1] > 0 else tuple((variable, -sign) for variable, sign in terms)


def _nodes(rows: Sequence[Estimate], register: Register) -> Iterable[Node]:
    for place, row in enumerate(rows):
        entry = register.entries[row.key]
        week = row.time if WEEKS.fullmatch(row.time) else ""
        time = "" if week else row.time
        for role, members in ((K, entry.k), (N, entry.n), (REST, register.rest(row.key))):
            if members is not None:
                label = (row.measure, row.statistic, role, row.subgroup, time)
                yield Node(place, role, label, (row.group, row.site, week), members)


def _of_sites(row: Estimate, role: str) -> Iterator[Key]:
    if row.site and not row.site.startswith(OTHERS):
        yield (row.group, "", row.time), row.statistic, row.subgroup, role


def _of_others(row: Estimate, role: str) -> Iterator[Key]:
    if row.site:
        yield (row.group, "", row.time), row.statistic, row.subgroup, role, row.site.removeprefix(OTHERS)


def _of_groups(row: Estimate, role: str) -> Iterator[Key]:
    """The groups add up to everybody, and to what is told of both together."""
    for whole in (DIFFERENCE, EVERYONE) if row.group not in (DIFFERENCE, EVERYONE) else ():
        yield (whole, row.site, row.time), row.statistic, row.subgroup, role


def _of_parts(row: Estimate, role: str) -> Iterator[Key]:
    for division, rest in _divisions(row.subgroup):
        yield (row.group, row.site, row.time), row.statistic, division, rest, role


def _of_statistics(row: Estimate, role: str) -> Iterator[Key]:
    if role == K and row.statistic.startswith("share_"):
        yield (row.group, row.site, row.time), row.statistic.rpartition("_")[0], row.subgroup


def _of_measurements(row: Estimate, role: str) -> Iterator[Key]:
    if row.time and not WEEKS.fullmatch(row.time):
        yield (row.group, row.site, ""), row.subgroup, role, row.statistic


FAMILIES_OF: dict[str, Callable[[Estimate, str], Iterator[Key]]] = {
    "sites": _of_sites,
    "others": _of_others,
    "groups": _of_groups,
    "parts": _of_parts,
    "statistics": _of_statistics,
    "measurements": _of_measurements,
}
"""What a row's numbers add up in: where their whole stands (group, site, time), and what all of them have in common."""


def _divisions(subgroup: str) -> Iterable[tuple[str, str]]:
    """Every division that a subgroup is a part of, and the subgroup without it: `koen:mand:svar-ja` is a part of koen,
    of those with svar-ja, and of the answers, of koen:mand."""
    if not subgroup:
        return
    parts: list[tuple[str, str]] = []
    texts = subgroup.split(":")
    while texts:
        text = texts.pop(0)
        if text.startswith("svar-") or not texts:
            name = "antal" if text.startswith("antal") else "svar" if text.startswith("svar-") else ""
            parts.append((name, text))
        else:
            parts.append((text, f"{text}:{texts.pop(0)}"))
    for at, (name, _) in enumerate(parts):
        yield name, ":".join(text for place, (_, text) in enumerate(parts) if place != at)


def _always_equal(first: dict[Place, Members], second: dict[Place, Members], sure: float) -> bool:
    """Whether two labels have equal sets wherever both stand, and that is no chance."""
    fewer, more = sorted((first, second), key=len)
    evidence = Evidence()
    for place, members in fewer.items():
        other = more.get(place)
        if other is None:
            continue
        if other.hash != members.hash:
            return False
        evidence.add(place[0], members.units, members.among)
    return evidence.is_no_chance(sure)


class _Union:
    """Things that hang together."""

    def __init__(self, things: Iterable[Any]) -> None:
        self._above = {thing: thing for thing in things}

    def of(self, thing: Any) -> Any:
        while self._above[thing] != thing:
            self._above[thing] = self._above[self._above[thing]]
            thing = self._above[thing]
        return thing

    def join(self, first: Any, second: Any) -> None:
        self._above[self.of(second)] = self.of(first)

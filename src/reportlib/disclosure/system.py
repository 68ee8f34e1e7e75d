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
    orders       what cannot fall from week to week, or only falls; who has a measurement has it or a later one last
    inside       what is a part of another measure, wherever both stand

Where a family leaves somebody out (persons of no site, answers that are not told), its sum is at most the whole.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from reportlib.disclosure.evidence import SURE, Evidence, bits
from reportlib.disclosure.register import Members, Register, packed
from reportlib.disclosure.release import counts_told
from reportlib.ledger import Estimate
from reportlib.ledger.keys import AFTER, BEFORE, DIFFERENCE, EVERYONE, OTHERS

FAMILIES = frozenset(
    {"rest", "sites", "others", "groups", "parts", "statistics", "measurements", "changes", "pairs", "orders", "inside"}
)

ROLES = K, N, REST = "k", "n", "rest"
_WEEKS = re.compile(r"(uge\d+|projektuge\d+|\d{4}-\d{2})")
Label = tuple[str, str, str, str, str]
Place = tuple[str, str, str]
Equation = tuple[tuple[int, int], ...]
"""(variable, coefficient), ...: their sum is nought, or at most nought."""
Said = tuple[str, Iterable[tuple[int, int]], bool]
"""A family, terms, and whether their sum is nought (or at most nought)."""


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
    nodes: list[Node] = field(init=False)
    variable_of: dict[tuple[int, str], int] = field(init=False)
    sets: list[Members] = field(init=False)
    equations: dict[Equation, str] = field(init=False, default_factory=dict)
    bounds: dict[Equation, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.nodes = list(_nodes(self.rows, self.register))
        self._merge()
        for found in (self._rests, self._sums, self._changes, self._reached):
            for family, terms, exact in found():
                if family in self.families:
                    self._say(terms, family, exact=exact)

    # -- variables

    def _merge(self) -> None:
        """One variable per label and place; labels that are equal wherever both stand are one."""
        labels: dict[Label, dict[Place, Members]] = defaultdict(dict)
        for node in self.nodes:
            labels[node.label][node.place] = node.members
        same = _Union(labels)
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
                        if _always_equal(labels[first], labels[second]):
                            same.join(first, second)
        self._clusters: dict[Label, dict[Place, Members]] = defaultdict(dict)
        ids: dict[tuple[Label, Place, int], int] = {}
        self.sets, self.variable_of, self._names = [], {}, []
        for node in self.nodes:
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

    # -- between measures

    def pairs(self, unknown: Collection[int]) -> Iterable[Equation]:
        """A + B = C between any three variables of a site and a week, one of them unknown, everywhere."""
        if "pairs" not in self.families:
            return
        for at in unknown:
            own = self.sets[at]
            for bucket in self._buckets(at) if own.count else ():
                variables, hashes = self._by_hash(*bucket)
                for whole in (False, True):  # modulo 2**64, as hashes are
                    wanted = np.uint64(own.hash) - hashes if whole else hashes + np.uint64(own.hash)
                    place = np.searchsorted(hashes, wanted).clip(max=len(hashes) - 1)
                    for first in np.flatnonzero(hashes[place] == wanted).tolist():
                        one, other = int(variables[first]), int(variables[int(place[first])])
                        three = (one, other, at) if whole else (one, at, other)
                        if (not whole or one <= other) and self._adds_up(three, bucket):
                            yield tuple(sorted(zip(three, (1, 1, -1), strict=True)))

    def _adds_up(self, three: tuple[int, int, int], bucket: tuple[str, str]) -> bool:
        one, other, whole = (self.sets[at].count for at in three)
        return 0 < one < whole and one + other == whole and self._everywhere(three, bucket)

    def parts(self, variable: int, is_told: Callable[[int], bool]) -> Iterable[tuple[int, int]]:
        """(part, whole): variables of a site and a week of which one holds the other everywhere, this the one or other.

        Of those that are told only the nearest in size is given: the others say less.
        """
        if "inside" not in self.families or not self.sets[variable].count:
            return
        for bucket in self._buckets(variable):
            for near, upwards in self._nested(variable, bucket):
                told = False
                for other in near:
                    pair = (variable, other) if upwards else (other, variable)
                    if not (told and is_told(other)) and self._everywhere(pair, bucket):
                        told = told or is_told(other)
                        yield pair

    def _nested(self, at: int, bucket: tuple[str, str]) -> Iterable[tuple[list[int], bool]]:
        """The variables of the bucket that hold this one, and those that it holds; the nearest in size first."""
        own = self.sets[at]
        inside = own.packed
        found: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
        for week in dict.fromkeys((bucket[1], "")):
            variables, counts, matrix, columns = self._by_bits(bucket[0], week, own.kind)
            here = inside[columns]
            touched = np.flatnonzero(here)
            common = np.bitwise_count(matrix[:, touched] & here[touched]).sum(axis=1, dtype=np.int64)
            for upwards, so_many in ((True, own.units), (False, counts)):
                fits = np.flatnonzero((common == so_many) & (variables != at))
                found[upwards] += [(abs(int(counts[row]) - own.units), int(variables[row])) for row in fits.tolist()]
        return [([other for _, other in sorted(near)], upwards) for upwards, near in found.items()]

    def _buckets(self, variable: int) -> Iterable[tuple[str, str]]:
        return dict.fromkeys((site, week) for _, (_, site, week) in self.names[variable])

    def _by_hash(self, site: str, week: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
        """The variables of a site and a week, and of the site without a week, in the order of their hashes."""
        found = self._hashes.get((site, week))
        if found is None:
            inside = sorted({*self._standing.get((site, week), ()), *self._standing.get((site, ""), ())})
            hashes = np.array([self.sets[variable].hash for variable in inside], dtype=np.uint64)
            order = np.argsort(hashes, kind="stable")
            found = self._hashes[site, week] = np.array(inside, dtype=np.int64)[order], hashes[order]
        return found

    def _by_bits(
        self, site: str, week: str, kind: str
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
        """The variables of a site and a week that count units of one kind, how many units, and their packed bits."""
        found = self._bits.get((site, week, kind))
        if found is None:
            here = self._standing.get((site, week), ())
            inside = [at for at in here if self.sets[at].kind == kind and self.sets[at].count]
            sets = [self.sets[at] for at in inside]
            units = np.array([each.units for each in sets], dtype=np.int64)
            nobody = np.zeros((0, 0), dtype=np.uint8), np.zeros(0, dtype=np.int64)
            found = np.array(inside, dtype=np.int64), units, *(packed(sets) if sets else nobody)
            self._bits[site, week, kind] = found
        return found

    @cached_property
    def _hashes(self) -> dict[tuple[str, str], Any]:
        return {}

    @cached_property
    def _bits(self) -> dict[tuple[str, str, str], Any]:
        return {}

    @cached_property
    def _standing(self) -> dict[tuple[str, str], list[int]]:
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for variable in range(len(self.names)):
            for bucket in self._buckets(variable):
                found[bucket].append(variable)
        return found

    def _named(self, variable: int, site: str, week: str) -> list[tuple[Label, Place]]:
        names = self.names[variable]
        if len(names) == 1:
            return names
        return [name for name in names if name[1][1] == site and name[1][2] in (week, "")]

    @cached_property
    def _tested(self) -> dict[tuple[Any, ...], bool]:
        return {}

    def _everywhere(self, variables: Sequence[int], bucket: tuple[str, str]) -> bool:
        """Whether it is no chance that these add up, or that the second holds the first: by one of their names."""
        site, week = bucket
        names = [self._named(variable, site, week) for variable in variables]
        for named in product(*names):
            groups, weeks = ({name[1][at] for name in named} for at in (0, 2))
            pattern = tuple(
                (label, "*" if len(groups) == 1 else group, "*" if len(weeks) == 1 else at)
                for label, (group, _, at) in named
            )
            if pattern not in self._tested:
                self._tested[pattern] = self._holds(pattern)
            if self._tested[pattern]:
                return True
        return False

    def _holds(self, pattern: tuple[tuple[Label, str, str], ...]) -> bool:
        """Whether it holds at every place where all the labels stand, and that is no chance.

        What holds of all sites holds at each: those are looked at only where the others are not told.
        """
        labels = [self._clusters[label] for label, _, _ in pattern]
        evidence = Evidence()
        for group, site, week in min(labels, key=len):
            at = [(group if g == "*" else g, site, week if w == "*" else w) for _, g, w in pattern]
            if site and all((g, "", w) in sets for sets, (g, _, w) in zip(labels, at, strict=True)):
                continue
            found = [members for sets, place in zip(labels, at, strict=True) if (members := sets.get(place))]
            if len(found) < len(pattern):
                continue
            *parts, whole = found
            if len(parts) == 1:
                if not parts[0].is_part_of(whole):
                    return False
                continue
            if (parts[0].hash + parts[1].hash) % 2**64 != whole.hash:
                return False
            fewer = min(parts, key=lambda members: members.units)
            evidence.add(at[1][0], fewer.units, whole.units)
        return len(pattern) == 2 or evidence.is_no_chance

    def orders(self) -> Iterable[tuple[int, int]]:
        """(smaller, larger): what cannot fall from week to week, or only falls, where no curve breaks it.

        Who is followed falls from any week to the next in which it does.
        """
        if "orders" not in self.families:
            return
        curves: dict[Label, dict[tuple[str, str], list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
        for node in self.nodes:
            group, site, week = node.place
            if week:
                number = int("".join(sign for sign in week if sign.isdigit()))
                curves[node.label][group, site].append((number, self._variable(node)))
        for label, of_place in curves.items():
            runs = [[variable for _, variable in sorted(run)] for run in of_place.values()]
            for way in (1, -1):
                steps = [step for run in runs for step in zip(run[::way], run[::way][1:], strict=False)]
                holds = [self._is_part(*step) for step in steps]
                if all(holds) or (label[2] == N and way < 0):
                    yield from (
                        step for step, is_part in zip(steps, holds, strict=True) if is_part and len({*step}) > 1
                    )

    def _is_part(self, smaller: int, larger: int) -> bool:
        small, large = self.sets[smaller], self.sets[larger]
        return smaller == larger or small.is_part_of(large)

    # -- equations

    def _say(self, terms: Iterable[tuple[int, int]], family: str, *, exact: bool) -> None:
        """Note that a sum is nought, or at most nought."""
        signs: dict[int, int] = defaultdict(int)
        for variable, sign in terms:
            signs[variable] += sign
        found = tuple(sorted((variable, sign) for variable, sign in signs.items() if sign))
        if len(found) > 1:
            if exact and found[0][1] < 0:
                found = tuple((variable, -sign) for variable, sign in found)
            (self.equations if exact else self.bounds).setdefault(found, family)

    def _rests(self) -> Iterable[Said]:
        for place in range(len(self.rows)):
            k, n, rest = (self.variable_of.get((place, role)) for role in ROLES)
            if k is not None and n is not None and rest is not None:
                yield "rest", [(k, 1), (rest, 1), (n, -1)], True

    def _variable(self, node: Node) -> int:
        return self.variable_of[node.row, node.role]

    def _sums(self) -> Iterable[Said]:
        """What adds up to a whole of the same measure, group and site, or has nobody in common and leaves some out."""
        families: dict[tuple[str, tuple[str, ...], str, str], list[Node]] = defaultdict(list)
        by_hash: dict[tuple[Any, ...], set[int]] = defaultdict(set)
        at: dict[tuple[tuple[str, ...], str], Node] = {}
        of_row = [list(_families(row)) for row in self.rows]
        for node in self.nodes:
            row = self.rows[node.row]
            by_hash[row.measure, row.group, row.site, row.time, node.members.hash].add(self._variable(node))
            at[(row.measure, row.group, row.site, row.time, row.statistic, row.subgroup), node.role] = node
            for family, where, division in of_row[node.row]:
                if family != "statistics" or node.role == K:
                    families[family, where, division, node.role].append(node)
        for (family, where, _, role), parts in families.items():
            if len(parts) < 2 or len({part.members.kind for part in parts}) > 1:
                continue
            terms = [(self._variable(part), 1) for part in parts]
            total = sum(part.members.hash for part in parts) % 2**64
            measure, group, site, time, *_ = where
            wholes = {whole for when in (time, "") for whole in by_hash.get((measure, group, site, when, total), ())}
            for whole in sorted(wholes):
                yield family, [*terms, (whole, -1)], True
            left = at.get((where, role))
            if not wholes and left is not None and _are_apart(parts, left):
                yield family, [*terms, (self._variable(left), -1)], False

    def _changes(self) -> Iterable[Said]:
        by: dict[tuple[str, str, str], dict[str, Node]] = defaultdict(dict)
        for node in self.nodes:
            row = self.rows[node.row]
            if node.role == K and row.group in (BEFORE, AFTER):
                by[row.measure, row.site, row.subgroup][row.group] = node
            if node.role == K and row.statistic in ("share_only_before", "share_only_after"):
                by[row.measure, row.site, row.subgroup][row.statistic] = node
        for found in by.values():
            if len(found) == len(_CHANGES):
                signed = [(found[name], sign) for name, sign in _CHANGES.items()]
                if not sum(sign * node.members.hash for node, sign in signed) % 2**64:
                    yield "changes", [(self._variable(node), sign) for node, sign in signed], True

    def _reached(self) -> Iterable[Said]:
        """Whoever has a measurement has it or a later one last."""
        last: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
        has: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
        for node in self.nodes:
            row = self.rows[node.row]
            if node.role == K and row.statistic in ("count", "last_reached") and not row.subgroup:
                into = last if row.statistic == "last_reached" else has
                into[row.measure, row.group, row.site][row.time] = self._variable(node)
        for place, by_time in last.items():
            times = sorted(by_time, key=lambda time: (len(time), time))
            for at, time in enumerate(times):
                here, later = has[place].get(time), [self.sets[by_time[each]] for each in times[at:]]
                if here is not None and (reached := later[0].union(later[1:])) and self.sets[here].is_part_of(reached):
                    yield "orders", [(here, 1), *((by_time[later], -1) for later in times[at:])], False


_CHANGES = {BEFORE: 1, "share_only_after": 1, AFTER: -1, "share_only_before": -1}


def _families(row: Estimate) -> Iterable[tuple[str, tuple[str, ...], str]]:
    """The families whose part a row is: which, the place of the whole, and what tells families of one whole apart."""
    m, g, p, t, s, d = row.measure, row.group, row.site, row.time, row.statistic, row.subgroup
    if p:
        yield "others", (m, g, "", t, s, d), p.removeprefix(OTHERS)
        if not p.startswith(OTHERS):
            yield "sites", (m, g, "", t, s, d), ""
    if g not in (DIFFERENCE, EVERYONE):
        for whole in (DIFFERENCE, EVERYONE):
            yield "groups", (m, whole, p, t, s, d), ""
    for division, rest in _divisions(d):
        yield "parts", (m, g, p, t, s, rest), division
    if s.startswith("share_"):
        yield "statistics", (m, g, p, t, s.rpartition("_")[0], d), ""
    if t and not _WEEKS.fullmatch(t):
        yield "measurements", (m, g, p, "", s, d), ""


def _are_apart(parts: Sequence[Node], whole: Node) -> bool:
    """Whether nobody is in two of the parts, and all are in the whole."""
    first, *others = (part.members for part in parts)
    if sum(part.members.count for part in parts) > whole.members.count:
        return False
    together = first.union(others)
    return together is not None and together.is_part_of(whole.members)


def _nodes(rows: Sequence[Estimate], register: Register) -> Iterable[Node]:
    for place, row in enumerate(rows):
        entry = register.entries[row.key]
        week = row.time if _WEEKS.fullmatch(row.time) else ""
        time = "" if week else row.time
        rest = entry.n.without(entry.k) if entry.n is not None and entry.k is not None else None
        for role, members in ((K, entry.k), (N, entry.n), (REST, rest)):
            if members is not None:
                label = (row.measure, row.statistic, role, row.subgroup, time)
                yield Node(place, role, label, (row.group, row.site, week), members)


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


def _always_equal(first: dict[Place, Members], second: dict[Place, Members]) -> bool:
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
    return evidence.is_no_chance


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

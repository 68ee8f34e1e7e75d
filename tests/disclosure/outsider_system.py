"""Whole numbers that are not known, and everything that is known of them: what can each of them be?

An unknown is a count of persons behind a row. `same` says that two are one number, `say` that a sum of them lies
between two numbers. What is said is kept with the kind of knowledge it comes from, so that an answer can be asked for
with some kinds only. Answers are exact: HiGHS finds the smallest and the largest whole number that agrees with all that
is said.

What is said and is not true is left out and counted (`wrong`): a reader who used it would be misled. So the score is
that of the best reader there can be.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

_EXACT = 1e-6
_LOOSE = 1e-5  # numbers that are no whole ones, as exactly as HiGHS can be trusted with
_SECONDS = 10.0
_ROUNDS = 60
_WORTH_A_ROUND = 0.97  # a round that leaves more of them open was the last

Name = Hashable
Terms = Mapping[Name, float]


@dataclass(frozen=True, slots=True)
class _Said:
    terms: tuple[tuple[Name, float], ...]
    low: float
    high: float
    kind: str


@dataclass(frozen=True, slots=True)
class Range:
    """The smallest and the largest value that are possible; where the search stopped early, those that were found."""

    low: int
    high: int

    @property
    def values(self) -> int:
        return self.high - self.low + 1


class System:
    """Unknown whole numbers and what is known of them."""

    def __init__(self) -> None:
        self._known: dict[Name, int] = {}
        self._true: dict[Name, int] = {}
        self._free: set[Name] = set()
        self._same: list[tuple[Name, Name, str]] = []
        self._said: list[_Said] = []
        self.wrong: Counter[str] = Counter()

    def __contains__(self, name: Name) -> bool:
        return name in self._true or name in self._free

    def add(self, name: Name, true: int | None, known: int | None = None) -> None:
        """A count of zero or more; `true` is None where nobody can say it (it is then never scored)."""
        if true is None:
            self._free.add(name)
        else:
            self._true[name] = true
        if known is not None:
            self._known[name] = known

    def true(self, terms: Terms) -> float | None:
        """What a sum truly is; None where a part has no truth."""
        if any(name not in self._true for name in terms):
            return None
        return sum(value * self._true[name] for name, value in terms.items())

    def is_known(self, name: Name) -> bool:
        return name in self._known

    def known(self, name: Name) -> int | None:
        return self._known.get(name)

    def same(self, first: Name, second: Name, kind: str) -> None:
        """Two counts are one number."""
        if first == second or first not in self or second not in self:
            return
        if first in self._true and second in self._true and self._true[first] != self._true[second]:
            self.wrong[kind] += 1
            return
        self._same.append((first, second, kind))

    def say(self, terms: Terms, low: float, high: float, kind: str) -> bool:
        """A sum lies between two numbers. Whether it was true (or could not be said: a part is unknown)."""
        if any(name not in self for name in terms):
            return False
        value = self.true(terms)
        if value is not None and not low - _EXACT <= value <= high + _EXACT:
            self.wrong[kind] += 1
            return False
        if any(
            factor != round(factor) for factor in terms.values()
        ):  # counts that do not fit exactly, as HiGHS sees it
            size = max(abs(factor) for factor in terms.values())
            terms = {name: factor / size for name, factor in terms.items()}
            low, high = low / size - _LOOSE, high / size + _LOOSE
        self._said.append(_Said(tuple(terms.items()), low, high, kind))
        return True

    def part_of(self, goals: Mapping[Name, Terms]) -> System:
        """The unknowns that hang together with the goals, and what is said of them."""
        sets = _Sets()
        for first, second, _ in self._same:
            sets.join(first, second)
        for said in self._said:
            open_names = [name for name, _ in said.terms if name not in self._known]
            for name in open_names[1:]:
                sets.join(open_names[0], name)
        wanted = {sets.of(name) for terms in goals.values() for name in terms}
        part = System()
        part._known, part._true, part._free = self._known, self._true, self._free
        part._same = [same for same in self._same if sets.of(same[0]) in wanted or same[0] in self._known]
        part._said = [said for said in self._said if any(sets.of(name) in wanted for name, _ in said.terms)]
        return part

    def ranges(
        self, goals: Mapping[Name, Terms], enough: int, kinds: Collection[str] | None = None
    ) -> dict[Name, Range]:
        """What each sum can be; the search for one ends when `enough` values are known to be possible."""
        return _Solver(self, kinds).ranges(goals, enough)


class _Solver:
    """The system written in the numbers that are not known, in parts that hang together."""

    def __init__(self, system: System, kinds: Collection[str] | None) -> None:
        self._most = 4 * max(system._known.values(), default=1000) + 100  # more than anybody would think possible
        self._one = _Sets()
        for first, second, kind in system._same:
            if kinds is None or kind in kinds:
                self._one.join(first, second)
        self._known: dict[Name, int] = {}
        for name, count in system._known.items():
            self._known[self._one.of(name)] = count
        self._parts = _Sets()
        self._lines: list[tuple[dict[Name, float], float, float]] = []
        for said in system._said:
            if kinds is None or said.kind in kinds:
                self._write(said)
        self._settle()
        by_part: dict[Name, list[tuple[dict[Name, float], float, float]]] = defaultdict(list)
        for line in self._lines:
            names = list(line[0])
            for name in names[1:]:
                self._parts.join(names[0], name)
        for line in self._lines:
            by_part[self._parts.of(next(iter(line[0])))].append(line)
        self._by_part = by_part

    def _write(self, said: _Said) -> None:
        terms: dict[Name, float] = defaultdict(float)
        constant = 0.0
        for name, value in said.terms:
            one = self._one.of(name)
            if one in self._known:
                constant += value * self._known[one]
            else:
                terms[one] += value
        terms = {name: value for name, value in terms.items() if value}
        if terms:
            self._lines.append((terms, said.low - constant, said.high - constant))

    def _settle(self) -> None:
        """What a line with one unknown fixes is known from then on; until no line fixes another."""
        while True:
            fixed = {}
            for terms, low, high in self._lines:
                if len(terms) == 1:
                    ((name, value),) = terms.items()
                    least, most = sorted((low / value, high / value))
                    if np.isfinite(most - least) and np.ceil(least - _EXACT) == np.floor(most + _EXACT):
                        fixed[name] = int(np.ceil(least - _EXACT))
            if not fixed:
                return
            self._known.update(fixed)
            lines, self._lines = self._lines, []
            for terms, low, high in lines:
                constant = sum(value * fixed[name] for name, value in terms.items() if name in fixed)
                left = {name: value for name, value in terms.items() if name not in fixed}
                if left:
                    self._lines.append((left, low - constant, high - constant))

    def ranges(self, goals: Mapping[Name, Terms], enough: int) -> dict[Name, Range]:
        found: dict[Name, Range] = {}
        by_part: dict[Name, dict[Name, tuple[dict[Name, float], float]]] = defaultdict(dict)
        for goal, terms in goals.items():
            constant, left = 0.0, defaultdict(float)
            for name, value in terms.items():
                one = self._one.of(name)
                if one in self._known:
                    constant += value * self._known[one]
                else:
                    left[one] += value
            left = {name: value for name, value in left.items() if value}
            if not left:
                found[goal] = Range(round(constant), round(constant))
                continue
            names = list(left)
            if len({self._parts.of(name) for name in names}) > 1:  # parts that nothing holds together
                for name in names[1:]:
                    self._join(names[0], name)
            by_part[names[0]][goal] = (left, constant)
        together: dict[Name, dict[Name, tuple[dict[Name, float], float]]] = defaultdict(dict)
        for name, wanted in by_part.items():
            together[self._parts.of(name)].update(wanted)
        for part, wanted in together.items():
            found.update(_Part(self._by_part.get(part, []), wanted, self._most).ranges(wanted, enough))
        return found

    def _join(self, first: Name, second: Name) -> None:
        one, other = self._parts.of(first), self._parts.of(second)
        if one != other:
            self._parts.join(one, other)
            lines = self._by_part.pop(one, []) + self._by_part.pop(other, [])
            self._by_part[self._parts.of(one)] = lines


class _Part:
    def __init__(
        self, lines: list[tuple[dict[Name, float], float, float]], wanted: Mapping[Name, tuple], most: float
    ) -> None:
        names = dict.fromkeys(name for terms, _, _ in lines for name in terms)
        names.update(dict.fromkeys(name for terms, _ in wanted.values() for name in terms))
        self._column = {name: place for place, name in enumerate(names)}
        self._low = np.zeros(len(names))
        self._high = np.full(len(names), float(most))
        several = []
        for terms, low, high in lines:
            if len(terms) == 1:
                ((name, value),) = terms.items()
                ends = sorted((low / value, high / value))
                place = self._column[name]
                self._low[place] = max(self._low[place], np.ceil(ends[0] - _EXACT))
                self._high[place] = min(self._high[place], np.floor(ends[1] + _EXACT))
            else:
                several.append((terms, low, high))
        self._rules = []
        if several:
            data = [
                (at, self._column[name], value)
                for at, (terms, *_) in enumerate(several)
                for name, value in terms.items()
            ]
            at, places, values = zip(*data, strict=True)
            matrix = csr_matrix((values, (at, places)), shape=(len(several), len(names)))
            self._rules = [LinearConstraint(matrix, [low for _, low, _ in several], [high for *_, high in several])]

    def ranges(self, wanted: Mapping[Name, tuple[dict[Name, float], float]], enough: int) -> dict[Name, Range]:
        goals = {goal: self._vector(terms) for goal, (terms, _) in wanted.items()}
        seen: dict[Name, tuple[float, float]] = {}
        draw = np.random.default_rng(len(goals))
        open_goals = list(goals)
        before = len(goals) + 1
        for at in range(_ROUNDS):  # many are found to be open in a few solutions together
            if at > 3 and len(open_goals) > _WORTH_A_ROUND * before:
                break
            before = len(open_goals)
            signs = draw.choice([-1.0, 1.0], len(open_goals)) if at > 1 else np.full(len(open_goals), (-1.0) ** at)
            if len(open_goals) > 1 or at < 1:
                together = sum(sign * goals[goal] for sign, goal in zip(signs, open_goals, strict=True))
                self._note(together, goals, seen, near_enough=True)
            open_goals = [goal for goal in open_goals if seen[goal][1] - seen[goal][0] + 1 < enough - _EXACT]
        found = {}
        for goal, vector in goals.items():
            ends = seen[goal]
            for sign in (1.0, -1.0):
                if seen[goal][1] - seen[goal][0] + 1 < enough - _EXACT:
                    bound = self._note(sign * vector, goals, seen)
                    ends = (min(ends[0], bound), ends[1]) if sign > 0 else (ends[0], max(ends[1], -bound))
            low, high = min(ends[0], seen[goal][0]), max(ends[1], seen[goal][1])
            constant = wanted[goal][1]
            found[goal] = Range(round(low + constant), round(high + constant))
        return found

    def _note(
        self, direction: np.ndarray, goals: Mapping[Name, np.ndarray], seen: dict, *, near_enough: bool = False
    ) -> float:
        """Solve, and remember of every sum what it is in the solution; gives the least there can be."""
        least = np.inf
        if not self._rules:
            solution = np.where(direction > 0, self._low, self._high)
        else:
            for presolve in (True, False):  # whose presolve has called feasible systems infeasible
                solved = milp(
                    direction,
                    constraints=self._rules,
                    integrality=np.ones(len(direction)),
                    bounds=Bounds(self._low, self._high),
                    options={
                        "time_limit": _SECONDS,
                        "mip_rel_gap": 0.2 if near_enough else 0.0,
                        "presolve": presolve,
                    },
                )
                if solved.x is not None:
                    break
            else:
                raise AssertionError(f"no numbers agree with what is known: {solved.message}")
            solution = np.round(solved.x)
            if solved.status != 0 and solved.mip_dual_bound is not None:  # time was up before it was proved
                least = np.ceil(solved.mip_dual_bound - _EXACT)
        for goal, vector in goals.items():
            value = float(vector @ solution)
            low, high = seen.get(goal, (value, value))
            seen[goal] = (min(low, value), max(high, value))
        return min(least, float(direction @ solution))

    def _vector(self, terms: Mapping[Name, float]) -> np.ndarray:
        vector = np.zeros(len(self._column))
        for name, value in terms.items():
            vector[self._column[name]] += value
        return vector


class _Sets:
    """Names that are one, or hang together."""

    def __init__(self) -> None:
        self._above: dict[Name, Name] = {}

    def of(self, name: Name) -> Name:
        while (above := self._above.get(name, name)) != name:
            self._above[name] = self._above.get(above, above)
            name = above
        return name

    def join(self, first: Name, second: Name) -> None:
        one, other = self.of(first), self.of(second)
        if one != other:
            self._above[one] = other


def total(names: Iterable[Name], sign: float = 1.0) -> dict[Name, float]:
    """The sum of names as terms."""
    terms: dict[Name, float] = defaultdict(float)
    for name in names:
        terms[name] += sign
    return dict(terms)

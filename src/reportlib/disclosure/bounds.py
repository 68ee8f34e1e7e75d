"""The smallest and the largest value that every unknown of a linear system can have: propagation first, then HiGHS.

All unknowns are whole numbers. Propagation alone is exact where the equations of a part form a tree; elsewhere a solver
looks for solutions far enough apart: for many unknowns at a time, then for one alone where only what is near to it may
differ from the true numbers, and at last for its ends.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_matrix

from reportlib.errors import ReportlibError

Equation = tuple[tuple[int, int], ...]

_TURNS, _NODES = 20, 50
_ROUNDS, _FEW, _BITS, _GAP = 16, 4, 10, 0.1
_PER_ROUND, _WORTH_MORE_ROUNDS = 100, 0.8
"""A solution of so many unknowns must be worth one target; four that leave more of them open than this are the last."""

_SOLVED_ALONE = 4
"""For how many targets of a part solutions of the whole part are looked for, one by one."""

_NEAR_BY = (40, 160, 500)
_NEAR = 1e-6


class UnsolvedSystemError(ReportlibError):
    """The solver found no solution of a system of which the true numbers are one."""

    usual_hint = "this is a fault of the library: tell those who maintain it, with trial.yml and without any extract"


@dataclass(frozen=True)
class Lines:
    """What is known of the unknowns: sums that are nought, or (not `exact`) at most nought; and where each stands."""

    terms: list[Equation] = field(default_factory=list)
    exact: list[bool] = field(default_factory=list)
    of: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    _known: dict[Equation, None] = field(default_factory=dict)

    def add(self, terms: Equation, *, exact: bool = True) -> None:
        """Add a line that is not there yet."""
        if terms in self._known:
            return
        self._known[terms] = None
        for unknown, _ in terms:
            self.of[unknown].append(len(self.terms))
        self.terms.append(terms)
        self.exact.append(exact)

    def around(
        self, start: Iterable[int], is_known: Callable[[int], bool], most: int | None = None
    ) -> tuple[list[int], list[int]]:
        """The unknowns that hang together with those to start from, and all lines they stand in.

        With `most`, no more unknowns than the nearest so many: the lines then name others beside them.
        """
        seen, lines = dict.fromkeys(sorted(start)), set[int]()
        waiting = deque(seen)
        while waiting:
            for line in self.of.get(waiting.popleft(), ()):
                if line not in lines:
                    lines.add(line)
                    for other, _ in self.terms[line]:
                        if (most is None or len(seen) < most) and other not in seen and not is_known(other):
                            seen[other] = None
                            waiting.append(other)
        return sorted(seen), sorted(lines)


@dataclass
class Ranges:
    """The ranges of unknowns so far; `propagate` changes them in place. A number that is known has both ends alike."""

    low: MutableMapping[int, int]
    high: MutableMapping[int, int]
    lines: Lines
    settled: bool = False

    def propagate(self, lines: Iterable[int]) -> None:
        """Narrow every range by every line until nothing changes, or each line has been used many times.

        Numbers that bound each other in a ring come nearer by one at a time: a solver is quicker then. `settled` says
        whether nothing was left to narrow.
        """
        low, high, inside = self.low, self.high, set(lines)
        waiting = deque(sorted(inside))
        queued = set(waiting)
        turns = _TURNS * len(inside)
        while waiting and turns:
            turns -= 1
            line = waiting.popleft()
            queued.discard(line)
            terms, exact = self.lines.terms[line], self.lines.exact[line]
            least = most = 0
            open_ = False
            for at, sign in terms:
                one, other = (low[at], high[at]) if sign > 0 else (high[at], low[at])
                least, most = least + sign * one, most + sign * other
                open_ = open_ or one != other
            if not open_:
                continue
            for at, sign in terms:
                one, other = low[at], high[at]
                if one == other:
                    continue
                # sign * x <= -(least of the others); in an equation also >= -(most of the others)
                if sign > 0:
                    new_high = min(other, (sign * one - least) // sign)
                    new_low = max(one, -((most - sign * other) // sign)) if exact else one
                else:
                    new_low = max(one, -((sign * other - least) // -sign))
                    new_high = min(other, (most - sign * one) // -sign) if exact else other
                if new_low == one and new_high == other:
                    continue
                if sign > 0:
                    least, most = least + sign * (new_low - one), most + sign * (new_high - other)
                else:
                    least, most = least + sign * (new_high - other), most + sign * (new_low - one)
                if new_low > new_high:
                    raise UnsolvedSystemError("what is told of the numbers contradicts itself")
                low[at], high[at] = new_low, new_high
                for again in self.lines.of[at]:
                    if again in inside and again not in queued:
                        queued.add(again)
                        waiting.append(again)
        self.settled = not waiting

    def values(self, unknown: int) -> int:
        """How many values are left."""
        return self.high[unknown] - self.low[unknown] + 1

    def parts(self, targets: Iterable[int]) -> list[tuple[list[int], list[int]]]:
        """The open unknowns that hang together with a target, and the lines between them, part by part."""
        seen: set[int] = set()
        found = []
        for target in sorted(targets):
            if target not in seen:
                inside, lines = self.lines.around([target], lambda at: self.low[at] == self.high[at])
                seen.update(inside)
                found.append((inside, lines))
        return found

    def is_tree(self, inside: Sequence[int], lines: Sequence[int]) -> bool:
        """Whether propagation has found the exact ranges of a part: no two unknowns hang together in two ways."""
        edges = sum(self.low[at] != self.high[at] for line in lines for at, _ in self.lines.terms[line])
        return self.settled and edges == len(inside) + len(lines) - 1

    def narrow(
        self, inside: Sequence[int], lines: Sequence[int], targets: Iterable[int], width: int, known: Solutions
    ) -> list[int]:
        """The targets in a part of which fewer than `width` values are found.

        Solutions that are far from the true numbers for many targets at a time, then near to each, then of the whole
        part for each of a few. What is found is added to the `known` ones; a target that no solution is found for is
        not counted on, so that the work is bounded.
        """
        whole = _Problem.of(self, inside, lines, known.true)

        def still_open() -> list[int]:
            return [target for target in wanted if known.values(target) < width]

        wanted, before = list(targets), math.inf
        for turn in range(_ROUNDS):
            wanted = still_open()
            if len(wanted) < max(_FEW, len(inside) // _PER_ROUND):
                break  # near to each is quicker
            if turn % 4 == 0:
                if len(wanted) > _WORTH_MORE_ROUNDS * before:
                    break
                before = len(wanted)
            bit = turn // 2  # all alike at first, then every second, every fourth, ... the other way
            goal = {target: -1 if bit and place >> (bit - 1) % _BITS & 1 else 1 for place, target in enumerate(wanted)}
            known.add(whole.solution(goal, largest=turn % 2 == 0, gap=_GAP), lines=len(lines))
        self._look_near(inside, lines, still_open, width, known)
        for target in still_open()[:_SOLVED_ALONE]:
            most, ends = whole.ends(target)
            for end in ends:
                known.add(end, lines=len(lines))
            if most >= width > known.values(target):
                for largest in (False, True):
                    known.add(whole.solution({target: 1}, largest=largest), lines=len(lines))
        return still_open()

    def _look_near(
        self,
        inside: Sequence[int],
        lines: Collection[int],
        still_open: Callable[[], list[int]],
        width: int,
        known: Solutions,
    ) -> None:
        """Look for solutions that differ from the true numbers near to each target only."""
        among = set(lines)
        for size in _NEAR_BY:
            for target in still_open() if size < len(inside) else ():
                if known.values(target) >= width:
                    continue  # another's solution has widened it
                near = self._near(target, among, size)
                touched = sorted({line for at in near for line in self.lines.of[at] if line in among})
                problem = _Problem.of(self, near, touched, known.true)
                goal = dict.fromkeys(set(near).intersection(still_open()), 1)
                for largest in (False, True):
                    if known.values(target) < width:
                        goal_of_all = {**goal, target: len(goal)}
                        known.add(problem.solution(goal_of_all, largest=largest), lines=len(touched))

    def core(self, target: int, lines: Sequence[int], width: int, is_told: Callable[[int], bool]) -> set[int] | None:
        """Which told numbers prove, with these lines, that the target has fewer than `width` values; None if none do.

        They are those that stand in the dual solutions of the target's two ends: a proof without one of them falls.
        """
        places: dict[int, int] = {}
        for line in lines:
            for at, _ in self.lines.terms[line]:
                if not is_told(at):
                    places.setdefault(at, len(places))
        problem = _Problem.of(self, list(places), lines, self.low)  # of what is told, both ends are the number
        exact = np.array([self.lines.exact[line] for line in lines], dtype=np.bool_)
        cost = np.zeros(len(places))
        cost[places[target]] = 1.0
        ends, used = [], np.zeros(len(lines), dtype=np.bool_)
        signs: list[npt.NDArray[np.float64]] = []
        for sign in (1.0, -1.0):
            found = linprog(
                sign * cost,
                A_ub=problem.matrix[~exact],
                b_ub=problem.most[~exact],
                A_eq=problem.matrix[exact],
                b_eq=problem.most[exact],
                bounds=np.column_stack((problem.bounds.lb, problem.bounds.ub)),
                method="highs",
            )
            if found.x is None:
                return None
            ends.append(found.fun * sign)
            weights = np.zeros(len(lines))
            weights[~exact], weights[exact] = found.ineqlin.marginals, found.eqlin.marginals
            signs.append(weights)
            used |= abs(weights) > _NEAR
        if math.floor(ends[1] + _NEAR) - math.ceil(ends[0] - _NEAR) + 1 >= width:
            return None
        core = set[int]()
        for weights in signs:
            share: dict[int, float] = defaultdict(float)
            for line, weight in zip(lines, weights.tolist(), strict=True):
                if abs(weight) > _NEAR:
                    for at, sign_at in self.lines.terms[line]:
                        share[at] += weight * sign_at
            core |= {at for at, of_it in share.items() if abs(of_it) > _NEAR and is_told(at)}
        return core

    def _near(self, target: int, among: Collection[int], most: int) -> list[int]:
        """The open unknowns nearest to the target, by how many lines lie between, until there are so many."""
        seen, ring = {target: None}, [target]
        while ring and len(seen) < most:
            beside = (at for near in ring for line in self.lines.of[near] if line in among for at in self._open(line))
            ring = [at for at in dict.fromkeys(beside) if at not in seen]
            seen |= dict.fromkeys(ring)
        return sorted(seen)

    def _open(self, line: int) -> Iterable[int]:
        return (at for at, _ in self.lines.terms[line] if self.low[at] != self.high[at])

    def allow(self, solution: Mapping[int, int], true: Sequence[int]) -> bool:
        """Whether every range and line allows the numbers, where all others are the true ones."""
        if any(not self.low[at] <= value <= self.high[at] for at, value in solution.items()):
            return False
        for line in {line for at in solution for line in self.lines.of[at]}:
            total = sum(sign * solution.get(at, true[at]) for at, sign in self.lines.terms[line])
            if total > 0 or (total and self.lines.exact[line]):
                return False
        return True


@dataclass
class Solutions:
    """Whole solutions that were found, as what differs from the `true` numbers, and how far they reach.

    `lines` is the work so far: how many lines a solver was given for them.
    """

    true: Sequence[int]
    found: list[dict[int, int]] = field(default_factory=list)
    lines: int = 0
    _reach: dict[int, tuple[int, int]] = field(default_factory=dict)

    def add(self, solution: Mapping[int, int] | None, lines: int = 0) -> None:
        """Note one that was found, if any was, among so many lines."""
        self.lines += lines
        other = {at: value for at, value in (solution or {}).items() if value != self.true[at]}
        if other:
            self.found.append(other)
        for at, value in other.items():
            low, high = self._reach.get(at, (self.true[at], self.true[at]))
            self._reach[at] = min(low, value), max(high, value)

    def values(self, unknown: int) -> int:
        """How many values they reach over; one where none is known."""
        low, high = self._reach.get(unknown, (0, 0))
        return high - low + 1

    def still_allowed(self, ranges: Ranges) -> Solutions:
        """Those that the ranges and their lines allow."""
        left = Solutions(self.true)
        for solution in self.found:
            if ranges.allow(solution, self.true):
                left.add(solution)
        return left


@dataclass(frozen=True)
class _Problem:
    """One part as a solver sees it."""

    place: Mapping[int, int]
    matrix: csr_matrix
    least: npt.NDArray[np.float64]
    most: npt.NDArray[np.float64]
    bounds: Bounds

    @classmethod
    def of(
        cls, ranges: Ranges, inside: Sequence[int], lines: Sequence[int], true: Sequence[int] | Mapping[int, int]
    ) -> _Problem:
        """The unknowns `inside`, and all others as they truly are."""
        place = {unknown: number for number, unknown in enumerate(inside)}
        rows, columns, values, least, most = [], [], [], [], []
        for row, line in enumerate(lines):
            terms, exact = ranges.lines.terms[line], ranges.lines.exact[line]
            known = 0
            for at, sign in terms:
                if at in place:
                    rows.append(row)
                    columns.append(place[at])
                    values.append(float(sign))
                else:
                    known += sign * true[at]
            most.append(-known)
            least.append(-known if exact else -np.inf)
        matrix = csr_matrix((values, (rows, columns)), shape=(len(lines), len(inside)))
        low, high = ([float(side[at]) for at in inside] for side in (ranges.low, ranges.high))
        return cls(place, matrix, np.array(least), np.array(most), Bounds(np.array(low), np.array(high)))

    def solution(self, goal: Mapping[int, int], *, largest: bool, gap: float = 0.0) -> dict[int, int] | None:
        """A solution in whole numbers at which the goal is largest or smallest, within the gap; None if none is found.

        Solutions in real numbers are quick to find, and mostly whole; whole ones are asked for only where they are not.
        """
        solved = (self._whole(self._solve(goal, largest=largest, whole=whole, gap=gap)) for whole in (False, True))
        return next((found for found in solved if found), None)

    def _whole(self, found: npt.NDArray[np.float64] | None) -> dict[int, int] | None:
        """The solution in whole numbers, where it is one."""
        if found is None:
            return None
        near = np.round(found)
        sums = self.matrix @ near
        if np.abs(found - near).max(initial=0.0) >= _NEAR or (sums < self.least).any() or (sums > self.most).any():
            return None
        return {unknown: int(near[number]) for unknown, number in self.place.items()}

    def ends(self, unknown: int) -> tuple[int, list[dict[int, int] | None]]:
        """How many whole numbers lie between its ends in real numbers, and the ends that are whole solutions."""
        low, high = (self._solve({unknown: 1}, largest=largest, whole=False) for largest in (False, True))
        if low is None or high is None:
            raise UnsolvedSystemError("the solver found no solution of what is told")
        at = self.place[unknown]
        between = math.floor(float(high[at]) + _NEAR) - math.ceil(float(low[at]) - _NEAR) + 1
        return between, [self._whole(low), self._whole(high)]

    def _solve(
        self, goal: Mapping[int, int], *, largest: bool, whole: bool, gap: float = 0.0
    ) -> npt.NDArray[np.float64] | None:
        weights = np.zeros(len(self.place))
        for unknown, weight in goal.items():
            weights[self.place[unknown]] = -weight if largest else weight
        solved = milp(
            weights,
            constraints=[LinearConstraint(self.matrix, self.least, self.most)],
            integrality=np.full(len(weights), int(whole)),
            bounds=self.bounds,
            options={"node_limit": _NODES, "mip_rel_gap": gap},  # not a time: equal input gives an equal pattern
        )
        return None if solved.x is None else np.asarray(solved.x, dtype=np.float64)

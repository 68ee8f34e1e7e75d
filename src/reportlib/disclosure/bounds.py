"""The smallest and the largest value that every unknown of a linear system can have: propagation first, then HiGHS.

All unknowns are whole numbers. Propagation alone is exact where the equations of a part form a tree; elsewhere a solver
looks for two solutions far enough apart, for many unknowns at a time, and at last for the ends of one unknown alone.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from reportlib.errors import ReportlibError

Equation = tuple[tuple[int, int], ...]

_TURNS, _NODES = 20, 200
_ROUNDS, _FEW = 10, 4
_MOST = 2**62
_NEAR = 1e-6


class UnsolvedSystemError(ReportlibError):
    """The solver found no solution of a system of which the true numbers are one."""


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

    def around(self, start: Iterable[int], is_known: Callable[[int], bool]) -> tuple[list[int], list[int]]:
        """The unknowns that hang together with those to start from, and the lines between them."""
        seen, lines = set(start), set[int]()
        waiting = list(seen)
        while waiting:
            for line in self.of.get(waiting.pop(), ()):
                if line not in lines:
                    lines.add(line)
                    for other, _ in self.terms[line]:
                        if other not in seen and not is_known(other):
                            seen.add(other)
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

    def narrow(self, inside: Sequence[int], lines: Sequence[int], targets: Iterable[int], width: int) -> dict[int, int]:
        """Of the targets in a part, those of which fewer than `width` values are left, and how many.

        Solutions in real numbers are quick to find, and mostly whole; whole ones are asked for only where they are not.
        """
        problem = _Problem.of(self, inside, lines)
        open_ = list(targets)
        seen: dict[int, tuple[int, int]] = {}

        def note(solution: Mapping[int, int] | None) -> None:
            for target in open_ if solution else ():
                low, high = seen.get(target, (_MOST, -_MOST))
                seen[target] = min(low, solution[target]), max(high, solution[target])  # type: ignore[index]

        def is_open(target: int) -> bool:
            low, high = seen.get(target, (0, -1))
            return high - low + 1 < width

        for turn in range(_ROUNDS):
            if len(open_) < _FEW:  # their ends are found as quickly one by one
                break
            bit = turn // 2  # all alike at first, then every second, every fourth, ... the other way
            goal = {target: -1 if bit and place >> (bit - 1) & 1 else 1 for place, target in enumerate(open_)}
            note(problem.solution(goal, largest=turn % 2 == 0))
            open_ = [target for target in open_ if is_open(target)]
        narrow = {}
        for target in list(open_):
            if not is_open(target):
                continue
            ends = [problem.end(target, largest=largest) for largest in (False, True)]
            if ends[1] - ends[0] + 1 >= width:
                for largest in (False, True):
                    note(problem.solution({target: 1}, largest=largest))
                if is_open(target):  # real solutions reach so far, but no whole one is known: then it is not counted on
                    ends = [0, 0]
            if ends[1] - ends[0] + 1 < width:
                narrow[target] = ends[1] - ends[0] + 1
        return narrow


@dataclass(frozen=True)
class _Problem:
    """One part as a solver sees it."""

    place: Mapping[int, int]
    matrix: csr_matrix
    least: npt.NDArray[np.float64]
    most: npt.NDArray[np.float64]
    bounds: Bounds

    @classmethod
    def of(cls, ranges: Ranges, inside: Sequence[int], lines: Sequence[int]) -> _Problem:
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
                    known += sign * ranges.low[at]
            most.append(-known)
            least.append(-known if exact else -np.inf)
        matrix = csr_matrix((values, (rows, columns)), shape=(len(lines), len(inside)))
        low, high = ([float(side[at]) for at in inside] for side in (ranges.low, ranges.high))
        return cls(place, matrix, np.array(least), np.array(most), Bounds(np.array(low), np.array(high)))

    def solution(self, goal: Mapping[int, int], *, largest: bool) -> dict[int, int] | None:
        """A solution in whole numbers at which the goal is largest or smallest; None where it is not exact."""
        for whole in (False, True):
            found = self._solve(goal, largest=largest, whole=whole)
            if found is None:
                continue
            near = np.round(found)
            sums = self.matrix @ near
            if (
                np.abs(found - near).max(initial=0.0) < _NEAR
                and (sums >= self.least).all()
                and (sums <= self.most).all()
            ):
                return {unknown: int(near[number]) for unknown, number in self.place.items()}
        return None

    def end(self, unknown: int, *, largest: bool) -> int:
        """The largest or the smallest whole number that a solution in real numbers leaves the unknown."""
        found = self._solve({unknown: 1}, largest=largest, whole=False)
        if found is None:
            raise UnsolvedSystemError("the solver found no solution of what is told")
        value = float(found[self.place[unknown]])
        return math.floor(value + _NEAR) if largest else math.ceil(value - _NEAR)

    def _solve(self, goal: Mapping[int, int], *, largest: bool, whole: bool) -> npt.NDArray[np.float64] | None:
        weights = np.zeros(len(self.place))
        for unknown, weight in goal.items():
            weights[self.place[unknown]] = -weight if largest else weight
        solved = milp(
            weights,
            constraints=[LinearConstraint(self.matrix, self.least, self.most)],
            integrality=np.full(len(weights), int(whole)),
            bounds=self.bounds,
            options={"node_limit": _NODES},  # not a time: equal input gives an equal pattern
        )
        return None if solved.x is None else np.asarray(solved.x, dtype=np.float64)

"""Hides, beside what is proposed, what else must hide so that nobody can work out a small cell from what is shown.

Every small cell (fewer persons than the threshold, in the role k, n or n - k) must be hidden, and as many values must
be left for it as lie below the threshold, for a reader who knows every equation of `system`, and that zeros would have
been shown. Where fewer are left, the numbers that prove the cell narrow are looked up, for all such cells, and the
cheapest rows hide without which no proof stands, with what is made of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import count, islice, product

from reportlib.disclosure.bounds import Lines, Ranges, Solutions
from reportlib.disclosure.proposals import twin_of
from reportlib.disclosure.register import Register
from reportlib.disclosure.system import FAMILIES, ROLES, WEEKS, N, System
from reportlib.disclosure.threshold import Threshold
from reportlib.ledger import Estimate
from reportlib.ledger.keys import DIFFERENCE, OTHERS

MOST_OF_ALL, _AS_DEAR = 3_000_000, 10
"""When so many lines have been looked at, no proofs are looked for any more: all beside an open cell hides. A line
costs a solver so much more, in `_broken` too."""

_FEW_ROWS = 4

_REGION = 400
_PROOFS = (60, 400, None)
"""How many unknowns around a cell are looked at when it is asked whether it is wide, and what proves it narrow."""

_AT_ONCE, _ANEW = 10, 5
"""How many proofs are looked for at a time, and how many times it is chosen anew what to hide for all of them."""


def repaired(
    rows: Sequence[Estimate],
    hidden: Collection[str],
    register: Register,
    threshold: Threshold,
    *,
    families: Collection[str] = FAMILIES,
) -> set[str]:
    """The keys of all rows that hide: the `hidden` ones and what repair adds. Equal rows and sets give the same."""
    if threshold.persons < 2:
        return set(hidden)
    return _Repair(rows, register, threshold, families).run(hidden)


class _Repair:
    def __init__(
        self, rows: Sequence[Estimate], register: Register, threshold: Threshold, families: Collection[str]
    ) -> None:
        self._rows, self._register, self._threshold = rows, register, threshold
        self._place = {row.key: place for place, row in enumerate(rows)}
        self._costs = [_cost(row) for row in rows]
        self._system = System(rows, register, families)
        self._counts = [members.count for members in self._system.sets]
        self._small = [at for at, count in enumerate(self._counts) if 0 < count < threshold.persons]
        self._width = threshold.persons - 1
        self._lines = Lines()
        self._hidden: set[str] = set()
        self._tellers = [len(told) for told in self._system.told_by]
        self._said: set[str] = set()  # measures of which all lines are there: where nothing is unknown, none are needed
        self._ordered: set[int] = set()  # variables of weeks that bound one another
        self._least = dict.fromkeys(range(len(self._counts)), 0)
        self._effort = 0
        self._closures: dict[str, frozenset[str]] = {}
        self._by_solver: set[int] = set()
        self._linked: set[int] = set()
        self._bounds: dict[tuple[int, bool], int | None] = {}
        self._alone: set[int] = set()  # cells beside which nothing is told while the chosen rows hide
        self._solutions = Solutions(self._counts)

    def run(self, hidden: Collection[str]) -> set[str]:
        self._hide(self._with_what_is_made_of(hidden))
        before, far = -1, 0
        while broken := self._broken():
            if len(self._hidden) == before and (far or self._effort <= MOST_OF_ALL):
                break  # nothing is left that could hide; not the work alone has come to its end
            before = len(self._hidden)
            if self._effort > MOST_OF_ALL:
                far += 1  # each time one line farther, so that it ends
                self._hide({key for cell in broken for key in self._all_beside(cell, far)})
                continue
            hard = []
            for cell in broken:
                if self._is_known(cell):
                    self._hide(self._with_what_is_made_of(self._telling(cell)))
                elif not self._is_wide(cell):
                    hard.append(cell)
            self._hide(self._cover(hard))
        return self._hidden

    def _cover(self, cells: Sequence[int]) -> set[str]:
        """Rows to hide so that every cell has values enough: the cheapest that are found to break all proofs.

        A proof that a cell is narrow rests on numbers that are told. Of each, one at least must hide; where that leaves
        another proof, it is added to those that must fall. What has been chosen is chosen anew a few times, then kept,
        and with a week more and more weeks around it hide; what turns out not to be needed beside the rest is shown.
        """
        proofs: list[set[int]] = []
        chosen: list[frozenset[str]] = []
        self._alone.clear()
        for turn in count():
            new = self._proofs(cells, chosen)
            if not new or self._effort > MOST_OF_ALL:
                break
            proofs += new
            far = max(turn - _ANEW, 0)
            chosen = self._that_break(proofs, chosen if far else [], reach=2**far - 1)
        self._alone.clear()  # with fewer rows hidden, something may be told beside them
        for rows in sorted(chosen, key=self._cost_of, reverse=True):
            others = [each for each in chosen if each != rows]
            if self._effort < MOST_OF_ALL and not self._proofs(cells, others, most=1):
                chosen = others
        return set().union(*chosen)

    def _proofs(self, cells: Sequence[int], chosen: Iterable[Iterable[str]], most: int = _AT_ONCE) -> list[set[int]]:
        """Of cells that are still narrow when the chosen rows hide, what proves it."""
        freed = self._freed(set().union(*chosen))
        found: list[set[int]] = []
        for cell in cells:
            if len(found) < most and cell not in self._alone and not self._is_wide(cell, freed):
                found.append(self._proof(cell, freed))
                if not found[-1]:
                    self._alone.add(cell)
        return [proof for proof in found if proof]

    def _proof(self, cell: int, freed: Collection[int]) -> set[int]:
        """The told numbers that prove the cell narrow while the freed ones hide; those near to it if none are seen to.

        None where nothing that hangs together with it is told any more.
        """
        for most in _PROOFS:
            if core := self._core(cell, freed, most):
                return core
        for most in _PROOFS:
            _, lines = self._lines.around([cell], lambda at: self._is_known(at) and at not in freed, most)
            near = {at for line in lines for at, _ in self._lines.terms[line] if self._is_known(at) and at not in freed}
            if near:
                return near
        return set()

    def _core(self, cell: int, freed: Collection[int], most: int | None) -> set[int] | None:
        """The told numbers that prove the cell narrow by what is said of so many unknowns around it, if they do."""

        def is_told(at: int) -> bool:
            return self._is_known(at) and at not in freed

        inside, lines = self._lines.around([cell], is_told, most)
        ranges = self._ranges({*inside, *(at for line in lines for at, _ in self._lines.terms[line])}, freed)
        self._effort += _AS_DEAR * len(lines)
        return ranges.core(cell, lines, self._width, is_told)

    def _that_break(
        self, proofs: Sequence[set[int]], chosen: Sequence[frozenset[str]], *, reach: int
    ) -> list[frozenset[str]]:
        """Rows without which no proof stands, beside those chosen: each time those that break the most for their cost.

        Rows that tell one number, in that week and so many around it, are chosen together with what is made of them.
        """
        rows = {}
        for at in set().union(*proofs):
            near = {week for place in self._system.told_by[at] for week in self._weeks_around(place, reach)}
            keys = self._with_what_is_made_of(self._rows[place].key for place in near)
            rows[at] = frozenset(keys - self._hidden)
        found = list(chosen)
        hidden = set().union(*found)
        while standing := [proof for proof in proofs if proof.isdisjoint(self._freed(hidden))]:
            breaks = Counter(at for proof in standing for at in proof)
            best = min(sorted(breaks), key=lambda at: self._cost_of(rows[at] - hidden) / breaks[at])
            found.append(rows[best])
            hidden |= rows[best]
        return found

    def _cost_of(self, keys: Iterable[str]) -> float:
        return sum(self._costs[self._place[key]] for key in keys)

    def _with_what_is_made_of(self, keys: Iterable[str]) -> set[str]:
        """The keys with those made of them, and with every site's that of all others than it, and the other way."""
        return {made for key in keys for made in self._made_of(key)}

    def _made_of(self, key: str) -> frozenset[str]:
        found = self._closures.get(key)
        if found is None:
            inside, new = {key}, [key]
            while new:
                one = new.pop()
                twin = twin_of(self._rows[self._place[one]])
                for other in (*self._register.made_of[one], *((twin,) if twin in self._place else ())):
                    if other not in inside:
                        inside.add(other)
                        new.append(other)
            found = self._closures[key] = frozenset(inside)
        return found

    def _hide(self, keys: Collection[str]) -> None:
        """Hide the rows: what they told is unknown where no other row tells it."""
        for key in sorted(set(keys) - self._hidden):
            place = self._place[key]
            row, told = self._rows[place], self._system.roles_told(place)
            for role in ROLES:
                variable = self._system.variable_of.get((place, role))
                if variable is None:
                    continue
                if role in told:
                    self._tellers[variable] -= 1
                # Where zeros are shown, what is hidden of enough persons is neither nobody nor all.
                enough = role == N or row.n is None or row.n >= self._threshold.persons
                if self._threshold.show_zero and enough and self._counts[variable]:
                    self._least[variable] = 1
            self._hidden.add(key)

    def _link(self, start: Iterable[int]) -> None:
        """Look up what holds between measures, of the unknowns to start from and all that hang together with them."""
        waiting = [at for at in start if not self._is_known(at)]
        seen = set(waiting)
        while waiting:
            unknown = waiting.pop()
            self._look_up(unknown)
            for line in self._lines.of[unknown]:
                for at, _ in self._lines.terms[line]:
                    if at not in seen and not self._is_known(at):
                        seen.add(at)
                        waiting.append(at)

    def _bound(self, unknowns: Iterable[int], freed: Collection[int] = ()) -> None:
        """Say of unknowns what they are inside of, the smallest that is told, and the largest told inside of them."""
        for unknown, of_it in product(unknowns, (False, True)):
            before = self._bounds.get((unknown, of_it), unknown)
            if not freed and (before is None or self._is_known(before)):
                continue  # what is told only becomes less
            found = self._system.inside(unknown, of_it=of_it)
            bound = next((other for other in found if self._is_known(other) and other not in freed), None)
            if bound is not None:
                part, whole = (bound, unknown) if of_it else (unknown, bound)
                self._lines.add(((part, 1), (whole, -1)), exact=False)
            if not freed:
                self._bounds[unknown, of_it] = bound

    def _look_up(self, variable: int) -> None:
        if variable not in self._linked:
            self._linked.add(variable)
            for measure in self._system.measures_of[variable]:
                if measure not in self._said:
                    self._say_all_of(measure)
            for pair in self._system.pairs(variable):
                self._lines.add(pair)

    def _say_all_of(self, measure: str) -> None:
        self._said.add(measure)
        for equation in self._system.equations(measure):
            self._lines.add(equation)
        for smaller, larger in self._system.orders(measure):
            self._lines.add(((smaller, 1), (larger, -1)), exact=False)
            self._ordered |= {smaller, larger}
        for terms in self._system.met(measure):
            self._lines.add(terms, exact=False)

    def _is_known(self, variable: int) -> bool:
        return self._tellers[variable] > 0

    def _ranges(self, variables: Iterable[int], freed: Collection[int] = ()) -> Ranges:
        """The ranges of the variables before any line is used; the `freed` ones as if nobody told them."""
        low, high = {}, {}
        for at in variables:
            told = self._is_known(at) and at not in freed
            not_nobody = int(at in freed and self._threshold.show_zero and self._counts[at] > 0)
            low[at] = self._counts[at] if told else max(self._least[at], not_nobody)
            high[at] = self._counts[at] if told else self._system.sets[at].size
        return Ranges(low, high, self._lines)

    def _broken(self) -> list[int]:
        """The small cells of which too few values are left."""
        self._link(self._small)
        self._bound(sorted(at for at in self._linked if not self._is_known(at)))
        ranges = self._ranges(range(len(self._counts)))
        ranges.propagate(range(len(self._lines.terms)))
        self._now = ranges
        narrow = [cell for cell in self._small if ranges.values(cell) < self._width]
        self._solutions = self._solutions.still_allowed(ranges)
        left = {cell for cell in self._small if self._solutions.values(cell) < self._width} - set(narrow)
        for inside, lines in ranges.parts(left):
            if not ranges.is_tree(inside, lines):
                targets = [at for at in inside if at in left]
                found = ranges.narrow(inside, lines, targets, self._width, self._solutions)
                narrow += sorted(found)
                self._by_solver.update(found)
        self._effort += _AS_DEAR * self._solutions.lines // 3
        return narrow

    def _is_wide(self, cell: int, freed: Collection[int] = ()) -> bool:
        """Whether the cell has values enough, if the `freed` variables were hidden too.

        By propagation alone, but for cells that the solver has found narrow before. What lies far away is held to what
        was found of it, so that no more values are seen than there are.
        """

        def is_known(at: int) -> bool:
            return self._is_known(at) and at not in freed

        if is_known(cell):
            return False
        for at in sorted(freed):
            self._look_up(at)
        self._bound(sorted(freed), freed)
        inside, lines = self._lines.around([cell], is_known, _REGION)
        self._effort += len(lines)
        ranges = self._ranges({*inside, *(at for line in lines for at, _ in self._lines.terms[line])}, freed)
        for at in ranges.low.keys() - set(inside):
            if not is_known(at):
                ranges.low[at], ranges.high[at] = self._now.low[at], self._now.high[at]
        ranges.propagate(lines)
        if ranges.values(cell) < self._width:
            return False
        if cell not in self._by_solver:
            return True
        if self._core(cell, freed, _PROOFS[0]):
            return False
        self._effort += _AS_DEAR * len(lines)
        return not ranges.narrow(inside, lines, [cell], self._width, Solutions(self._counts))

    def _all_beside(self, cell: int, far: int) -> set[str]:
        """The rows that tell the cell, and those that tell the variables so many rings around it, but the n of many."""
        keys = self._telling(cell) if self._is_known(cell) else set[str]()
        for ring in islice(self._rings(cell), far):
            telling = sorted((self._telling(variable) for variable in ring), key=len)
            few = [told for told in telling if len(told) <= _FEW_ROWS] or telling[:1]
            keys |= {key for told in few for key in told}
        return self._with_what_is_made_of(keys)

    def _weeks_around(self, place: int, reach: int) -> Sequence[int]:
        """The rows of the same curve up to so many weeks before and after, where its weeks bound one another."""
        variables = (self._system.variable_of.get((place, role)) for role in ROLES)
        curve = self._curves.get(_curve_of(self._rows[place]), ())
        if not reach or place not in curve or self._ordered.isdisjoint(variables):
            return (place,)
        at = curve.index(place)
        return curve[max(at - reach, 0) : at + reach + 1]

    @cached_property
    def _curves(self) -> dict[tuple[str, ...], list[int]]:
        """The rows of each curve, by week."""
        curves: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
        for place, row in enumerate(self._rows):
            if WEEKS.fullmatch(row.time):
                curves[_curve_of(row)].append((int("".join(sign for sign in row.time if sign.isdigit())), place))
        return {name: [place for _, place in sorted(curve)] for name, curve in curves.items()}

    def _freed(self, keys: Collection[str]) -> set[int]:
        """The variables that nobody would tell if the rows hid too."""
        fewer: dict[int, int] = defaultdict(int)
        for key in keys:
            place = self._place[key]
            for role in self._system.roles_told(place):
                variable = self._system.variable_of.get((place, role))
                if variable is not None:
                    fewer[variable] += 1
        return {variable for variable, count in fewer.items() if self._tellers[variable] == count}

    def _telling(self, variable: int) -> set[str]:
        """The keys of the shown rows that tell the variable."""
        keys = (self._rows[place].key for place in self._system.told_by[variable])
        return {key for key in keys if key not in self._hidden}

    def _rings(self, cell: int) -> Iterator[list[int]]:
        """The variables that are shown, ring by ring: by how many lines lie between them and the cell."""
        ring, seen = [cell], {cell}
        while ring:
            near = {at for at in ring for line in self._lines.of[at] for at, _ in self._lines.terms[line]} - seen
            shown = [at for at in sorted(near) if self._is_known(at)]
            if shown:
                yield shown
            ring = [at for at in sorted(near) if not self._is_known(at)]
            seen |= near


def _curve_of(row: Estimate) -> tuple[str, ...]:
    return row.measure, row.statistic, row.group, row.site, row.subgroup


def _cost(row: Estimate) -> float:
    """How much is lost with a row: a week of a curve less than a number that stands alone, a site less than all."""
    if row.group == DIFFERENCE:
        return 1.0
    if WEEKS.fullmatch(row.time):
        return 1.0 if row.site else 3.0
    if row.site.startswith(OTHERS):
        return 1.0
    return 4.0 if row.site or row.subgroup else 12.0

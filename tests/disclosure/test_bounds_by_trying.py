"""The ranges of unknowns against every solution there is: small systems are drawn, and all whole numbers are tried."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from reportlib.disclosure.bounds import Lines, Ranges, Solutions, UnsolvedSystemError

MOST = 4


class Drawn:
    """A system with a known solution: sums of two or three unknowns that are nought, or at most nought."""

    def __init__(self, seed: int) -> None:
        chance = np.random.default_rng(seed)
        self.size = int(chance.integers(3, 6))
        self.true = [int(value) for value in chance.integers(0, MOST + 1, self.size)]
        self.lines = Lines()
        for _ in range(int(chance.integers(2, 6))):
            at = chance.choice(self.size, size=int(chance.integers(2, 4)), replace=False).tolist()
            signs = [1, *chance.choice([-2, -1, 1, 2], size=len(at) - 1).tolist()]
            total = sum(sign * self.true[one] for one, sign in zip(at, signs, strict=True))
            if total <= 0:
                self.lines.add(
                    tuple(sorted(zip(at, signs, strict=True))), exact=total == 0 and bool(chance.integers(2))
                )
        self.known = set(chance.choice(self.size, size=int(chance.integers(0, 2)), replace=False).tolist())
        self.ends = [(value, value) if at in self.known else (0, MOST) for at, value in enumerate(self.true)]
        self.all = [
            numbers
            for numbers in product(*(range(low, high + 1) for low, high in self.ends))
            if all(self.holds(line, numbers) for line in range(len(self.lines.terms)))
        ]

    def holds(self, line: int, numbers: tuple[int, ...]) -> bool:
        total = sum(sign * numbers[at] for at, sign in self.lines.terms[line])
        return total == 0 if self.lines.exact[line] else total <= 0

    def ranges(self) -> Ranges:
        low, high = (dict(enumerate(end)) for end in zip(*self.ends, strict=True))
        return Ranges(low, high, self.lines)

    def reach(self, at: int) -> tuple[int, int]:
        values = [numbers[at] for numbers in self.all]
        return min(values), max(values)


@pytest.mark.parametrize("seeds", [range(at, at + 40) for at in (0, 40, 80)], ids=str)
def test_propagation_never_leaves_a_solution_out_and_is_exact_in_a_tree(seeds: range) -> None:
    trees = 0
    for seed in seeds:
        drawn = Drawn(seed)
        ranges = drawn.ranges()
        ranges.propagate(range(len(drawn.lines.terms)))
        for at in range(drawn.size):
            low, high = drawn.reach(at)
            assert ranges.low[at] <= low <= high <= ranges.high[at]
            assert ranges.values(at) == ranges.high[at] - ranges.low[at] + 1
        for inside, lines in ranges.parts(at for at in range(drawn.size) if ranges.low[at] != ranges.high[at]):
            plain = all(abs(sign) == 1 for line in lines for _, sign in drawn.lines.terms[line])
            if plain and ranges.is_tree(inside, lines):
                trees += 1
                assert [(ranges.low[at], ranges.high[at]) for at in inside] == [drawn.reach(at) for at in inside]
    assert trees > 5


@pytest.mark.parametrize("seeds", [range(at, at + 25) for at in (0, 25)], ids=str)
def test_what_is_narrow_has_too_few_values_and_all_that_has_is_found(seeds: range) -> None:
    seen = set()
    for seed, width in product(seeds, (3, 4)):
        drawn = Drawn(seed)
        ranges = drawn.ranges()
        ranges.propagate(range(len(drawn.lines.terms)))
        open_ = [at for at in range(drawn.size) if ranges.low[at] != ranges.high[at]]
        for inside, lines in ranges.parts(open_):
            known = Solutions(drawn.true)
            narrow = set(ranges.narrow(inside, lines, inside, width, known))
            few = {at for at in inside if drawn.reach(at)[1] - drawn.reach(at)[0] + 1 < width}
            assert narrow >= few
            assert narrow == few
            seen.add(bool(few))
            for found in known.found:
                whole = tuple(found.get(at, value) for at, value in enumerate(drawn.true))
                assert whole in drawn.all
                assert ranges.allow(found, drawn.true)
            assert len(known.still_allowed(ranges).found) == len(known.found)
    assert seen == {True, False}


@pytest.mark.parametrize("seeds", [range(60)], ids=str)
def test_a_change_is_allowed_when_the_numbers_are_a_solution(seeds: range) -> None:
    for seed in seeds:
        drawn = Drawn(seed)
        ranges = drawn.ranges()
        everything = set(drawn.all)
        for at, value in product(range(drawn.size), range(-1, MOST + 2)):
            changed = tuple(value if place == at else number for place, number in enumerate(drawn.true))
            assert ranges.allow({at: value}, drawn.true) == (changed in everything)


def test_solutions_reach_from_the_true_number_and_forget_what_is_no_longer_allowed() -> None:
    lines = Lines()
    lines.add(((0, 1), (1, 1), (2, -1)))
    lines.add(((0, 1), (1, 1), (2, -1)))  # said again
    assert len(lines.terms) == 1
    known = Solutions([2, 3, 5])
    assert (known.values(0), known.lines) == (1, 0)
    known.add({0: 4, 1: 1, 2: 5}, lines=3)
    known.add({0: 1, 1: 4}, lines=2)
    known.add({0: 2, 1: 3})
    known.add(None, lines=1)
    assert (known.values(0), known.values(1), known.values(2), known.lines) == (4, 4, 1, 6)
    assert known.found == [{0: 4, 1: 1}, {0: 1, 1: 4}]
    left = known.still_allowed(Ranges({0: 2, 1: 0, 2: 5}, {0: 9, 1: 9, 2: 5}, lines))
    assert (left.found, left.values(0), left.lines) == ([{0: 4, 1: 1}], 3, 0)


def test_what_contradicts_itself_is_refused() -> None:
    lines = Lines()
    lines.add(((0, 1), (1, -1)))
    with pytest.raises(UnsolvedSystemError, match="contradicts itself"):
        Ranges({0: 0, 1: 3}, {0: 2, 1: 9}, lines).propagate([0])


def test_what_hangs_together_ends_at_what_is_known_and_at_the_nearest_so_many() -> None:
    lines = Lines()
    for at in range(5):
        lines.add(((at, 1), (at + 1, -1)))
    assert lines.around([2], lambda at: at == 4) == ([0, 1, 2, 3], [0, 1, 2, 3])
    assert lines.around([2], lambda at: False, most=3) == ([1, 2, 3], [0, 1, 2, 3])
    assert lines.around([0, 5], lambda at: at in (1, 4)) == ([0, 5], [0, 4])


def test_the_told_numbers_that_prove_a_range_are_those_of_its_equation() -> None:
    """x + 3 = 5 tells x; that 7 and y are 20 has nothing to do with it."""
    lines = Lines()
    lines.add(((0, 1), (1, 1), (2, -1)))
    lines.add(((3, 1), (4, 1), (5, -1)))
    low, high = {0: 0, 1: 3, 2: 5, 3: 7, 4: 0, 5: 20}, {0: 9, 1: 3, 2: 5, 3: 7, 4: 30, 5: 20}
    ranges = Ranges(low, high, lines)
    assert ranges.core(0, [0, 1], 4, lambda at: at in (1, 2, 3, 5)) == {1, 2}
    low[1], high[1] = 0, 5
    assert ranges.core(0, [0, 1], 4, lambda at: at in (2, 3, 5)) is None
    assert ranges.core(0, [0, 1], 7, lambda at: at in (2, 3, 5)) == {2}

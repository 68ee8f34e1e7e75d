"""The audit refuses whatever a solver of another make can work out of a small table, and repair leaves nothing to it.

Tables by group and site are drawn with their totals, some cells hidden at random. `attacker.py` says for each hidden
count what it can be; the audit must refuse every table in which that is too little, and let the others be.
"""

from __future__ import annotations

import numpy as np
import pytest
from attacker import Attack
from test_families import FIVE, Made, told

from reportlib.disclosure.repair import repaired
from reportlib.disclosure.threshold import HIDDEN, hide, rests_on_too_few
from reportlib.ledger.keys import EVERYONE


def table(seed: int) -> tuple[Made, np.random.Generator]:
    """Who has a job, by group and site, with all totals: persons 0 to 399, so many at each place."""
    chance = np.random.default_rng(seed)
    made, persons = Made(), iter(range(400))
    inside: dict[tuple[str, str], tuple[list[int], list[int]]] = {}
    for group in ("deltager", "kontrol"):
        for site in "abc"[: chance.integers(2, 4)]:
            n = int(chance.integers(6, 30))
            k = int(chance.choice([*range(6), n // 2, n - 2, n], p=[0.05, *[0.12] * 5, 0.2, 0.1, 0.05]))
            among = [next(persons) for _ in range(n)]
            inside[group, site] = among[:k], among
    groups, sites = ("deltager", "kontrol", EVERYONE), ("a", "b", "c", "")
    for group in groups:
        for site in sites:
            parts = [
                each for (g, s), each in inside.items() if (group == EVERYONE or g == group) and s.startswith(site)
            ]
            if parts:
                k, n = ([one for part in parts for one in part[at]] for at in (0, 1))
                made.add("job", k, n, group=group, site=site)
    return made, chance


def broken(made: Made, hidden: set[str]) -> bool:
    shown = [hide(row, HIDDEN) if row.key in hidden else row for row in made.rows]
    return bool(Attack(made.rows, shown).broken(5))


def small(made: Made) -> set[str]:
    return {row.key for row in made.rows if rests_on_too_few(row, FIVE)}


@pytest.mark.parametrize("seeds", [range(at, at + 20) for at in (0, 20)], ids=str)
def test_the_audit_refuses_all_that_a_solver_finds_and_nothing_else(seeds: range) -> None:
    safe = 0
    for seed in seeds:
        made, chance = table(seed)
        hidden = small(made)
        others = sorted({row.key for row in made.rows} - hidden)
        hidden |= set(chance.choice(others, size=min(len(others), int(chance.integers(0, 5))), replace=False))
        refused = told(made, hidden)
        assert refused == broken(made, hidden), seed
        safe += not refused
    assert 1 < safe < len(seeds) - 5


def test_repair_leaves_nothing_to_a_solver() -> None:
    for seed in range(100, 115):
        made, _ = table(seed)
        assert not broken(made, repaired(made.rows, small(made), made.register, FIVE)), seed

"""An attack from outside on a released ledger: by kind, the small counts of persons that can be worked out.

A small cell (1 to threshold - 1 persons: k, n, or those without) is taken when it stands there, or when fewer than
threshold - 1 values are left for it after all that the rows, the catalogue and guesses say. See `outsider_tables`,
`outsider_labels`, `outsider_guesses` and `outsider_digits` for what is known; the truth is used for the score only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from outsider_digits import told_by_digits
from outsider_guesses import Guess, say_guesses
from outsider_labels import Catalogue, say_labels
from outsider_rows import Cell, read_rows, small_cells
from outsider_system import System
from outsider_tables import (
    add_rows,
    say_differences,
    say_exits,
    say_matched,
    say_measurements,
    say_same_persons,
    say_tables,
    say_weeks,
)

_PLAIN = ("bounds", "same persons", "sites", "groups", "divisions", "answers", "measurements", "rises and falls")
_KINDS = (
    "n is a k elsewhere",
    "k of a mean or another measure",
    "sums of measures",
    "guessed to be equal",
    "guessed to add up",
    "orders",
    "cannot fall",
    "n that only falls",
    "before and after",
    "without the first",
    "weeks of curves",
    "hazards",
    "n of comparisons",
    "differences",
    "running sums",
    "digits of a share",
    "a mean of the same answers",
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A small cell that an outsider has: by which kind of attack, and the values that are left."""

    kind: str
    key: str
    what: str
    low: int
    high: int
    true: int | None

    def __str__(self) -> str:
        return f"{self.kind}: {self.key} [{self.what}] is {self.low} to {self.high}, truly {self.true}"


@dataclass
class Attack:
    """All that is taken from one ledger, and how many small cells there were to take."""

    taken: list[Taken] = field(default_factory=list)
    cells: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    learned: list[Guess] = field(default_factory=list)

    def by_kind(self) -> Counter[str]:
        return Counter(each.kind for each in self.taken)


def attack(
    released: Mapping[str, Sequence[Any]],
    true: Mapping[str, Sequence[Any]],
    catalogue: Catalogue,
    *,
    threshold: int,
    zeros_are_shown: bool,
    learned: Collection[Guess] = (),
) -> Attack:
    """Attack the columns of a released ledger; `true` are those of the ledger with nothing hidden.

    `learned` is what an attack on another ledger of the trial has found to hold.
    """
    rows = read_rows(released, true)
    found = Attack()
    cells = list(small_cells(rows, threshold))
    found.cells = len(cells)
    system = System()
    add_rows(system, rows, threshold, zeros_are_shown=zeros_are_shown)
    say_tables(system, rows)
    say_same_persons(system, rows, catalogue.sheets)
    say_weeks(system, rows, catalogue.cumulative)
    say_measurements(system, rows)
    say_matched(system, rows)
    say_labels(system, rows, catalogue)
    found.learned = say_guesses(system, rows, learned)
    say_differences(system, rows)
    spans = say_exits(system, rows)
    found.wrong = system.wrong
    stands = [cell for cell in cells if _stands_there(cell)]
    found.taken += [Taken(_shown_kind(c), c.row.key, c.what, c.true, c.true, c.true) for c in stands]
    shown = {(cell.row.key, cell.what) for cell in stands}
    goals = {(c.row.key, c.what): _terms(c) for c in cells if (c.row.key, c.what) not in shown}
    goals = {name: terms for name, terms in goals.items() if all(part in system for part in terms)}
    true_of = {(cell.row.key, cell.what): cell.true for cell in cells}
    found.taken += _worked_out(system, goals, true_of, threshold)
    found.taken += _weeks_of_curves(system, spans, threshold)
    have = {(each.key, each.what) for each in found.taken}
    for told in told_by_digits(rows, catalogue, threshold):
        if (told.key, told.what) not in have:
            found.taken.append(
                Taken(told.kind, told.key, told.what, told.low, told.high, true_of.get((told.key, told.what)))
            )
    return found


def _terms(cell: Cell) -> dict[tuple[str, str], float]:
    if cell.what == "n-k":
        return {(cell.row.key, "n"): 1.0, (cell.row.key, "k"): -1.0}
    return {(cell.row.key, cell.what): 1.0}


def _stands_there(cell: Cell) -> bool:
    row = cell.row
    if cell.what == "n-k":
        return row.k is not None and row.n is not None and row.n - row.k == cell.true
    return getattr(row, cell.what) == cell.true


def _shown_kind(cell: Cell) -> str:
    if cell.what == "n-k" and not cell.row.is_share:
        return "shown: n - k of a mean"
    return f"shown: {cell.what}"


def _worked_out(
    system: System, goals: Mapping[Any, Mapping[Any, float]], true_of: Mapping[Any, int], threshold: int
) -> list[Taken]:
    """Cells of which too few values are left, each with the first kind of knowledge that is enough for it."""
    enough = threshold - 1
    ranges = system.ranges(goals, enough)
    left = {goal for goal, found in ranges.items() if found.values < enough}
    kind_of = dict.fromkeys(left, "several kinds together")
    open_goals = {goal: goals[goal] for goal in left}
    system = system.part_of(open_goals)
    for kinds, name in [((), "tables"), *(((kind,), kind) for kind in _KINDS)]:
        if not open_goals:
            break
        for goal, found in system.ranges(open_goals, enough, frozenset((*_PLAIN, *kinds))).items():
            if found.values < enough:
                kind_of[goal] = name
                del open_goals[goal]
    return [
        Taken(kind_of[goal], *goal, ranges[goal].low, ranges[goal].high, true_of[goal])
        for goal in goals
        if goal in left
    ]


def _weeks_of_curves(system: System, spans: Sequence[tuple[str, str, int, int]], threshold: int) -> list[Taken]:
    goals = {
        (f"{measure}.{group}.uge{first}-{last}", "left"): {
            ("left", measure, group, week): 1.0 for week in range(first, last + 1)
        }
        for measure, group, first, last in dict.fromkeys(spans)
    }
    found = []
    for goal, each in system.ranges(goals, threshold).items():
        if each.low > 0 and each.high < threshold and each.values < threshold - 1:
            found.append(Taken("weeks of curves", *goal, each.low, each.high, None))
    return found

"""A reader who multiplies means by their n, and errors by more, to get the sums of what is hidden.

A shown mean of n persons with its standard error gives their sum (mean x n) and their sum of squares. Sites, groups,
values of a division and persons by how many measurements they have add up to their total, in sums as in counts; a mean
is that among those above zero times their share; a change is the last mean less the first.

Broken is a hidden sum that is the only one to agree with all equations, and a sum over several hidden rows that rests
together on fewer persons than may be told of (or on fewer with a value other than zero). From their sum and their sum
of squares two persons' values follow, and whole scores of three or four often do. The sum and the squares of enough
persons are what every shown mean tells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from reportlib.ledger import Estimate
from reportlib.ledger.keys import DIFFERENCE, EVERYONE, OTHERS, others_than

_MEANS = frozenset({"mean", "panel_mean", "first_mean", "last_mean", "change", "mean_among_positive", "total_units"})
_CLOSE = 1e-8


@dataclass(frozen=True)
class Told:
    """Hidden rows whose sum a reader can work out, and how many persons (and values other than zero) it rests on."""

    keys: tuple[str, ...]
    persons: int
    nonzero: int


def broken_means(true: Sequence[Estimate], shown: Sequence[Estimate], threshold: int) -> list[Told]:
    """The hidden means, alone or together, that follow from shown ones and rest on too few persons."""
    hidden = {row.key for row in shown if row.hidden}
    rows = [
        row for row in true if row.statistic in _MEANS and row.group != DIFFERENCE and row.n and row.value is not None
    ]
    found: dict[tuple[str, ...], Told] = {}
    equations = [equation for equation in _equations(rows, hidden) if any(row.key in hidden for _, row in equation)]
    for equation in equations:
        left = [(sign, row) for sign, row in equation if row.key in hidden]
        alike = len({sign for sign, _ in left}) == 1
        told = _told([row for _, row in left])
        if alike and _too_few(told, threshold):
            found[told.keys] = told
    for row in _determined(equations, hidden):
        told = _told([row])
        if _too_few(told, threshold) or row.key not in {key for keys in found for key in keys}:
            found[told.keys] = told
    return list(found.values())


def _told(rows: Sequence[Estimate]) -> Told:
    return Told(
        tuple(str(row.key) for row in rows), sum(row.n or 0 for row in rows), sum(_nonzero(row) for row in rows)
    )


def _nonzero(row: Estimate) -> int:
    return row.k if row.k is not None else row.n or 0


def _too_few(told: Told, threshold: int) -> bool:
    return 0 < told.persons < threshold or 0 < told.nonzero < threshold


def _equations(rows: Sequence[Estimate], hidden: Collection[str] = ()) -> list[list[tuple[int, Estimate]]]:
    """Signed rows whose sums of values cancel, wherever they truly do and a reader knows what to multiply by."""
    by: dict[tuple[str, ...], dict[str, Estimate]] = defaultdict(dict)
    for row in rows:
        m, s, g, p, d, t = row.measure, row.statistic, row.group, row.site, row.subgroup, row.time
        by["site", m, s, g, d, t][p] = row
        by["group", m, s, p, d, t][g] = row
        by["value", m, s, g, p, t, d.rpartition(":")[0]][d] = row
        if not d:
            by["whole", m, s, g, p, t][d] = row
        if d.startswith("antal") or d == "mindst-to":
            by["counts", m, s, g, p, t][d] = row
        by["place", m, g, p, d, t][s] = row
    found = []
    for (kind, *where), cells in by.items():
        if kind == "site" and "" in cells:
            sites = [row for site, row in cells.items() if site and not site.startswith(OTHERS)]
            found.append(_adding(sites, cells[""]))
            pairs = [(row, cells[others_than(row.site)]) for row in sites if others_than(row.site) in cells]
            found += [_adding(pair, cells[""]) for pair in pairs]
        if kind == "group" and EVERYONE in cells:
            found.append(_adding([row for group, row in cells.items() if group != EVERYONE], cells[EVERYONE]))
        if kind == "value" and where[-1]:
            whole = by.get(("whole", *where[:-1]), {}).get("")
            if whole is not None:
                found.append(_adding(list(cells.values()), whole))
        if kind == "counts" and "mindst-to" in cells:
            found.append(_adding([row for d, row in cells.items() if d != "mindst-to"], cells["mindst-to"]))
        if (
            kind == "place"
            and {"mean", "mean_among_positive"} <= set(cells)
            and cells["mean_among_positive"].key not in hidden  # its n is how many are above zero, told nowhere else
        ):
            found.append(_adding([cells["mean_among_positive"]], cells["mean"]))
        if kind == "place" and {"first_mean", "last_mean", "change"} <= set(cells):
            found.append(_adding([cells["first_mean"], cells["change"]], cells["last_mean"]))
    return [equation for equation in found if len(equation) > 1 and _holds(equation)]


def _adding(parts: Sequence[Estimate], whole: Estimate) -> list[tuple[int, Estimate]]:
    return [*((1, part) for part in parts), (-1, whole)]


def _holds(equation: list[tuple[int, Estimate]]) -> bool:
    total = sum(sign * row.number * (row.n or 0) for sign, row in equation)
    scale = sum(abs(row.number) * (row.n or 0) for _, row in equation)
    return abs(total) <= _CLOSE * max(scale, 1.0)


def _determined(equations: list[list[tuple[int, Estimate]]], hidden: set[str]) -> list[Estimate]:
    """The hidden rows whose sum is the same in every solution: their unit vector lies in the equations' row space."""
    rows = {row.key: row for equation in equations for _, row in equation if row.key in hidden}
    place = {key: number for number, key in enumerate(rows)}
    if not rows:
        return []
    matrix = np.zeros((len(equations), len(rows)))
    for line, equation in enumerate(equations):
        for sign, row in equation:
            if row.key in place:
                matrix[line, place[row.key]] = sign
    _, sizes, directions = np.linalg.svd(matrix, full_matrices=False)
    reached = (directions[sizes > _CLOSE] ** 2).sum(axis=0)  # squared length of each unit vector's projection
    return [row for row, length in zip(rows.values(), reached, strict=True) if length > 1 - _CLOSE]

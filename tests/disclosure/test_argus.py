"""Tau-Argus, which shares nothing with reportlib, finds every small hidden cell of a table by site well protected."""

from __future__ import annotations

from pathlib import Path

import pytest
from attack_ledgers import both_columns
from outsider_labels import read_catalogue
from outsider_rows import read_rows
from whole_ledgers import TRIALS

pytest.importorskip("pytauargus", reason="Tau-Argus has no wheel for this platform")

from argus import HIDDEN, SAFE, SMALL, Audited, Cells, audit, tables


def by_site(*sites: tuple[int, int, str, str]) -> Cells:
    """(how many have it, how many there are, and what is said of the two answers)."""
    cells: dict[tuple[str, str], tuple[int, str]] = {}
    for place, (k, n, yes, no) in enumerate(sites):
        cells |= {(f"S{place:03}", "A1"): (k, yes), (f"S{place:03}", "A2"): (n - k, no)}
        cells[f"S{place:03}", "Total"] = n, SAFE
    have, there = sum(k for k, *_ in sites), sum(n for _, n, *_ in sites)
    return cells | {
        ("Total", "A1"): (have, SAFE),
        ("Total", "A2"): (there - have, SAFE),
        ("Total", "Total"): (there, SAFE),
    }


def test_tau_argus_finds_a_single_hidden_site() -> None:
    cells = by_site((3, 40, SMALL, HIDDEN), (9, 50, SAFE, SAFE), (20, 60, SAFE, SAFE))
    assert audit("job", cells) == [Audited("job", 3, 3, 3)]


def test_tau_argus_finds_room_between_two_hidden_sites() -> None:
    cells = by_site((3, 40, SMALL, HIDDEN), (9, 50, HIDDEN, HIDDEN), (20, 60, SAFE, SAFE))
    (found,) = audit("job", cells)
    assert found.high - found.low + 1 >= 4


@pytest.mark.slow
@pytest.mark.parametrize("path", TRIALS, ids=lambda path: path.parent.name)
def test_tau_argus_finds_enough_values_for_every_small_cell_of_a_table_by_site(path: Path) -> None:
    threshold, released, true = both_columns(path)
    rows, sheets = read_rows(released, true), read_catalogue(path).sheets
    found = [cell for name, cells in tables(rows, sheets, threshold) for cell in audit(name, cells)]
    assert [cell for cell in found if cell.high - cell.low + 1 < threshold - 1] == []

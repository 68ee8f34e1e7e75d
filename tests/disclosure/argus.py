"""Tables of a released ledger laid before Tau-Argus, which says how closely each hidden cell can be had from its table.

Tau-Argus is what statistical offices protect tables with. It sees one table at a time: a measure's counts by site and
answer (of a share: those who have it and those who do not), with the totals, and which of them are hidden. Labels are
codes of one width, because it cuts longer ones.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from outsider_rows import NOT_HERE, Row
from pytauargus.batch import SpecifyTable
from pytauargus.engine import Engine, SafetyRuleSet, parse_rda_table

SAFE, SMALL, HIDDEN = "S", "U", "M"
_TOTAL = "Total"

_METADATA = """site "" ""
  <RECODEABLE>
  <TOTCODE> "Total"
answer "" ""
  <RECODEABLE>
  <TOTCODE> "Total"
count "" ""
  <NUMERIC>
  <DECIMALS> 0
freq "" ""
  <FREQUENCY>
least "" ""
  <NUMERIC> <LOWERPL>
most "" ""
  <NUMERIC> <UPPERPL>
status "" ""
  <STATUS>
<SEPARATOR> ";"
<SAFE> "S"
<UNSAFE> "U"
<PROTECT> "P"
"""

Cells = Mapping[tuple[str, str], tuple[int, str]]
"""(site, answer), `Total` for all of them -> how many, and whether it is shown, small and hidden, or hidden."""


@dataclass(frozen=True, slots=True)
class Audited:
    """A small hidden cell, and what Tau-Argus finds that it can be."""

    table: str
    value: int
    low: int
    high: int


def tables(rows: Sequence[Row], sheets: Collection[str], threshold: int) -> Iterator[tuple[str, Cells]]:
    """The tables by site and answer of a ledger in which something hides while its total is shown.

    `sheets` are the measures of answer sheets: each has an n of its own, which no other row shows.
    """
    by: dict[tuple[str, ...], dict[str, Row]] = defaultdict(dict)
    told: set[tuple[object, ...]] = set()  # how many persons there are, by what other rows show
    for row in rows:
        if row.statistic == "share" and row.counts_persons and not row.site.startswith(NOT_HERE):
            by[row.measure, row.group, row.subgroup, row.time][row.site] = row
        if not row.hidden and row.n is not None and row.measure not in sheets:
            told.add((row.population, row.place, row.n))
        if not row.hidden and row.statistic == "count":
            told.add((row.population, (row.group, row.site, "", row.time), row.k))
    for name, sites in by.items():
        cells = _cells(sites, told, threshold)
        if cells:
            yield ".".join(part for part in name if part), cells


def _cells(
    sites: Mapping[str, Row], told: Collection[tuple[object, ...]], threshold: int
) -> dict[tuple[str, str], tuple[int, str]]:
    whole = sites.get("")
    parts = [row for site, row in sites.items() if site]
    if whole is None or whole.hidden or not any(row.hidden for row in parts):
        return {}
    if any(sum(getattr(row, role) or 0 for row in parts) != getattr(whole, role) for role in ("true_k", "true_n")):
        return {}  # somebody is at none of the sites
    cells: dict[tuple[str, str], tuple[int, str]] = {}
    for place, row in enumerate([*parts, whole]):
        code = _TOTAL if row is whole else f"S{place:03}"
        k, n = row.true_k or 0, row.true_n or 0
        for answer, count, may_hide in (
            ("A1", k, True),
            ("A2", n - k, True),
            (_TOTAL, n, (row.population, row.place, n) not in told),
        ):
            hides = row.hidden and may_hide
            small = hides and 0 < count < threshold
            cells[code, answer] = count, (SMALL if small else HIDDEN if hides else SAFE)
    return cells


def audit(name: str, cells: Cells) -> list[Audited]:
    """What Tau-Argus finds of every small cell of the table."""
    with tempfile.TemporaryDirectory() as folder:
        metadata, data = Path(folder, "table.rda"), Path(folder, "table.tab")
        metadata.write_text(_METADATA, encoding="ascii")
        data.write_text("".join(_line(*codes, *cell) for codes, cell in cells.items()), encoding="ascii")
        known = parse_rda_table(metadata)
        for place, variable in enumerate(known.variables):
            variable.index = place
        engine = Engine()
        engine.open_table_data(str(data), known)
        engine._tables.append((SpecifyTable(exp_vars=["site", "answer"], resp_var="count"), SafetyRuleSet()))
        engine.read_table()
        return [
            Audited(name, round(found["value"]), round(found["min"]), round(found["max"]))
            for found in engine.audit(0)
            if found["status"] == "u"
        ]


def _line(site: str, answer: str, count: int, status: str) -> str:
    wanted = count if status == SMALL else 0  # a protection level as large as the cell: it must not be narrowed first
    return f"{site};{answer};{count};{count};{wanted};{wanted};{status}\n"

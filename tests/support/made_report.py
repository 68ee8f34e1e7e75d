"""A finished report of a few lines, put together without rendering: what a reader reads, and its account.

A text is written with its numbers marked by their origin: `Det er {60 pct|job.deltager.uge5} af dem.`; a number without
an origin (`{5|}`) is part of a name, a day or a definition, and a word such as `{to|udledt:antal(...)}` counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from reportlib.ledger import Estimate, Measure
from reportlib.numbers.account import Account
from reportlib.numbers.account_shown import about
from reportlib.numbers.blocks import Block, Reading, Role
from reportlib.numbers.collect import Printed
from reportlib.numbers.tokens import word_after
from reportlib.text.origin import Kind, Origin
from reportlib.text.units import Unit

_PRINTED = re.compile(r"\{([^{}|]*)\|([^{}]*)\}")
_PLACES = {Role.ALT: "alt", Role.DRAWN: "drawn", Role.HEADING: "heading", Role.CAPTION: "caption", Role.NOTE: "note"}
_TABLE = (Role.CELL, Role.HEADER)


def row(key: str, value: float, **given: Any) -> Estimate:
    """A ledger row under its key `measure.group.time`: a share of a hundred persons if nothing else is said."""
    measure, group, time = (*key.split("."), "", "")[:3]
    share = given.get("statistic", "share") == "share"
    usual = {
        "measure": measure, "statistic": "share", "unit": Unit.PCT, "population": f"gruppen {group}", "group": group,
        "time": time, "n": 100, "k": round(value) if share else None,
    }  # fmt: skip
    return Estimate(key=key, value=value, **{**usual, **given})


def measure(name: str, **given: Any) -> Measure:
    """A measure that is called after itself."""
    usual = {"label": name.capitalize(), "unit": Unit.PCT, "definition": f"Hvad {name} er", "source": "Registeret"}
    return Measure(id=name, **{**usual, **given})


@dataclass(frozen=True)
class MadeReport:
    """What a report is made of; `report()` reads it. Blocks are (role, marked text), chapters begin with headings."""

    blocks: Sequence[tuple[Role, str]]
    rows: Sequence[Estimate] = ()
    measures: Sequence[Measure] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    texts: Sequence[str] = ()
    dates: Sequence[date] = ()
    header: Mapping[str, Any] = field(default_factory=dict)

    def report(self) -> tuple[Reading, Account]:
        """The report as it was made, and its account."""
        blocks: list[Block] = []
        numbers: list[Printed] = []
        titles: list[str] = []
        figure = 0
        for role, marked in self.blocks:
            text = _PRINTED.sub(lambda match: match[1], marked)
            level = text.split()[0].count(".") + 1 if role is Role.HEADING else 0
            if level == 1:
                titles.append(text.partition(" ")[2])
            figure += role is Role.ALT
            at = figure if role in (Role.ALT, Role.DRAWN) else 0
            blocks.append(Block(role, text, len(titles), float=at, level=level))
            for match in _PRINTED.finditer(marked):
                numbers.append(self._printed(match, marked, role, len(titles), figure, len(numbers)))
        known = {found.id: found for found in self.measures}
        account = Account(
            header={
                "stamp": "prøve", "level": 0.05, "sites": ["Nord", "Syd"], "design": "randomised", "chapters": titles,
                "report_date": "2019-05-01", "figures": [f"fig-{n}" for n in range(1, figure + 1)], "subgroups": {},
                "floats": {f"fig-{n}": f"Figur {n}" for n in range(1, figure + 1)}, **self.header,
            },
            numbers=numbers,
            rows={found.key: found for found in self.rows},
            measures={name: known.get(name) or measure(name) for name in {found.measure for found in self.rows}},
            facts=self.facts,
            settings=self.settings,
            texts=self.texts,
            dates=self.dates,
        )  # fmt: skip
        reading = Reading(
            "html",
            blocks,
            contents=[block.text for block in blocks if block.role is Role.HEADING],
            cards={nr: about(printed, account) for nr, printed in account.by_nr.items()},
        )
        return reading, account

    def _printed(
        self, match: re.Match[str], marked: str, role: Role, chapter: int, figure: int, before: int
    ) -> Printed:
        origin = Origin.parse(match[2]) if match[2] else Origin("tekst", kind=Kind.TEXT)
        drawn = role in (Role.ALT, Role.DRAWN)
        return Printed(
            text=match[1],
            origin=origin,
            place="table" if role in _TABLE else _PLACES.get(role, "text"),
            chapter=chapter,
            float=f"fig-{figure}" if drawn else "",
            after=word_after(_PRINTED.sub(lambda other: other[1], marked[match.end() :]))
            if match[1][-1:].isdigit()
            else "",
            nr=None if drawn or not match[2] else before + 1,
        )


def written(reading: Reading, old: str, new: str) -> Reading:
    """The report with a text of it written otherwise, in the first block that holds it."""
    for place, block in enumerate(reading.blocks):
        if old in block.text:
            blocks = list(reading.blocks)
            blocks[place] = replace(block, text=block.text.replace(old, new, 1))
            return replace(reading, blocks=blocks)
    raise AssertionError(f"no block holds {old!r}")

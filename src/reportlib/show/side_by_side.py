"""Two groups, or the subgroups of a division, side by side: shares and levels with their test, as tables."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import capitalise, list_text, number_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import DIFFERENCE, EVERYONE, week_label
from reportlib.prose.titles import differences_title, divisions_title
from reportlib.show import table_cells as cells
from reportlib.show.ledger_rows import (
    NothingToShowError,
    find,
    headings,
    persons,
    row_names,
    sources_of,
    spec_of,
)
from reportlib.show.pipe_table import Table
from reportlib.show.stacked import compare_of
from reportlib.trial.analyses import Subgroups
from reportlib.trial.model import Trial


def compared(ledger: Ledger, trial: Trial, measures: Sequence[str], *, by: str | None = None) -> Table:
    """A row per measure: the level of each part, the difference, p, and how many answered or were counted.

    `by` is the id of the division; without it the treated and the comparison group stand beside each other.

    Raises:
        NothingToShowError: no `compare` analysis holds one of the measures.
    """
    spec = compare_of(trial, measures[0], by)
    if spec.by is None:
        whole, places = "", [(group.id, "", group.label) for group in trial.all_groups]
    else:
        whole, group = spec.by.id, spec.group or EVERYONE
        places = [(group, f"{whole}:{value}", name) for value, name in spec.by.values.items()]
    in_time = sorted(places, key=lambda place: not place[2].startswith("før "))  # what was before stands first
    order = "det første tal minus det andet" if in_time == places else "det andet tal minus det første"
    places = in_time
    head, labels = row_names(ledger, measures, "Mål")
    rows, tests = [], []
    for measure in measures:
        levels = [find(ledger, measure, group=group, subgroup=subgroup) for group, subgroup, _ in places]
        if all(row is None for row in levels):
            raise NothingToShowError(f"the ledger has no {measure} side by side", hint="add it to a `compare` analysis")
        difference = find(ledger, measure, statistic="difference", group=DIFFERENCE, subgroup=whole)
        test = find(ledger, measure, statistic="test", group=DIFFERENCE, subgroup=whole) or difference
        tests.append(test)
        rows.append(
            [
                labels[measure],
                *cells.levels(levels, test, trial.design.level),
                cells.estimate(difference),
                cells.p_value(test, level=trial.design.level),
                _counts(levels),
            ]
        )
    names = [name for _, _, name in places]
    definitions = {ledger.measure(measure).definition for measure in measures}
    return Table(
        caption=f"Sammenligning af {list_text(names)}",
        finding=differences_title(trial, tests),
        head=head,
        columns=[*map(capitalise, names), "Forskel", "p-værdi", "Antal"],
        rows=rows,
        sources=sources_of(ledger, measures),
        notes=[
            definitions.pop() if len(definitions) == 1 else "",
            f"Forskellen er {order}, i procentpoint for andele, og regnet på uafrundede tal",
        ],
    )


def subgroups(ledger: Ledger, trial: Trial, measure: str, week: int | None = None) -> Table:
    """A row per subgroup: the level of each group, the difference with its interval, and how many persons.

    Raises:
        NothingToShowError: no `subgroups` analysis is about the measure in that week.
    """
    spec = spec_of(trial, Subgroups, measure, lambda spec: spec.measure == measure and spec.week == week)
    entry, time = ledger.measure(measure), week_label(week) if week else ""
    rows, tests = [], []
    for division in spec.by:
        for value, name in division.values.items():
            subgroup = f"{division.id}:{value}"
            levels = [find(ledger, measure, group=g.id, subgroup=subgroup, time=time) for g in trial.all_groups]
            difference = find(ledger, measure, statistic="difference", group=DIFFERENCE, subgroup=subgroup, time=time)
            shown = [*map(cells.estimate, levels), cells.with_interval(difference), _counts(levels)]
            rows.append([capitalise(name), *shown])
        test = find(ledger, measure, statistic="interaction", group=DIFFERENCE, subgroup=division.id, time=time)
        if test is not None and test.p is not None:
            p = cells.p_value(test, level=trial.design.level)
            tests.append(f"Test af, om forskellen afhænger af {division.label}: p-værdi {p}")
    return Table(
        finding=divisions_title(ledger, trial, spec),
        caption=f"{entry.label} efter {list_text([division.label for division in spec.by])}",
        head="Gruppe",
        columns=[*headings(trial), "Forskel (interval)", "Antal"],
        rows=rows,
        sources=[entry.source],
        notes=[entry.definition, *tests],
    )


def _counts(rows: Sequence[Estimate | None]) -> cells.Cell:
    """`220 / 200`; the hidden sign where one may not be told."""
    counts = [persons(row) for row in rows]
    if any(count is None for count in counts):
        return cells.HIDDEN
    return cells.Cell(" / ".join(number_text(count) for count in counts if count is not None))

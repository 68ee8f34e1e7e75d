"""How sure each result of a report is: one table of the intervals and p-values that its text leaves out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportlib.danish import event_week, number_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import DIFFERENCE
from reportlib.numbers.describe import STATISTICS, subgroup_words
from reportlib.prose.words import called
from reportlib.show import table_cells as cells
from reportlib.show.ledger_rows import NothingToShowError, sources_of, unit_name
from reportlib.show.pipe_table import Table
from reportlib.text.origin import derived, with_origin
from reportlib.text.units import Unit
from reportlib.trial.model import Trial

_ONLY_P = frozenset(
    {
        "heterogeneity",
        "interaction",
        "interaction_holm",
        "joint_test",
        "p_holm",
        "proportional_hazards",
        "sign_test",
        "test",
    }
)
"""Statistics whose value is a test's own and tells a reader nothing."""
_SAID = frozenset({"difference", "share", "mean", "test"})
"""Statistics that the label names, or the heading."""
_LEVELS = frozenset({"share", "mean"})
_OWN_NAMES = {
    "accumulated": "lagt sammen",
    "contrast": "",
    "hazard_ratio": "forholdet mellem grupperne",
    "hazard_ratio_change": "forholdet senere delt med forholdet først",
    "heterogeneity": "forskel på stederne",
    "interaction_holm": "om forskellen er den samme, korrigeret for antallet af test",
    "net": "",
    "p_holm": "korrigeret for antallet af test",
    "proportional_hazards": "om forholdet er det samme hele tiden",
    "sign_test": "frem mod tilbage",
    "total_units": "lagt sammen",
}
"""What a statistic is called here, where the reader has met it in the text."""


def table(ledger: Ledger, trial: Trial, *, tested: Sequence[str] = (), site: str | None) -> Table:
    """The number, interval, p-value and number of persons of each result that the text up to here gives a verdict on.

    `tested` are the keys of their rows, in the order of the text; the report gives them. Each stands once. Those that
    hide stand only where all do.

    Raises:
        NothingToShowError: the text gives no verdict; the table stands before it, or the report compares nothing.
    """
    found = [ledger[key] for key in tested]
    rows = [row for row in found if row.value is not None or row.p is not None] or [row for row in found if row.hidden]
    if not rows:
        raise NothingToShowError(
            "no result stands in the text before the table of uncertainty", hint="write it after the results"
        )
    level = trial.design.level
    differences = any(row.group == DIFFERENCE and row.statistic not in _ONLY_P for row in rows)
    return Table(
        caption="Den statistiske usikkerhed om rapportens resultater",
        head="Resultat",
        columns=["Tal", cells.INTERVAL, "p-værdi", "Antal"],
        rows=[
            [
                _name(row, _compared(row, ledger), ledger, trial),
                *_numbers(_compared(row, ledger)),
                cells.p_value(row, level=level),
                cells.persons(row),
            ]
            for row in rows
        ],
        sources=sources_of(ledger, dict.fromkeys(row.measure for row in rows)),
        notes=[
            "Tallet er forskellen, hvor der ikke står andet" if differences else "",
            "Antallet er de personer, svar eller steder, tallet bygger på",
        ],
    )


def _compared(row: Estimate, ledger: Ledger) -> Estimate:
    """The difference that a test is of, where the two are rows of their own and are about the same persons."""
    of = {"measure": row.measure, "group": row.group, "site": row.site, "subgroup": row.subgroup, "time": row.time}
    if row.statistic != "test":
        return row
    differences = [one for one in ledger.select(statistic="difference", **of) if one.population == row.population]
    return differences[0] if differences else row


def _numbers(row: Estimate) -> list[cells.Cell]:
    if (row.value is None and not row.hidden) or row.statistic in _ONLY_P:
        return [cells.NOT_ESTIMABLE, cells.NOT_ESTIMABLE]
    return [cells.estimate(row), cells.interval(row)]


def _window(row: Estimate) -> str:
    """The row's weeks in words, their numbers made of the row."""
    weeks = derived("uger", [row])
    return re.sub(r"\d+", lambda found: number_text(with_origin(int(found[0]), weeks)), row.window)


def _name(row: Estimate, shown: Estimate, ledger: Ledger, trial: Trial) -> str:
    """`Andel med ordinære timer i uge 35 (procentpoint)`: the measure, which number of it, of whom, when and where."""
    group = next((one.label for one in trial.every_group if one.id == row.group), "")
    measure = trial.measure_by_id.get(row.measure)
    parts = [
        ledger.measure(row.measure).label if measure is None else called(row, measure),
        "niveauet" if row.statistic in _LEVELS and row.group != DIFFERENCE else "",
        "" if row.statistic in _SAID else _OWN_NAMES.get(row.statistic, STATISTICS.get(row.statistic, row.statistic)),
        (subgroup_words(row, ledger.measures, trial) or row.population) if row.subgroup else "",
        group if trial.groups.comparison is not None else "",
        f"{'til og med ' if row.statistic == 'accumulated' else ''}{event_week(row.week)}" if row.week else "",
        _window(row) if row.time and row.week is None else "",
        row.site,
    ]
    without = shown.value is None or shown.statistic in _ONLY_P or shown.unit is Unit.HAZARD_RATIO
    unit = "" if without else unit_name(shown.unit)
    return ", ".join(part for part in parts if part) + (f" ({unit})" if unit else "")

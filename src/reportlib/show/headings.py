"""Looking up the rows that a table is made of, and the words its headers share."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import capitalise
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import others_than
from reportlib.show.ledger_rows import find
from reportlib.show.style import AXIS_TEXTS
from reportlib.show.texts import lower_first
from reportlib.text.units import Unit
from reportlib.trial.model import Trial


def row_name(ledger: Ledger, measure: str) -> str:
    """A measure as a row header, with its unit unless the label says it: `Andel i job (pct.)`."""
    entry = ledger.measure(measure)
    unit = unit_name(entry.unit)
    said = not unit or entry.label.casefold().endswith(unit)
    return entry.label if said else f"{entry.label} ({unit})"


def row_names(ledger: Ledger, measures: Sequence[str], head: str) -> tuple[str, dict[str, str]]:
    """The header of a column of measures, and each one's name; a unit they share stands in the header alone."""
    units = {ledger.measure(measure).unit for measure in measures}
    labels = {measure: ledger.measure(measure).label for measure in measures}
    names = {measure: row_name(ledger, measure) for measure in measures}
    if len(units) > 1 or any(names[measure] == label for measure, label in labels.items()):
        return head, names
    return f"{head} ({unit_name(units.pop())})", labels


def unit_name(unit: Unit) -> str:
    """The unit as it stands in a header: `pct.`, `timer pr. uge`; empty for numbers without a unit."""
    return "" if unit in (Unit.COUNT, Unit.RATIO, Unit.SCORE) else lower_first(AXIS_TEXTS[unit])


def headings(trial: Trial) -> list[str]:
    """The groups' names as column headers."""
    return [capitalise(group.label) for group in trial.all_groups]


def others_heading(trial: Trial) -> str:
    """`Øvrige kommuner`."""
    return f"Øvrige {trial.sites.noun.many}"


def site_pair(
    ledger: Ledger, measure: str, group: str, site: str, *, time: str = ""
) -> tuple[Estimate | None, Estimate | None]:
    """The row of a site and the row of all other sites."""
    return (
        find(ledger, measure, group=group, site=site, time=time),
        find(ledger, measure, group=group, site=others_than(site), time=time),
    )

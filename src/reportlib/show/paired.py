"""The same persons before and after: two dots a row joined by a line, and the table with the change."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import number_text
from reportlib.ledger import Ledger
from reportlib.ledger.keys import AFTER, BEFORE, DIFFERENCE, others_than
from reportlib.prose.estimate_text import HIDDEN_SIGN, hidden_cell_note
from reportlib.prose.titles import differences_title
from reportlib.show import table_cells as cells
from reportlib.show.ledger_rows import (
    AXIS_TEXTS,
    NothingToShowError,
    counted,
    find,
    known_site,
    others_heading,
    row_name,
    shown,
    sources_of,
)
from reportlib.show.part import Chart
from reportlib.show.pipe_table import Table
from reportlib.show.row_chart import PER_CENT, Key, RowPlan, Stretch, draw_rows, mark, row
from reportlib.show.style import said
from reportlib.show.texts import joined, level_text, stop
from reportlib.text.units import Unit
from reportlib.trial.analyses import BeforeAfter
from reportlib.trial.model import Trial, before_after_of


def before_after_figure(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None = None) -> Chart:
    """Shares before and after in the same persons; with `site` that site's persons."""
    place = known_site(trial, site) if site else ""
    title = f"De samme {trial.persons.many} før og efter" + (f" i {site}" if site else "")
    drawn, told, hidden = [], [], False
    for measure in measures:
        found = [find(ledger, measure, group=group, site=place) for group in (BEFORE, AFTER)]
        one, two = map(shown, found)
        label = ledger.measure(measure).label
        dots = [mark(one, "o", "neutral", filled=False, size=7.0), mark(two, "o", "deltager", size=7.0)]
        between = None if one is None or two is None else Stretch(one, two, "line", width=2.0, zorder=2)
        numbers = [HIDDEN_SIGN if value is None else number_text(value, 0) for value in (one, two)]
        drawn.append(row(label, [between, *dots], counted(" / ".join(numbers), found[1]), share=0.4))
        words = ["skjult" if value is None else level_text(value, Unit.PCT) for value in (one, two)]
        told.append(f"{label}: {words[0]} før, {words[1]} efter")
        hidden = hidden or one is None or two is None
    return Chart(
        plan=RowPlan(
            rows=tuple(drawn),
            scale=PER_CENT,
            axis=said(AXIS_TEXTS[Unit.PCT]),
            right_heading="Før / efter (n)",
            keys=(Key("o", "neutral", said("Før"), filled=False), Key("o", "deltager", said("Efter"))),
            row_height=24.0,
        ),
        draw=draw_rows,
        alt=joined(f"Punktdiagram med to punkter i hver række. {title}.", stop("; ".join(told))),
        caption=title,
        finding="" if site else _changes(ledger, trial, measures),
        sources=sources_of(ledger, measures),
        notes=[
            _windows(before_after_of(trial, measures[0])),
            hidden_cell_note(trial.disclosure.threshold) if hidden else "",
        ],
    )


def _changes(ledger: Ledger, trial: Trial, measures: Sequence[str]) -> str:
    """How many of the changes are sure."""
    return differences_title(trial, [find(ledger, name, statistic="difference", group=DIFFERENCE) for name in measures])


def _windows(spec: BeforeAfter) -> str:
    return f"Før er {spec.before_window}, efter er tiden {spec.after_window}"


def before_after_table(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None = None) -> Table:
    """Levels before and after and the change with interval and p; with `site` its levels beside those of all others.

    Raises:
        NothingToShowError: no `before_after` analysis holds one of the measures, or it is not by site.
    """
    spec = before_after_of(trial, measures[0])
    places = [known_site(trial, site), others_than(site)] if site else [""]
    rows = []
    for measure in measures:
        levels = [find(ledger, measure, group=group, site=place) for place in places for group in (BEFORE, AFTER)]
        if site and all(row is None for row in levels):
            raise NothingToShowError(f"the ledger has no {measure} by site", hint="set `by_site: true`")
        cells_of = [row_name(ledger, measure), *(cells.estimate(row) for row in levels)]
        if not site:
            change = find(ledger, measure, statistic="difference", group=DIFFERENCE)
            p = cells.p_value(change, level=trial.design.level)
            cells_of += [cells.with_interval(change), p, cells.persons(levels[1])]
        rows.append(cells_of)
    names = (site, others_heading(trial))
    at_site = [f"{name}, {moment}" for name in names for moment in ("før", "efter")]
    beside = f", {site} og øvrige {trial.sites.noun.many}" if site else ""
    definitions = [f"{ledger.measure(measure).label}: {ledger.measure(measure).definition}" for measure in measures]
    return Table(
        caption=f"De samme {trial.persons.many} før og efter{beside}",
        finding="" if site else _changes(ledger, trial, measures),
        head="Mål",
        columns=at_site if site else ["Før", "Efter", "Udvikling", "p-værdi", "Antal"],
        rows=rows,
        sources=sources_of(ledger, measures),
        notes=[_windows(spec), *definitions],
    )

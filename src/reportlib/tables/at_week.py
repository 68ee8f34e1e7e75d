"""Levels and difference in one week, and how the difference stands under other ways of computing it."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import (
    NBSP,
    ROUNDING_NOTE,
    PrintedDecimals,
    confidence_name,
    consistent_decimals,
    default_decimals,
    list_text,
    number_text,
)
from reportlib.figures.block import sources_of
from reportlib.figures.rows import NothingToShowError, find, known_site, persons, shown
from reportlib.figures.style import AXIS_TEXTS
from reportlib.figures.texts import lower_first
from reportlib.keys import DIFFERENCE, week_label
from reportlib.ledger import Estimate, Ledger
from reportlib.tables import cells
from reportlib.tables.builder import Column, Table, markdown, table, with_notes, with_row, with_sources
from reportlib.tables.lookup import headings, others_heading, row_name, site_pair
from reportlib.trial.model import Trial
from reportlib.units import Unit

_VARIANTS = (
    ("difference", "Rå forskel"),
    ("adjusted", "Justeret for baggrund"),
    ("stratified", "Stratificeret efter {site}"),
    ("clustered", "Usikkerhed grupperet efter {site}"),
)


def at_week(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    week: int,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """One row per measure: the level in each group, the difference, its interval and p-value.

    With `site`, the levels are those of the treated at the site and at all other sites; the difference is the trial's.

    Raises:
        NothingToShowError: the ledger has none of the measures in that week, or no such site.
    """
    names = [known_site(trial, site), others_heading(trial)] if site else headings(trial)
    has_difference = trial.groups.comparison is not None
    columns = [Column("Mål", numbers=False), *(Column(name) for name in names)]
    if has_difference:
        where = " (hele forsøget)" if site else ""
        columns += [Column(f"Forskel{where}"), Column(confidence_name(trial.design.level)), Column("p-værdi")]
    made = table(
        id,
        caption or _caption(trial, week, site),
        columns,
        threshold=trial.disclosure.threshold,
    )
    for measure in measures:
        levels = _levels(ledger, trial, measure, week, site)
        difference = find(ledger, measure, statistic="difference", group=DIFFERENCE, time=week_label(week))
        if all(row is None for row in (*levels, difference)):
            raise NothingToShowError(f"the ledger has no {measure} in week {week}")
        made = _with_measure(made, ledger, trial, measure, levels, difference if has_difference else None, site)
    made = with_sources(made, sources_of(ledger, measures))
    return markdown(with_notes(made, _persons_note(ledger, trial, measures, week), *_definitions(ledger, measures)))


def _levels(ledger: Ledger, trial: Trial, measure: str, week: int, site: str | None) -> list[Estimate | None]:
    time = week_label(week)
    if site:
        return list(site_pair(ledger, measure, trial.groups.treated.id, site, time=time))
    return [find(ledger, measure, group=group.id, time=time) for group in trial.all_groups]


def _with_measure(
    made: Table,
    ledger: Ledger,
    trial: Trial,
    measure: str,
    levels: Sequence[Estimate | None],
    difference: Estimate | None,
    site: str | None,
) -> Table:
    unit = ledger.measure(measure).unit
    printed = _decimals(unit, levels, difference, subtract=not site)
    row = [cells.text(row_name(ledger, measure)), *(cells.estimate(level, printed.decimals) for level in levels)]
    if trial.groups.comparison is not None:
        row += [
            cells.estimate(difference, printed.decimals),
            cells.interval(difference, max(1, printed.decimals)),
            cells.p_value(difference, level=trial.design.level),
        ]
    made = with_row(made, row)
    return with_notes(made, ROUNDING_NOTE) if printed.rounding_note else made


def _decimals(
    unit: Unit, levels: Sequence[Estimate | None], difference: Estimate | None, *, subtract: bool
) -> PrintedDecimals:
    """As few decimals as make the printed levels give the printed difference; one more than usual at most."""
    start = default_decimals(unit)
    values = [shown(row) for row in (*levels, difference)]
    if not subtract or len(values) != 3 or None in values:
        return PrintedDecimals(start, rounding_note=False)
    first, second, gap = (value for value in values if value is not None)
    return consistent_decimals(first, second, gap, start=start)


def _persons_note(ledger: Ledger, trial: Trial, measures: Sequence[str], week: int) -> str:
    """How many persons the levels rest on; a range where the measures differ."""
    parts: list[str] = []
    for group in trial.all_groups:
        rows = [find(ledger, measure, group=group.id, time=week_label(week)) for measure in measures]
        counts = [count for row in rows if (count := persons(row)) is not None]
        if counts:
            low, high = number_text(min(counts)), number_text(max(counts))
            people = "" if parts else " personer"
            parts.append(f"{low if low == high else f'{low}–{high}'}{people} i {group.label}")
    return f"I uge{NBSP}{week} følges {list_text(parts)}" if parts else ""


def _definitions(ledger: Ledger, measures: Sequence[str]) -> list[str]:
    """What each measure counts, with its name in front where there are several."""
    if len(measures) == 1:
        return [ledger.measure(measures[0]).definition]
    return [f"{(entry := ledger.measure(measure)).label}: {lower_first(entry.definition)}" for measure in measures]


def _caption(trial: Trial, week: int, site: str | None) -> str:
    if site:
        return f"Niveau i {site} og øvrige {trial.sites.noun.many} og forskellen i hele forsøget, uge{NBSP}{week}"
    if trial.groups.comparison is None:
        return f"Niveau i uge{NBSP}{week}"
    return f"Niveau i {list_text(group.label for group in trial.all_groups)} og forskellen, uge{NBSP}{week}"


def robustness(
    ledger: Ledger,
    trial: Trial,
    measure: str,
    week: int,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
) -> str:
    """The difference in one week computed in several ways: raw, adjusted, stratified, clustered.

    Raises:
        NothingToShowError: the ledger has no difference of the measure in that week.
    """
    entry = ledger.measure(measure)
    found = {
        name.format(site=trial.sites.noun.one): row
        for statistic, name in _VARIANTS
        if (row := find(ledger, measure, statistic=statistic, group=DIFFERENCE, time=week_label(week))) is not None
    }
    if not found:
        raise NothingToShowError(f"the ledger has no difference in {measure} in week {week}")
    unit = next(iter(found.values())).unit
    made = table(
        id,
        caption or f"{entry.label} i uge{NBSP}{week}: forskellen beregnet på flere måder",
        [
            Column("Beregning", numbers=False),
            Column(f"Forskel ({lower_first(AXIS_TEXTS[unit])})"),
            Column(confidence_name(trial.design.level)),
            Column("p-værdi"),
        ],
        threshold=trial.disclosure.threshold,
    )
    for name, row in found.items():
        made = with_row(
            made,
            [
                cells.text(name),
                cells.estimate(row, 1),
                cells.interval(row, 1),
                cells.p_value(row, level=trial.design.level),
            ],
        )
    return markdown(
        with_notes(with_sources(made, [entry.source]), entry.definition, _adjusted_note(trial, measure, week))
    )


def _adjusted_note(trial: Trial, measure: str, week: int) -> str:
    """Which background the adjusted difference takes into account."""
    for analysis in trial.analyses:
        if (
            analysis.kind == "at_week"
            and analysis.week == week
            and measure in analysis.measures
            and analysis.adjust_for
        ):
            labels = trial.extracts.participants.background
            names = list_text(lower_first(labels.get(column, column)) for column in analysis.adjust_for)
            return f"Der er justeret for {names}"
    return ""

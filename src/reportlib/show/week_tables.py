"""Levels and difference in one week, and how the difference stands under other ways of computing it."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import (
    EN_DASH,
    ROUNDING_NOTE,
    PrintedDecimals,
    confidence_name,
    consistent_decimals,
    default_decimals,
    event_week,
    list_text,
    number_text,
)
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import DIFFERENCE, week_label
from reportlib.show import table_cells as cells
from reportlib.show.block import sources_of
from reportlib.show.headings import headings, others_heading, row_name, site_pair
from reportlib.show.ledger_rows import NothingToShowError, find, known_site, persons, shown
from reportlib.show.pipe_table import Column, Table, as_wide, markdown, table, with_notes, with_row, with_sources
from reportlib.show.style import AXIS_TEXTS
from reportlib.show.texts import lower_first, whole_trial_note
from reportlib.text.units import RULES, Unit
from reportlib.trial.analyses import AtWeek
from reportlib.trial.model import Trial

_VARIANTS = (
    ("difference", "Uden justering"),
    ("adjusted", "Justeret for baggrund"),
    ("stratified", "Sammenlignet inden for {site}"),
    ("clustered", "Usikkerhed mellem {sites}"),
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
        where = f" (hele {trial.design.undertaking})" if site else ""
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
    return consistent_decimals(first, second, gap, start=start, stop=RULES[unit].most)


def _persons_note(ledger: Ledger, trial: Trial, measures: Sequence[str], week: int) -> str:
    """How many persons the levels rest on; a range where the measures differ."""
    parts: list[str] = []
    for group in trial.all_groups:
        rows = [find(ledger, measure, group=group.id, time=week_label(week)) for measure in measures]
        counts = [count for row in rows if (count := persons(row)) is not None]
        if counts:
            low, high = min(counts), max(counts)
            printed = number_text(low) if low == high else f"{number_text(low)}{EN_DASH}{number_text(high)}"
            parts.append(f"{printed}{'' if parts else ' personer'} i {group.label}")
    return f"I {event_week(week)} følges {list_text(parts)}" if parts else ""


def _definitions(ledger: Ledger, measures: Sequence[str]) -> list[str]:
    """What each measure counts, with its name in front where there are several."""
    if len(measures) == 1:
        return [ledger.measure(measures[0]).definition]
    return [f"{(entry := ledger.measure(measure)).label}: {lower_first(entry.definition)}" for measure in measures]


def _caption(trial: Trial, week: int, site: str | None) -> str:
    if site:
        return (
            f"Niveau i {site} og øvrige {trial.sites.noun.many} og forskellen i hele {trial.design.undertaking}, "
            f"{event_week(week)}"
        )
    if trial.groups.comparison is None:
        return f"Niveau i {event_week(week)}"
    return f"Niveau i {list_text(group.label for group in trial.all_groups)} og forskellen, {event_week(week)}"


def robustness(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    week: int,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """One row per measure: the difference computed in several ways, each with its interval.

    Raises:
        NothingToShowError: the ledger has no difference of one of the measures in that week.
    """
    found = {measure: _variants(ledger, measure, week) for measure in measures}
    used = [(statistic, name) for statistic, name in _VARIANTS if any(statistic in rows for rows in found.values())]
    made = table(
        id,
        caption or f"Forskellen i {event_week(week)} beregnet på flere måder",
        [
            Column("Mål", numbers=False),
            *(Column(name.format(site=trial.sites.noun.one, sites=trial.sites.noun.many)) for _, name in used),
        ],
        threshold=trial.disclosure.threshold,
    )
    for measure, rows in found.items():
        if not rows:
            raise NothingToShowError(f"the ledger has no difference in {measure} in week {week}")
        unit = next(iter(rows.values())).unit
        name = f"{ledger.measure(measure).label} ({lower_first(AXIS_TEXTS[unit])})"
        made = with_row(made, [cells.text(name), *(cells.with_interval(rows.get(variant), 1) for variant, _ in used)])
    made = with_notes(
        with_sources(made, sources_of(ledger, measures)),
        f"I parentes står {confidence_name(trial.design.level)}let",
        _adjusted_note(trial, measures, week),
        *_variant_notes(trial, {statistic for statistic, _ in used}),
        whole_trial_note(site),
    )
    return markdown(as_wide(made))


def _variant_notes(trial: Trial, used: set[str]) -> list[str]:
    """What the other ways of computing mean."""
    one, many = trial.sites.noun.one, trial.sites.noun.many
    each = "hvert" if trial.sites.noun.gender == "et" else "hver"
    notes = {
        "stratified": f"Sammenlignet inden for {one}: grupperne sammenlignes i {each} {one} for sig og vejes sammen",
        "clustered": f"Usikkerhed mellem {many}: der tages højde for, at personer i samme {one} kan ligne hinanden",
    }
    return [note for statistic, note in notes.items() if statistic in used]


def _variants(ledger: Ledger, measure: str, week: int) -> dict[str, Estimate]:
    rows = {
        statistic: find(ledger, measure, statistic=statistic, group=DIFFERENCE, time=week_label(week))
        for statistic, _ in _VARIANTS
    }
    return {statistic: row for statistic, row in rows.items() if row is not None}


def _adjusted_note(trial: Trial, measures: Sequence[str], week: int) -> str:
    """Which background the adjusted difference takes into account."""
    declared = (analysis for analysis in trial.analyses if isinstance(analysis, AtWeek) and analysis.week == week)
    for analysis in declared:
        if analysis.adjust_for and not set(measures).isdisjoint(analysis.measures):
            labels = trial.extracts.participants.background
            names = list_text(lower_first(labels.get(column, column)) for column in analysis.adjust_for)
            return f"Justeret for baggrund: der tages højde for {names}"
    return ""

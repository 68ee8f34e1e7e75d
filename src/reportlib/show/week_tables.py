"""One week closely: levels and difference, and how the difference stands under other ways of computing it."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import EN_DASH, ROUNDING_NOTE, decapitalise, event_week, list_text, number_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import week_label
from reportlib.prose.estimate_text import does_not_subtract
from reportlib.prose.titles import ways_title
from reportlib.show import table_cells as cells
from reportlib.show.ledger_rows import (
    AXIS_TEXTS,
    NothingToShowError,
    between,
    find,
    headings,
    known_site,
    others_heading,
    persons,
    row_name,
    row_names,
    site_pair,
    sources_of,
)
from reportlib.show.pipe_table import Table
from reportlib.trial.analyses import AtWeek
from reportlib.trial.model import Trial

_WAYS = {
    "difference": "Uden justering",
    "adjusted": "Justeret for baggrund",
    "stratified": "Sammenlignet inden for {site}",
    "clustered": "Usikkerhed mellem {sites}",
}
_WAYS_OF_DIFFERENCES = {
    "difference": "Som i figuren",
    "unadjusted": "Uden kontrol",
    "exact": "Kontrol for hvert trin",
    "two_way": "Med effekter af {site} og måned",
}


def at_week(ledger: Ledger, trial: Trial, measures: Sequence[str], week: int, *, site: str | None = None) -> Table:
    """One row per measure: the level in each group, the difference, its interval and p-value.

    With `site`, the levels are those of the treated at the site and at all other sites; the difference is the trial's.

    Raises:
        NothingToShowError: the ledger has none of the measures in that week, or no such site.
    """
    columns = [known_site(trial, site), others_heading(trial)] if site else headings(trial)
    if trial.groups.comparison is not None:
        where = f" (hele {trial.design.undertaking})" if site else ""
        columns += [f"Forskel{where}", cells.INTERVAL, "p-værdi"]
    rows, rounded = [], ""
    for measure in measures:
        levels = _levels(ledger, trial, measure, week, site)
        difference = between(ledger, measure, time=week_label(week))
        if all(row is None for row in (*levels, difference)):
            raise NothingToShowError(f"the ledger has no {measure} in week {week}")
        two = trial.groups.comparison is not None
        compared = difference if two else None
        told = cells.tested(difference, trial.design.level) if two else []
        rows.append([row_name(ledger, measure), *cells.levels(levels, compared, trial.design.level), *told])
        rounded = ROUNDING_NOTE if not site and _do_not_subtract(levels, compared, trial.design.level) else rounded
    return Table(
        caption=_caption(trial, week, site),
        head="Mål",
        columns=columns,
        rows=rows,
        sources=sources_of(ledger, measures),
        notes=[rounded, _persons_note(ledger, trial, measures, week), *_definitions(ledger, measures)],
    )


def _levels(ledger: Ledger, trial: Trial, measure: str, week: int, site: str | None) -> list[Estimate | None]:
    time = week_label(week)
    if site:
        return list(site_pair(ledger, measure, trial.groups.treated.id, site, time=time))
    return [find(ledger, measure, group=group.id, time=time) for group in trial.all_groups]


def _do_not_subtract(levels: Sequence[Estimate | None], difference: Estimate | None, level: float) -> bool:
    """True where two levels and their difference are printed, and the levels do not give the difference."""
    known = [row for row in (*levels, difference) if row is not None and row.value is not None]
    return len(known) == 3 and does_not_subtract(*known, level=level)


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
    return [f"{(entry := ledger.measure(measure)).label}: {decapitalise(entry.definition)}" for measure in measures]


def _caption(trial: Trial, week: int, site: str | None) -> str:
    if site:
        return (
            f"Niveau i {site} og øvrige {trial.sites.noun.many} og forskellen i hele {trial.design.undertaking}, "
            f"{event_week(week)}"
        )
    if trial.groups.comparison is None:
        return f"Niveau i {event_week(week)}"
    return f"Niveau i {list_text(group.label for group in trial.all_groups)} og forskellen, {event_week(week)}"


def robustness(ledger: Ledger, trial: Trial, measures: Sequence[str], week: int) -> Table:
    """One row per measure: the difference computed in several ways, each with its interval.

    Raises:
        NothingToShowError: the ledger has no difference of one of the measures in that week.
    """
    found = {measure: _computed(ledger, measure, week, _WAYS) for measure in measures}
    used = [statistic for statistic in _WAYS if any(statistic in rows for rows in found.values())]
    table_rows = []
    for measure, rows in found.items():
        if not rows:
            raise NothingToShowError(f"the ledger has no difference in {measure} in week {week}")
        unit = decapitalise(AXIS_TEXTS[next(iter(rows.values())).unit])
        differences = [cells.with_interval(rows.get(statistic)) for statistic in used]
        table_rows.append([f"{ledger.measure(measure).label} ({unit})", *differences])
    noun = trial.sites.noun
    return Table(
        finding=ways_title(trial, [rows.values() for rows in found.values()]),
        caption=f"Forskellen i {event_week(week)} beregnet på flere måder",
        head="Mål",
        columns=[_WAYS[statistic].format(site=noun.one, sites=noun.many) for statistic in used],
        rows=table_rows,
        sources=sources_of(ledger, measures),
        notes=[
            "I parentes står den statistiske usikkerhed",
            _adjusted_note(trial, measures, week),
            *_way_notes(trial, used),
        ],
        wide=True,
    )


def _computed(ledger: Ledger, measure: str, week: int, ways: dict[str, str]) -> dict[str, Estimate]:
    """The rows of one week's difference by the way it was computed."""
    time = week_label(week)
    rows = {way: between(ledger, measure, way, time=time) for way in ways}
    return {way: row for way, row in rows.items() if row is not None}


def _way_notes(trial: Trial, used: Sequence[str]) -> list[str]:
    """What the other ways of computing mean."""
    one, many = trial.sites.noun.one, trial.sites.noun.many
    each = "hvert" if trial.sites.noun.gender == "et" else "hver"
    few = "; der er så få, at den selv er usikker" if trial.few_places else ""
    notes = {
        "stratified": f"Sammenlignet inden for {one}: grupperne sammenlignes i {each} {one} for sig og vejes sammen",
        "clustered": f"Usikkerhed mellem {many}: der tages højde for, at personer i samme {one} kan ligne hinanden"
        f"{few}",
    }
    return [note for statistic, note in notes.items() if statistic in used]


def _adjusted_note(trial: Trial, measures: Sequence[str], week: int) -> str:
    """Which background the adjusted difference takes into account."""
    declared = (analysis for analysis in trial.analyses if isinstance(analysis, AtWeek) and analysis.week == week)
    for analysis in declared:
        if analysis.adjust_for and not set(measures).isdisjoint(analysis.measures):
            labels = trial.extracts.participants.background
            names = list_text(decapitalise(labels.get(column, column)) for column in analysis.adjust_for)
            return f"Justeret for baggrund: der tages højde for {names}"
    return ""


def closer_look(ledger: Ledger, trial: Trial, measures: Sequence[str], week: int) -> Table:
    """One week's difference in differences computed in several ways."""
    head, labels = row_names(ledger, measures, "Mål og beregning")
    found = {measure: _computed(ledger, measure, week, _WAYS_OF_DIFFERENCES) for measure in measures}
    return Table(
        finding=ways_title(trial, [rows.values() for rows in found.values()]),
        caption=f"Forskel i forskelle i {event_week(week)}, beregnet på flere måder",
        head=head,
        columns=["Forskel", cells.INTERVAL, "p-værdi", "Personer"],
        rows=[
            [
                f"{labels[measure]}: {_WAYS_OF_DIFFERENCES[way].lower().format(site=trial.sites.noun.one)}",
                *cells.tested(row, trial.design.level),
                cells.persons(row),
            ]
            for measure, rows in found.items()
            for way, row in rows.items()
        ],
        sources=sources_of(ledger, measures),
        notes=[f"Usikkerheden tager højde for, at personer fra samme {trial.sites.noun.one} ligner hinanden"],
        wide=True,
    )

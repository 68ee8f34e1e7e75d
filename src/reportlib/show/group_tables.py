"""Tables of groups: how many persons, what they are like, and their levels (or those of subgroups) with the test.

One week closely: levels and difference, and how the difference stands under other ways of computing it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from reportlib.danish import EN_DASH, ROUNDING_NOTE, capitalise, decapitalise, event_week, list_text, number_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.digits import interval_decimals
from reportlib.ledger.keys import PERSONS, week_label
from reportlib.prose.estimate_text import does_not_subtract
from reportlib.prose.titles import differences_title, divisions_title, ways_title
from reportlib.show import table_cells as cells
from reportlib.show.ledger_rows import (
    AXIS_TEXTS,
    NothingToShowError,
    between,
    definitions_of,
    find,
    headings,
    known_site,
    others_heading,
    persons,
    places_of,
    row_name,
    row_names,
    site_pair,
    some_of,
    sources_of,
)
from reportlib.show.pipe_table import Table
from reportlib.text.origin import count_of
from reportlib.trial.analyses import AtWeek
from reportlib.trial.model import Trial, compare_of, parts_of, subgroups_of

# A table of more rows than this is set smaller.
_CLOSE_FROM = 12


def persons_by_site(ledger: Ledger, trial: Trial, *, site: str | None = None) -> Table:
    """How many persons there are at each site in each group; in a site's version the site, all others, and in all.

    Raises:
        NothingToShowError: no such site.
    """
    groups = [group.id for group in trial.all_groups]
    rows = [
        [
            cells.text(name, strong=name == site or not place),
            *(cells.estimate(find(ledger, PERSONS, group=group, site=place)) for group in groups),
        ]
        for name, place in places_of(trial, site, "I alt")
    ]
    return Table(
        caption=f"Personer efter {trial.sites.noun.one}{' og gruppe' if len(groups) > 1 else ''}",
        head=capitalise(trial.sites.noun.one),
        columns=headings(trial),
        rows=rows,
        sources=sources_of(ledger, [PERSONS]),
        wide=len(rows) > _CLOSE_FROM,
    )


def populations(ledger: Ledger, trial: Trial, ids: Sequence[str]) -> Table:
    """One row per population: how many persons of every group.

    Raises:
        NothingToShowError: the populations have not been counted.
    """
    rows = []
    for name in ids:
        found = [find(ledger, PERSONS, group=group.id, subgroup=name) for group in trial.every_group]
        if all(row is None for row in found):
            raise NothingToShowError(f"population {name} is not counted", hint="add it to `population_counts`")
        rows.append([capitalise(trial.population_by_id[name].label), *map(cells.estimate, found)])
    return Table(
        caption="Personer i målgrupperne",
        head="Gruppe",
        columns=[capitalise(group.label) for group in trial.every_group],
        rows=rows,
        sources=sources_of(ledger, [PERSONS]),
    )


def group_levels(ledger: Ledger, trial: Trial, measures: Sequence[str], *, without: str = "") -> Table:
    """One row per person measure: the level in every group, and the test between the first two.

    `without` is what the labels end with and the caption says.
    """
    rows, tests = [], []
    for measure in measures:
        levels = [find(ledger, measure, group=group.id) for group in trial.every_group]
        test = between(ledger, measure)
        if test is None or test.p is None:  # a share's difference has an interval, and its test a row
            test = between(ledger, measure, "test")
        tests.append(test)
        name = row_name(ledger, measure)
        rows.append(
            [
                name.replace(without, "") if without else name,
                *cells.levels_and_more(levels[:2], levels[2:], test, trial.design.level),
                cells.p_value(test, level=trial.design.level),
            ]
        )
    return Table(
        finding=differences_title(trial, tests),
        caption="Kendetegn ved registreringen",
        head="Kendetegn",
        columns=[*(capitalise(group.label) for group in trial.every_group), "p-værdi"],
        rows=rows,
        sources=sources_of(ledger, measures),
        notes=[f"Testen er mellem {' og '.join(group.label for group in trial.all_groups)}"],
    )


def levels_by_site(ledger: Ledger, trial: Trial, measures: Sequence[str], *, site: str | None = None) -> Table:
    """Person measures of the treated: in all, or the site beside all others and the whole."""
    group, rows = trial.groups.treated.id, []
    for measure in measures:
        whole = find(ledger, measure, group=group)
        pair = site_pair(ledger, measure, group, site) if site else ()
        rows.append(
            [row_name(ledger, measure), *map(cells.estimate, pair), cells.estimate(whole), cells.persons(whole)]
        )
    return Table(
        caption=f"Opgjort for {trial.groups.treated.many}",
        head="Mål",
        columns=[*([site, others_heading(trial)] if site else []), "Alle", capitalise(trial.groups.treated.some)],
        rows=rows,
        sources=sources_of(ledger, measures),
        notes=definitions_of(ledger, measures),
    )


# Two groups, or the subgroups of a division, side by side.


def compared(ledger: Ledger, trial: Trial, measures: Sequence[str], *, by: str | None = None) -> Table:
    """A row per measure: the level of each part, the difference, p, and how many answered or were counted.

    `by` is the id of the division; without it the treated and the comparison group stand beside each other.

    Raises:
        MissingAnalysisError: no `compare` analysis holds one of the measures.
    """
    spec = compare_of(trial, measures[0], by)
    whole = spec.by.id if spec.by else ""
    places = parts_of(spec) or [(group.id, "", group.label) for group in trial.all_groups]
    in_time = sorted(places, key=lambda place: not place[2].startswith("før "))  # what was before stands first
    order = "det første tal minus det andet" if in_time == places else "det andet tal minus det første"
    places = in_time
    pair = len(places) == 2  # the difference of the first two is not what a test of more is of
    head, labels = row_names(ledger, measures, "Mål")
    rows, tests = [], []
    for measure in measures:
        found = [find(ledger, measure, group=group, subgroup=subgroup) for group, subgroup, _ in places]
        levels = some_of(found, f"{measure} side by side", "add it to a `compare` analysis")
        difference = between(ledger, measure, subgroup=whole)
        test = between(ledger, measure, "test", subgroup=whole) or difference
        tests.append(test)
        rows.append(
            [
                labels[measure],
                *cells.levels(levels, test, trial.design.level),
                *([cells.estimate(difference)] if pair else []),
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
        columns=[*map(capitalise, names), *(["Forskel"] if pair else []), "p-værdi", "Antal"],
        rows=rows,
        sources=sources_of(ledger, measures),
        notes=[
            definitions.pop() if len(definitions) == 1 else "",
            f"Forskellen er {order}, i procentpoint for andele, og regnet på uafrundede tal" if pair else "",
        ],
    )


def subgroups(ledger: Ledger, trial: Trial, measure: str, week: int | None = None) -> Table:
    """A row per subgroup: the level of each group, the difference with its interval, and how many persons.

    Raises:
        MissingAnalysisError: no `subgroups` analysis is about the measure in that week.
    """
    spec = subgroups_of(trial, measure, week)
    entry, time = ledger.measure(measure), week_label(week) if week else ""
    rows, tests = [], []
    for division in spec.by:
        for value, name in division.values.items():
            subgroup = f"{division.id}:{value}"
            levels = [find(ledger, measure, group=g.id, subgroup=subgroup, time=time) for g in trial.all_groups]
            difference = between(ledger, measure, subgroup=subgroup, time=time)
            shown = [*map(cells.estimate, levels), cells.with_interval(difference), _counts(levels)]
            rows.append([capitalise(name), *shown])
        # corrected, as the title and the text are: one p-value of a test in a report
        test = between(ledger, measure, "interaction_holm", subgroup=division.id, time=time)
        if test is not None and test.p is not None:
            p, among = cells.p_value(test, level=trial.design.level), number_text(count_of([one.id for one in spec.by]))
            corrected = f", korrigeret for, at der er {among} test" if len(spec.by) > 1 else ""
            tests.append(f"Test af, om forskellen afhænger af {division.label}: p-værdi {p}{corrected}")
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
            _near_zero_note(found.values()),
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


def _near_zero_note(found: Iterable[Mapping[str, Estimate]]) -> str:
    """Why intervals in one row of the table have different decimals; "" where none have."""
    limited = [[row for row in rows.values() if row.ci_low is not None] for rows in found]
    if all(len({interval_decimals(row) for row in rows}) < 2 for rows in limited):
        return ""
    return "Intervaller, der ender tæt på nul, har flere decimaler, så det kan ses, om nul er med"


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

"""Tables of comparisons between places and years: who is counted, ratios of rates, one week in several ways, matching,
requirements, and months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from reportlib.danish import NBSP, capitalise, confidence_name, event_week, list_text, month_text, number_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import DIFFERENCE, PERSONS, week_label
from reportlib.show import table_cells as cells
from reportlib.show.block import definitions_of, sources_of
from reportlib.show.headings import row_name, row_names, site_pair, unit_name
from reportlib.show.ledger_rows import NothingToShowError, find
from reportlib.show.pipe_table import Column, as_wide, markdown, table, with_notes, with_row, with_sources
from reportlib.show.texts import whole_trial_note
from reportlib.text.origin import derived, with_origin
from reportlib.trial.analyses import Cox
from reportlib.trial.model import Trial

UNADJUSTED = "uden-kontrol"


def populations(
    ledger: Ledger,
    trial: Trial,
    ids: Sequence[str],
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """One row per population: how many persons of every group.

    Raises:
        NothingToShowError: the populations have not been counted.
    """
    made = table(
        id,
        caption or "Personer i målgrupperne",
        [Column("Gruppe", numbers=False), *(Column(capitalise(group.label)) for group in trial.every_group)],
        threshold=trial.disclosure.threshold,
    )
    for name in ids:
        rows = [find(ledger, PERSONS, group=group.id, subgroup=name) for group in trial.every_group]
        if all(row is None for row in rows):
            raise NothingToShowError(f"population {name} is not counted", hint="add it to `population_counts`")
        label = capitalise(trial.population_by_id[name].label)
        made = with_row(made, [cells.text(label), *(cells.estimate(row) for row in rows)])
    return markdown(with_notes(with_sources(made, sources_of(ledger, [PERSONS])), whole_trial_note(site)))


def group_levels(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
    decimals: int | None = None,
    without: str = "",
) -> str:
    """One row per person measure: the level in every group, and the test between the first two.

    `without` is what the labels end with and the caption says.
    """
    made = table(
        id,
        caption or "Kendetegn ved registreringen",
        [
            Column("Kendetegn", numbers=False),
            *(Column(capitalise(group.label)) for group in trial.every_group),
            Column("p-værdi"),
        ],
        threshold=trial.disclosure.threshold,
    )
    for measure in measures:
        levels = [find(ledger, measure, group=group.id) for group in trial.every_group]
        difference = find(ledger, measure, statistic="difference", group=DIFFERENCE)
        if difference is None or difference.p is None:  # a share's difference has an interval, and its test a row
            difference = find(ledger, measure, statistic="test", group=DIFFERENCE)
        made = with_row(
            made,
            [
                cells.text(row_name(ledger, measure).replace(without, "") if without else row_name(ledger, measure)),
                *(cells.estimate(level, decimals) for level in levels),
                cells.p_value(difference, level=trial.design.level),
            ],
        )
    compared = " og ".join(group.label for group in trial.all_groups)
    made = with_notes(with_sources(made, sources_of(ledger, measures)), f"Testen er mellem {compared}")
    return markdown(with_notes(made, whole_trial_note(site)))


def hazard_ratios(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """One row per ratio of rates that the Cox models of the measures gave.

    Raises:
        NothingToShowError: a measure has no Cox model.
    """
    made = table(
        id,
        caption or "Forhold mellem afgangsrater",
        [
            Column("Model", numbers=False),
            Column("Forhold mellem rater (hazard ratio)"),
            Column(confidence_name(trial.design.level)),
            Column("p-værdi"),
            Column("Afgange, deltagere"),
        ],
        threshold=trial.disclosure.threshold,
    )
    for measure in measures:
        rows = [row for row in ledger.select(measure=measure, group=DIFFERENCE) if row.statistic == "hazard_ratio"]
        if not rows:
            raise NothingToShowError(f"the ledger has no hazard ratio of {measure}", hint="add a `cox` analysis")
        for row in rows:
            made = with_row(
                made,
                [
                    cells.text(_model_name(ledger, measure, row)),
                    cells.estimate(row, 3),
                    cells.interval(row, 2),
                    cells.p_value(row, level=trial.design.level),
                    cells.persons(row, part="k"),
                ],
            )
    models = [spec for spec in trial.analyses if isinstance(spec, Cox) and spec.measure in measures]
    adjusted = [name for spec in models[:1] for name in spec.adjust_for]
    labels = [trial.extracts.participants.background[name].lower() for name in adjusted]
    made = with_sources(made, sources_of(ledger, measures))
    return markdown(
        with_notes(
            made,
            "Er forholdet større end én, går deltagerne hurtigere videre; det er ikke et forhold mellem andele",
            f"Modellerne tager højde for {list_text(labels)}" if labels else "",
            f"Fejlene er klynget på {trial.sites.noun.many} (Lin og Wei)",
            whole_trial_note(site),
        )
    )


def _model_name(ledger: Ledger, measure: str, row: Estimate) -> str:
    name = ledger.measure(measure).label.rpartition(", ")[2]
    if row.subgroup == UNADJUSTED:
        return f"{capitalise(name)}, uden kontrol"
    if row.time:
        weeks = row.time.removeprefix("uge").partition("-")
        first, last = (
            number_text(with_origin(int(week), derived("uger", [row]))) if week else "" for week in weeks[::2]
        )
        return f"{capitalise(name)}, uge{NBSP}{first}{f' til {last}' if last else ' og frem'}"
    return f"{capitalise(name)}, alle uger"


VARIANTS = {
    "difference": "Som i figuren",
    "unadjusted": "Uden kontrol",
    "exact": "Kontrol for hvert trin",
    "two_way": "Med effekter af {site} og måned",
}


def closer_look(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    week: int,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """One week's difference in differences computed in several ways."""
    head, labels = row_names(ledger, measures, "Mål og beregning")
    made = table(
        id,
        caption or f"Forskel i forskelle i {event_week(week)}, beregnet på flere måder",
        [
            Column(head, numbers=False),
            Column("Forskel"),
            Column(confidence_name(trial.design.level)),
            Column("p-værdi"),
            Column("Personer"),
        ],
        threshold=trial.disclosure.threshold,
    )
    for measure in measures:
        for statistic, name in VARIANTS.items():
            row = find(ledger, measure, statistic=statistic, group=DIFFERENCE, time=week_label(week))
            if row is None:
                continue
            made = with_row(
                made,
                [
                    cells.text(f"{labels[measure]}: {name.lower().format(site=trial.sites.noun.one)}"),
                    cells.estimate(row, 2),
                    cells.interval(row, 2),
                    cells.p_value(row, level=trial.design.level),
                    cells.persons(row),
                ],
            )
    made = with_sources(made, sources_of(ledger, measures))
    note = f"Fejlene er klynget på {trial.sites.noun.many} (CR2 med Satterthwaites frihedsgrader)"
    return markdown(as_wide(with_notes(made, note, whole_trial_note(site))))


def matched(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """One row per matching: the difference among the matched, and how many could be matched."""
    made = table(
        id,
        caption or "Matchede deltagere og andre",
        [
            Column("Mål og sammenligning", numbers=False),
            Column("Forskel"),
            Column(confidence_name(trial.design.level)),
            Column("p-værdi"),
            Column("Matchede deltagere"),
            Column("Andre"),
        ],
        threshold=trial.disclosure.threshold,
    )
    names = {group.id: group.label for group in trial.every_group}
    for measure in measures:
        for row in ledger.select(measure=measure, group=DIFFERENCE, statistic="matched"):
            counts = [
                find(ledger, measure, statistic=statistic, group=DIFFERENCE, subgroup=row.subgroup)
                for statistic in ("matched_treated", "matched_others")
            ]
            name = ledger.measure(measure).label.rpartition(", ")[2]
            made = with_row(
                made,
                [
                    cells.text(f"{capitalise(name)} mod {names.get(row.subgroup, row.subgroup)}"),
                    cells.estimate(row, 2),
                    cells.interval(row, 2),
                    cells.p_value(row, level=trial.design.level),
                    *(cells.estimate(count) for count in counts),
                ],
            )
    made = with_sources(made, sources_of(ledger, measures))
    return markdown(
        with_notes(
            made,
            *definitions_of(ledger, measures),
            "Nærmeste nabo med tilbagelægning, Abadie og Imbens' fejl",
            whole_trial_note(site),
        )
    )


def levels_by_site(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """Person measures of the treated: in all, or the site beside all others and the whole."""
    group = trial.groups.treated.id
    columns = [Column("Mål", numbers=False)]
    columns += [Column(site), Column(f"Øvrige {trial.sites.noun.many}")] if site else []
    columns += [Column("Alle"), Column("Deltagere")]
    made = table(id, caption or "Opgjort for deltagerne", columns, threshold=trial.disclosure.threshold)
    for measure in measures:
        whole = find(ledger, measure, group=group)
        row = [cells.text(row_name(ledger, measure))]
        if site:
            row += [cells.estimate(part) for part in site_pair(ledger, measure, group, site)]
        made = with_row(made, [*row, cells.estimate(whole), cells.persons(whole)])
    made = with_sources(made, sources_of(ledger, measures))
    return markdown(with_notes(made, *definitions_of(ledger, measures)))


def months(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    days: Sequence[date],
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
    decimals: int | None = None,
) -> str:
    """Monthly numbers of areas in a few months: those that take part, all others, and all.

    Raises:
        NothingToShowError: a measure has no monthly numbers.
    """
    comparison = trial.groups.comparison
    groups = [trial.groups.treated.id, *([comparison.id] if comparison else []), "alle"]
    names = ["Deltagende", *(["Øvrige"] if comparison else []), "Alle"]
    made = table(
        id,
        caption or "Månedstal",
        [Column("Mål og måned", numbers=False), *(Column(f"{name} {trial.sites.noun.many}") for name in names)],
        threshold=trial.disclosure.threshold,
    )
    for measure in measures:
        for day in days:
            rows = [find(ledger, measure, statistic="monthly", group=group, time=f"{day:%Y-%m}") for group in groups]
            if all(row is None for row in rows):
                raise NothingToShowError(f"the ledger has no {measure} in {day:%Y-%m}")
            entry = ledger.measure(measure)
            unit = unit_name(entry.unit)
            label = f"{entry.label}, {month_text(day)}" + (f" ({unit})" if unit else "")
            made = with_row(made, [cells.text(label), *(cells.estimate(row, decimals) for row in rows)])
    made = with_sources(made, sources_of(ledger, measures))
    return markdown(with_notes(made, *definitions_of(ledger, measures), whole_trial_note(site)))

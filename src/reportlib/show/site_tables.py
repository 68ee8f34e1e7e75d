"""The effect site by site, and how many persons there are at each."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import capitalise, confidence_name, event_week, list_text, p_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import DIFFERENCE, FOLLOWED, PERSONS, others_than, week_label
from reportlib.show import table_cells as cells
from reportlib.show.block import sources_of
from reportlib.show.headings import headings, others_heading
from reportlib.show.ledger_rows import NothingToShowError, find, known_site, shown
from reportlib.show.pipe_table import Column, as_wide, markdown, table, with_notes, with_row, with_sources
from reportlib.show.style import AXIS_TEXTS
from reportlib.show.texts import lower_first, whole_trial_note
from reportlib.trial.model import Trial

# A table of more sites than this is set smaller.
_CLOSE_FROM = 12


def site_effects(
    ledger: Ledger,
    trial: Trial,
    measure: str,
    week: int,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """One row per site: raw difference with interval, p raw, after Holm and after Benjamini-Hochberg, and shrunken.

    Raises:
        NothingToShowError: the ledger has no site effects of the measure in that week, or no such site.
    """
    entry, time = ledger.measure(measure), week_label(week)
    rows = {
        name: row
        for name in _own_first(trial, site)
        if (row := find(ledger, measure, statistic="difference", group=DIFFERENCE, site=name, time=time)) is not None
    }
    if not rows:
        raise NothingToShowError(
            f"the ledger has no {measure} by site in week {week}", hint="add a `site_effects` analysis to trial.yml"
        )
    unit = lower_first(AXIS_TEXTS[next(iter(rows.values())).unit])
    each = f"{trial.sites.noun.one} for {trial.sites.noun.one}"
    made = table(
        id,
        caption or f"{entry.label}: forskellen i {event_week(week)} ({unit}), {each}",
        [
            Column(capitalise(trial.sites.noun.one), numbers=False),
            Column("Forskel"),
            Column(confidence_name(trial.design.level)),
            Column("p-værdi"),
            Column("p, Holm"),
            Column("p, Benjamini-Hochberg"),
            Column("Krympet forskel"),
        ],
        threshold=trial.disclosure.threshold,
    )
    level = trial.design.level
    for name, raw in rows.items():
        holm, bh, shrunken = (
            find(ledger, measure, statistic=statistic, group=DIFFERENCE, site=name, time=time)
            for statistic in ("p_holm", "p_bh", "shrunken")
        )
        made = with_row(
            made,
            [
                cells.text(name, strong=name == site),
                cells.estimate(raw, 1),
                cells.interval(raw, 1),
                cells.p_value(raw, level=level),
                cells.p_value(holm, level=level, value=shown(holm)),
                cells.p_value(bh, level=level, value=shown(bh)),
                cells.estimate(shrunken, 1),
            ],
        )
    made = with_notes(
        with_sources(made, [entry.source]),
        entry.definition,
        f"Holm og Benjamini-Hochberg tager højde for, at der er én test for hver {trial.sites.noun.one}",
        "Den krympede forskel er trukket mod den fælles, mest hvor der er få personer",
        _heterogeneity_note(find(ledger, measure, statistic="heterogeneity", group=DIFFERENCE, time=time), trial),
    )
    return markdown(as_wide(made))


def _heterogeneity_note(row: Estimate | None, trial: Trial) -> str:
    """Whether the sites differ more than chance would have it."""
    if row is None or row.hidden or row.p is None:
        return ""
    verdict = (
        "varierer statistisk signifikant" if row.p < trial.design.level else "varierer ikke statistisk signifikant"
    )
    return f"Forskellen {verdict} mellem {trial.sites.noun.many_definite} ({p_text(row.p, level=trial.design.level)})"


def persons_by_site(
    ledger: Ledger,
    trial: Trial,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """How many persons there are at each site in each group; in a site's version the site, all others, and in all.

    Raises:
        NothingToShowError: no such site.
    """
    groups = [group.id for group in trial.all_groups]
    made = table(
        id,
        caption or f"Personer efter {trial.sites.noun.one}{' og gruppe' if len(groups) > 1 else ''}",
        [
            Column(capitalise(trial.sites.noun.one), numbers=False),
            *(Column(name) for name in headings(trial)),
        ],
        threshold=trial.disclosure.threshold,
    )
    if site:
        places = [(known_site(trial, site), site), (others_heading(trial), others_than(site))]
    else:
        places = [(name, name) for name in trial.sites.names]
    for name, place in places:
        rows = [find(ledger, PERSONS, group=group, site=place) for group in groups]
        made = with_row(made, [cells.text(name, strong=name == site), *(cells.estimate(row) for row in rows)])
    rows = [find(ledger, PERSONS, group=group) for group in groups]
    made = with_row(made, [cells.text("I alt", strong=True), *(cells.estimate(row) for row in rows)])
    made = with_sources(made, sources_of(ledger, [PERSONS]))
    return markdown(as_wide(made) if len(made.rows) > _CLOSE_FROM else made)


def follow_up(
    ledger: Ledger,
    trial: Trial,
    weeks: Sequence[int],
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """How many are still followed in chosen weeks.

    Raises:
        NothingToShowError: the ledger has no count for one of the weeks.
    """
    made = table(
        id,
        caption or f"Personer, der følges i {list_text(group.label for group in trial.all_groups)}",
        [Column("Uge efter start", numbers=False), *(Column(name) for name in headings(trial))],
        threshold=trial.disclosure.threshold,
    )
    for week in weeks:
        rows = [find(ledger, FOLLOWED, group=group.id, time=week_label(week)) for group in trial.all_groups]
        if all(row is None for row in rows):
            raise NothingToShowError(f"the ledger does not say how many are followed in week {week}")
        made = with_row(made, [cells.text(capitalise(event_week(week))), *(cells.estimate(row) for row in rows)])
    made = with_sources(made, sources_of(ledger, [FOLLOWED]))
    return markdown(with_notes(made, ledger.measure(FOLLOWED).definition, whole_trial_note(site)))


def _own_first(trial: Trial, site: str | None) -> list[str]:
    """The trial's sites in its order, the version's own site first."""
    if site is None:
        return list(trial.sites.names)
    own = known_site(trial, site)
    return [own, *(name for name in trial.sites.names if name != own)]

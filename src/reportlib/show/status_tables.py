"""Tables of where an effort stands: shares by site with their persons, sites' answers, a budget per result."""

from __future__ import annotations

from collections.abc import Sequence

from reportlib.danish import NBSP, capitalise, millions_text, number_text, value_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import DUE, others_than
from reportlib.show import table_cells as cells
from reportlib.show.block import sources_of
from reportlib.show.headings import others_heading, row_name
from reportlib.show.ledger_rows import NothingToShowError, component_group, find, known_site
from reportlib.show.pipe_table import Column, as_wide, markdown, table, with_notes, with_row, with_sources
from reportlib.show.table_cells import Cell
from reportlib.show.texts import lower_first, whole_trial_note
from reportlib.text.origin import fact as fact_origin
from reportlib.text.origin import setting, with_origin
from reportlib.text.units import Unit
from reportlib.trial.analyses import UnitCost
from reportlib.trial.model import Trial


def shares_by_site(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """Sites down, shares across: per cent with k of n under it. In a site's version the site and all others come first.

    Raises:
        NothingToShowError: the ledger lacks one of the measures by site, or no such site.
    """
    columns = [Column(capitalise(trial.sites.noun.one), numbers=False)]
    columns += [Column(ledger.measure(measure).label) for measure in measures]
    made = table(
        id,
        caption or f"Andele i pct., {trial.sites.noun.one} for {trial.sites.noun.one}",
        columns,
        threshold=trial.disclosure.threshold,
    )
    places = [(name, name) for name in trial.sites.names]
    if site:
        places.remove((known_site(trial, site), site))
        places = [(site, site), (others_heading(trial), others_than(site)), *places]
    for name, place in [*places, (f"Alle {trial.sites.noun.many}", "")]:
        rows = [find(ledger, measure, group=component_group(trial, measure), site=place) for measure in measures]
        if all(row is None for row in rows):
            raise NothingToShowError(
                f"the ledger has none of the measures for {name}", hint="set `by_site: true` in a `shares` analysis"
            )
        made = with_row(made, [cells.text(name, strong=name == site or not place), *(_counted(row) for row in rows)])
    made = with_sources(made, sources_of(ledger, measures))
    notes = [f"{(entry := ledger.measure(measure)).label}: {lower_first(entry.definition)}" for measure in measures]
    return markdown(as_wide(with_notes(made, "I parentes står antallet af borgere", *notes)))


def _counted(row: Estimate | None) -> Cell:
    """`51 (36 af 70)`."""
    value = cells.estimate(row)
    if row is None or row.hidden or row.value is None:
        return value
    return Cell(f"{value.markdown} ({number_text(row.k or 0)}{NBSP}af{NBSP}{number_text(row.n or 0)})")


def site_answers(
    ledger: Ledger,
    trial: Trial,
    answers: Sequence[str],
    shares: Sequence[str] = (),
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """Sites down: yes or no to each answer of the sites themselves, and the persons behind the shares beside it.

    Raises:
        NothingToShowError: the ledger lacks one of the answers, or no such site.
    """
    made = table(
        id,
        caption or f"Svar fra {trial.sites.noun.many_definite}",
        [
            Column(capitalise(trial.sites.noun.one), numbers=False),
            *(Column(ledger.measure(measure).label, numbers=False) for measure in answers),
            *(Column(_persons_heading(ledger, measure)) for measure in shares),
        ],
        threshold=trial.disclosure.threshold,
    )
    own = known_site(trial, site) if site else ""
    names = sorted(trial.sites.names, key=lambda name: name != own)
    for name in names:
        made = with_row(
            made,
            [
                cells.text(name, strong=name == own),
                *(_yes(_answer(ledger, trial, measure, name)) for measure in answers),
                *(_persons(ledger, trial, measure, name) for measure in shares),
            ],
        )
    made = with_row(
        made,
        [
            cells.text(f"Alle {trial.sites.noun.many}", strong=True),
            *(_how_many(_answer(ledger, trial, measure, "")) for measure in answers),
            *(_persons(ledger, trial, measure, "") for measure in shares),
        ],
    )
    made = with_sources(made, sources_of(ledger, [*answers, *shares]))
    return markdown(with_notes(made, *(ledger.measure(measure).definition for measure in (*answers, *shares))))


def _persons_heading(ledger: Ledger, measure: str) -> str:
    """`Andel i job` -> `Borgere i job`."""
    return f"Borgere {lower_first(ledger.measure(measure).label.removeprefix('Andel '))}"


def _persons(ledger: Ledger, trial: Trial, measure: str, site: str) -> Cell:
    return cells.persons(find(ledger, measure, group=component_group(trial, measure), site=site), part="k")


def _how_many(row: Estimate) -> Cell:
    return Cell(f"{number_text(row.number)} af {number_text(row.n)}") if row.n else cells.NOT_ESTIMABLE


def _answer(ledger: Ledger, trial: Trial, measure: str, site: str) -> Estimate:
    row = find(ledger, measure, statistic="sites_yes", group=component_group(trial, measure), site=site)
    if row is None:
        raise NothingToShowError(f"the ledger has no answers of sites to {measure}", hint="add `site_answers`")
    return row


def _yes(row: Estimate) -> Cell:
    if row.value is None:
        return cells.NOT_ESTIMABLE
    return cells.text("Ja" if row.value else "Nej")


def unit_costs(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """The budget per person who has reached something, under each assumption of how many are due to the effort.

    Raises:
        NothingToShowError: no `unit_cost` analysis has one of the measures.
    """
    specs = [spec for spec in trial.analyses if isinstance(spec, UnitCost) and set(measures) <= set(spec.measures)]
    if not specs:
        raise NothingToShowError(f"no unit_cost analysis of {trial.id} has {', '.join(measures)}")
    spec, group = specs[0], trial.groups.treated.id
    origin = setting("analyses.unit_cost.due")
    made = table(
        id,
        caption or "Kr. af bevillingen pr. borger med et resultat, hvis så stor en del skyldes indsatsen",
        [
            Column("Resultat", numbers=False),
            Column("Borgere"),
            *(Column(value_text(with_origin(due, origin), Unit.PCT)) for due in spec.due),
        ],
        threshold=trial.disclosure.threshold,
    )
    for measure in measures:
        made = with_row(
            made,
            [
                cells.text(row_name(ledger, measure).removesuffix(" (pct.)").removeprefix("Andel ").capitalize()),
                cells.persons(find(ledger, measure, group=group), part="k"),
                *(cells.estimate(_cost(ledger, measure, group, due)) for due in spec.due),
            ],
        )
    fact = trial.facts[spec.cost]
    assert isinstance(fact.value, int | float)
    budget = millions_text(with_origin(fact.value, fact_origin(spec.cost)))
    made = with_sources(made, [*sources_of(ledger, measures), trial.sources[fact.source].text])
    return markdown(
        with_notes(
            made,
            f"Bevillingen på {budget} er delt med den del af borgerne, som kolonnen antager skyldes indsatsen",
            "Hvor stor delen er, kan ikke opgøres; kolonnerne er antagelser og ikke resultater",
            whole_trial_note(site),
        )
    )


def _cost(ledger: Ledger, measure: str, group: str, due: float) -> Estimate | None:
    return find(ledger, measure, statistic="cost_per_unit", group=group, subgroup=f"{DUE}{due:g}")


def persons_and_share(
    ledger: Ledger,
    trial: Trial,
    measure: str,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """Sites down: the persons a share is taken of, how many of them it counts, and the per cent.

    Raises:
        NothingToShowError: the ledger lacks the measure by site, or no such site.
    """
    entry, group = ledger.measure(measure), trial.groups.treated.id
    made = table(
        id,
        caption or f"{entry.label}, {trial.sites.noun.one} for {trial.sites.noun.one}",
        [
            Column(capitalise(trial.sites.noun.one), numbers=False),
            Column(capitalise(_people(trial, measure))),
            Column("Heraf"),
            Column(f"{entry.label} (pct.)"),
        ],
        threshold=trial.disclosure.threshold,
    )
    places = [(name, name) for name in trial.sites.names]
    if site:
        places = [(known_site(trial, site), site), (others_heading(trial), others_than(site))]
    for name, place in [*places, (f"Alle {trial.sites.noun.many}", "")]:
        share = find(ledger, measure, group=group, site=place)
        if share is None:
            raise NothingToShowError(f"the ledger has no {measure} for {name}")
        made = with_row(
            made,
            [
                cells.text(name, strong=name == site or not place),
                cells.persons(share),
                cells.persons(share, part="k"),
                cells.estimate(share),
            ],
        )
    return markdown(with_notes(with_sources(made, sources_of(ledger, [measure])), entry.definition))


def _people(trial: Trial, measure: str) -> str:
    """Whom the share is taken of: the population's label, or the group's name without its article."""
    population = trial.measure_by_id[measure].population
    if population:
        return trial.population_by_id[population].label
    return trial.groups.treated.many.removeprefix("de ")

"""Shares beside the benchmark they are held against, and how much a single site decides."""

from __future__ import annotations

from reportlib.danish import NBSP, capitalise, confidence_name, number_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import DIFFERENCE, others_than
from reportlib.show import table_cells as cells
from reportlib.show.block import sources_of
from reportlib.show.ledger_rows import NothingToShowError, find, known_site
from reportlib.show.pipe_table import Column, as_wide, markdown, table, with_notes, with_row, with_sources
from reportlib.show.table_cells import Cell
from reportlib.show.texts import lower_first, whole_trial_note
from reportlib.text.origin import fact as fact_origin
from reportlib.text.origin import with_origin
from reportlib.trial.analyses import Benchmark
from reportlib.trial.model import Trial


def benchmark(
    ledger: Ledger,
    trial: Trial,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """Every share with its interval beside its benchmark, the difference, and how the benchmark is counted.

    Raises:
        NothingToShowError: the trial has no benchmark, or no such site.
    """
    spec = _benchmark_spec(trial)
    place = known_site(trial, site) if site else ""
    group = trial.groups.treated.id
    made = table(
        id,
        caption or f"Resultater og pejlemærket {spec.name}",
        [
            Column("Mål", numbers=False),
            *([Column(f"{site} (pct.)")] if site else []),
            Column("Alle (pct.)" if site else f"Alle {trial.sites.noun.many} (pct.)"),
            Column("Antal"),
            Column(confidence_name(trial.design.level)),
            Column(f"{spec.name} (pct.)"),
            Column("Forskel (procentpoint)"),
        ],
        threshold=trial.disclosure.threshold,
    )
    for part in spec.against:
        row = find(ledger, part.measure, group=group)
        over = find(ledger, part.measure, statistic="over_benchmark", group=DIFFERENCE)
        fact = trial.facts[part.fact]
        assert isinstance(fact.value, int | float)
        beside = [cells.estimate(find(ledger, part.measure, group=group, site=place))] if site else []
        made = with_row(
            made,
            [
                cells.text(ledger.measure(part.measure).label),
                *beside,
                cells.estimate(row),
                _counts(row),
                cells.interval(row),
                cells.number(with_origin(fact.value, fact_origin(part.fact))),
                cells.estimate(over),
            ],
        )
    sources = [
        *sources_of(ledger, spec.measures),
        *(trial.sources[trial.facts[name].source].text for name in spec.facts_used),
    ]
    made = with_sources(made, sources)
    notes = [
        f"{lower_first(ledger.measure(part.measure).label).capitalize()} i {spec.name}: {lower_first(part.definition)}"
        for part in spec.against
    ]
    made = with_notes(
        made,
        "Intervallet og forskellen gælder alle kommunerne" if site else "",
        "Intervallet gælder andelen; pejlemærkets egen usikkerhed er ikke kendt",
        *notes,
    )
    return markdown(as_wide(made))


def without_one(
    ledger: Ledger,
    trial: Trial,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    site: str | None = None,
) -> str:
    """The benchmarked shares without one site at a time, with their intervals: how much a single site decides.

    Raises:
        NothingToShowError: the trial has no benchmark by site.
    """
    spec = _benchmark_spec(trial)
    if not spec.by_site:
        raise NothingToShowError(f"the benchmark of {trial.id} is not by site", hint="set `by_site: true`")
    group = trial.groups.treated.id
    made = table(
        id,
        caption or f"Andele i pct., når én {trial.sites.noun.one} ad gangen er udeladt",
        [
            Column(f"{capitalise(trial.sites.noun.one)}, der er udeladt", numbers=False),
            *(Column(ledger.measure(measure).label) for measure in spec.measures),
        ],
        threshold=trial.disclosure.threshold,
    )
    places = [("Ingen", ""), *((name, others_than(name)) for name in trial.sites.names)]
    for name, place in places:
        rows = [find(ledger, measure, group=group, site=place) for measure in spec.measures]
        made = with_row(made, [cells.text(name), *(cells.with_interval(row, 0) for row in rows)])
    values = [trial.facts[part.fact].value for part in spec.against]
    marks = [
        cells.number(with_origin(value, fact_origin(part.fact)))
        for part, value in zip(spec.against, values, strict=True)
        if isinstance(value, int | float)
    ]
    made = with_row(made, [cells.text(f"Pejlemærke: {spec.name}", strong=True), *marks])
    made = with_sources(made, sources_of(ledger, spec.measures))
    in_brackets = f"I parentes står {confidence_name(trial.design.level)}let"
    return markdown(as_wide(with_notes(made, in_brackets, whole_trial_note(site))))


def _benchmark_spec(trial: Trial) -> Benchmark:
    for spec in trial.analyses:
        if isinstance(spec, Benchmark):
            return spec
    raise NothingToShowError(f"{trial.id} has no benchmark", hint="add a `benchmark` analysis to trial.yml")


def _counts(row: Estimate | None) -> Cell:
    """`64 af 431`."""
    if row is None or row.value is None:
        return cells.estimate(row)
    return Cell(f"{number_text(row.k or 0)}{NBSP}af{NBSP}{number_text(row.n or 0)}")

"""Shares beside the benchmark they are held against, in all and for one site, and how much a single site decides."""

from __future__ import annotations

from reportlib.danish import NBSP, capitalise, decapitalise, number_text
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.keys import DIFFERENCE, others_than
from reportlib.prose.estimate_text import why_hidden
from reportlib.prose.section_parts import number_fact
from reportlib.prose.titles import differences_title
from reportlib.show import table_cells as cells
from reportlib.show.ledger_rows import (
    AXIS_TEXTS,
    NothingToShowError,
    absent,
    between,
    find,
    interval,
    known_site,
    shown,
    sources_of,
)
from reportlib.show.part import Chart
from reportlib.show.pipe_table import Table
from reportlib.show.row_chart import Key, RowPlan, draw_rows, mark, row, stretch
from reportlib.show.style import Scale, said
from reportlib.show.texts import hidden_names, joined
from reportlib.text.units import Unit
from reportlib.trial.analyses import Benchmark
from reportlib.trial.model import Trial, analysis_of
from reportlib.trial.references import facts_in


def benchmark_figure(ledger: Ledger, trial: Trial, *, site: str | None = None) -> Chart:
    """Every share with its interval beside its benchmark; with `site` that site's shares.

    Raises:
        MissingAnalysisError: the trial has no benchmark.
        NothingToShowError: it has no such site.
    """
    spec = analysis_of(trial, Benchmark)
    place = known_site(trial, site) if site else ""
    where = place or f"alle {trial.sites.noun.many}"
    drawn, ends, told, hidden = [], [0.0], [], []
    for part in spec.against:
        share = find(ledger, part.measure, group=trial.groups.treated.id, site=place)
        (low, high), value = interval(share), shown(share)
        benchmark, label = number_fact(trial, part.fact), ledger.measure(part.measure).label
        drawn.append(
            row(
                label,
                [
                    stretch(low, high, "deltager") if value is not None else None,
                    mark(value, "o", "deltager", size=7.0),
                    mark(benchmark, "D", "orange", filled=False),
                ],
                absent(share) if value is None else number_text(value),
                share=0.4,
            )
        )
        ends += [end for end in (high, value, benchmark) if end is not None]
        if share is not None and share.hidden:
            hidden.append(label)
        elif value is not None:
            told.append(
                f"{label}: {number_text(value)}{NBSP}pct. mod {number_text(benchmark)}{NBSP}pct. i {spec.name}."
            )
    return Chart(
        plan=RowPlan(
            rows=tuple(drawn),
            scale=_from_zero(max(ends)),
            axis=said(AXIS_TEXTS[Unit.PCT]),
            right_heading="Pct.",
            keys=(
                Key("o", "deltager", said(place or capitalise(where))),
                Key("D", "orange", said(spec.name), filled=False),
            ),
            row_height=24.0,
        ),
        draw=draw_rows,
        alt=joined(
            f"Punktdiagram: andele for {where} med usikkerhed ved siden af {spec.name}.", *told, hidden_names(hidden)
        ),
        caption=f"Resultater for {where} og {spec.name}",
        finding="" if site else _distances(ledger, trial, spec),
        sources=_sources(ledger, trial, spec),
        notes=[
            "Den vandrette streg viser den statistiske usikkerhed",
            "Pejlemærkets egen usikkerhed er ikke kendt",
            f"{spec.name} kan være talt op på en anden måde, og afstanden viser ikke, hvad indsatsen har betydet",
            f"Et tal er skjult, når det {why_hidden(trial.disclosure.threshold)}" if hidden else "",
        ],
    )


def _sources(ledger: Ledger, trial: Trial, spec: Benchmark) -> list[str]:
    theirs = [trial.sources[trial.facts[name].source].text for name in facts_in(spec)]
    return [*sources_of(ledger, spec.measures), *theirs]


def _from_zero(top: float) -> Scale:
    step = 10.0 if top <= 60 else 20.0
    high = step * (int(top // step) + 1) if top < 100 else 100.0
    return Scale(0.0, high, tuple(step * tick for tick in range(int(high // step) + 1)), 0)


def benchmark_table(ledger: Ledger, trial: Trial, *, site: str | None = None) -> Table:
    """Every share with its interval beside its benchmark, the difference, and how the benchmark is counted.

    Raises:
        MissingAnalysisError: the trial has no benchmark.
        NothingToShowError: it has no such site.
    """
    spec, group = analysis_of(trial, Benchmark), trial.groups.treated.id
    place = known_site(trial, site) if site else ""
    rows, definitions = [], []
    for part in spec.against:
        everyone, label = find(ledger, part.measure, group=group), ledger.measure(part.measure).label
        own = [cells.estimate(find(ledger, part.measure, group=group, site=place))] if site else []
        over = between(ledger, part.measure, "over_benchmark")
        rows.append(
            [
                label,
                *own,
                cells.estimate(everyone),
                _counts(everyone),
                cells.interval(everyone),
                cells.number(number_fact(trial, part.fact)),
                cells.estimate(over),
            ]
        )
        name = decapitalise(label).capitalize()
        definitions.append(f"{name} i {spec.name}: {decapitalise(part.definition)}")
    return Table(
        caption=f"Resultater og pejlemærket {spec.name}",
        finding=_distances(ledger, trial, spec),
        head="Mål",
        columns=[
            *([f"{site} (pct.)"] if site else []),
            "Alle (pct.)" if site else f"Alle {trial.sites.noun.many} (pct.)",
            "Antal",
            cells.INTERVAL,
            f"{spec.name} (pct.)",
            "Forskel (procentpoint)",
        ],
        rows=rows,
        sources=_sources(ledger, trial, spec),
        notes=[
            f"Intervallet og forskellen gælder alle {trial.sites.noun.many_definite}" if site else "",
            "Intervallet gælder andelen; pejlemærkets egen usikkerhed er ikke kendt",
            *definitions,
        ],
        wide=True,
    )


def _distances(ledger: Ledger, trial: Trial, spec: Benchmark) -> str:
    """How many of the distances to the benchmark are sure."""
    wanted = {"statistic": "over_benchmark", "group": DIFFERENCE}
    return differences_title(trial, [find(ledger, part.measure, **wanted) for part in spec.against])


def _counts(row: Estimate | None) -> cells.Cell:
    """`64 af 431`."""
    if row is None or row.value is None:
        return cells.estimate(row)
    return cells.Cell(f"{number_text(row.k or 0)}{NBSP}af{NBSP}{number_text(row.n or 0)}")


def without_one(ledger: Ledger, trial: Trial) -> Table:
    """The benchmarked shares without one site at a time, with their intervals: how much a single site decides.

    Raises:
        MissingAnalysisError: the trial has no benchmark.
        NothingToShowError: it is not by site.
    """
    spec = analysis_of(trial, Benchmark)
    if not spec.by_site:
        raise NothingToShowError(f"the benchmark of {trial.id} is not by site", hint="set `by_site: true`")
    group = trial.groups.treated.id
    places = [("Ingen", ""), *((name, others_than(name)) for name in trial.sites.names)]
    shares = [
        [
            name,
            *(cells.with_interval(find(ledger, measure, group=group, site=place)) for measure in spec.measures),
        ]
        for name, place in places
    ]
    benchmarks = [cells.number(number_fact(trial, part.fact)) for part in spec.against]
    return Table(
        caption=f"Andele i pct., når én {trial.sites.noun.one} ad gangen er udeladt",
        head=f"{capitalise(trial.sites.noun.one)}, der er udeladt",
        columns=[ledger.measure(measure).label for measure in spec.measures],
        rows=[*shares, [cells.text(f"Pejlemærke: {spec.name}", strong=True), *benchmarks]],
        sources=sources_of(ledger, spec.measures),
        notes=["I parentes står den statistiske usikkerhed"],
        wide=True,
    )

"""Shares with their intervals beside the benchmark each is held against, in all and for one site."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from reportlib.danish import NBSP, decapitalise, list_text, number_text
from reportlib.ledger import Ledger
from reportlib.show.ledger_rows import NothingToShowError, find, interval, known_site, shown
from reportlib.show.palette import Palette
from reportlib.show.row_chart import Key, mark, row_chart, whisker
from reportlib.show.style import AXIS_TEXTS, Scale
from reportlib.show.texts import joined
from reportlib.text.origin import fact, with_origin
from reportlib.text.units import Unit
from reportlib.trial.analyses import Benchmark
from reportlib.trial.model import Trial


@dataclass(frozen=True, slots=True)
class Held:
    """One share and its benchmark; None where the share is hidden."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    benchmark: float


@dataclass(frozen=True, slots=True)
class BenchmarkPlan:
    """The shares in the order of trial.yml; `place` is whose they are, `name` whose the benchmarks are."""

    rows: tuple[Held, ...]
    place: str
    name: str


def plan_benchmark(ledger: Ledger, trial: Trial, *, site: str | None = None) -> BenchmarkPlan:
    """The shares of the whole trial, or of one site, beside their benchmarks.

    Raises:
        NothingToShowError: the trial has no benchmark, or no such site.
    """
    specs = [spec for spec in trial.analyses if isinstance(spec, Benchmark)]
    if not specs:
        raise NothingToShowError(f"{trial.id} has no benchmark", hint="add a `benchmark` analysis to trial.yml")
    spec = specs[0]
    place = known_site(trial, site) if site else ""
    rows = []
    for part in spec.against:
        row = find(ledger, part.measure, group=trial.groups.treated.id, site=place)
        low, high = interval(row)
        value = trial.facts[part.fact].value
        assert isinstance(value, int | float)
        benchmark = with_origin(float(value), fact(part.fact))
        rows.append(Held(ledger.measure(part.measure).label, shown(row), low, high, benchmark))
    return BenchmarkPlan(tuple(rows), place or f"Alle {trial.sites.noun.many}", spec.name)


def draw_benchmark(plan: BenchmarkPlan, palette: Palette) -> Figure:
    """Dots with intervals, and a hollow diamond for each benchmark, from zero."""
    chart = row_chart(
        [row.label for row in plan.rows],
        _scale(plan),
        palette,
        axis=AXIS_TEXTS[Unit.PCT],
        right=["skjult" if row.value is None else number_text(row.value) for row in plan.rows],
        right_heading="Pct.",
        keys=[Key("o", "deltager", plan.place), Key("D", "orange", plan.name, filled=False)],
        row_height=24.0,
        label_share=0.4,
    )
    for row, height in zip(plan.rows, chart.heights, strict=True):
        if row.value is not None:
            if row.low is not None and row.high is not None:
                whisker(chart.panel, row.low, row.high, height, palette["deltager"])
            mark(chart.panel, row.value, height, "o", palette["deltager"], size=7.0)
        mark(chart.panel, row.benchmark, height, "D", palette["orange"], filled=False, size=6.0)
    return chart.figure


def _scale(plan: BenchmarkPlan) -> Scale:
    top = max(end for row in plan.rows for end in (row.high, row.value, row.benchmark) if end is not None)
    step = 10.0 if top <= 60 else 20.0
    high = step * (int(top // step) + 1) if top < 100 else 100.0
    return Scale(0.0, high, tuple(step * tick for tick in range(int(high // step) + 1)), 0)


def alt_benchmark(plan: BenchmarkPlan) -> str:
    """Every share beside its benchmark, and what is hidden."""
    told = [
        f"{row.label}: {number_text(row.value)}{NBSP}pct. mod {number_text(row.benchmark)}{NBSP}pct. i {plan.name}."
        for row in plan.rows
        if row.value is not None
    ]
    hidden = [row.label for row in plan.rows if row.value is None]
    where = decapitalise(plan.place) if plan.place.startswith("Alle ") else plan.place
    return joined(
        f"Punktdiagram: andele for {where} med usikkerhed ved siden af {plan.name}.",
        *told,
        f"Skjult af hensyn til anonymitet: {list_text(hidden)}." if hidden else "",
    )

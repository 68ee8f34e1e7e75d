"""What documents call for the figures of a status: shares beside their benchmarks."""

from __future__ import annotations

from pathlib import Path

from reportlib.danish import confidence_name, number_text
from reportlib.ledger import Ledger
from reportlib.show.benchmarks import plan_benchmark
from reportlib.show.block import figure_block, sources_of
from reportlib.show.blocks_weekly import FOLDER
from reportlib.show.palette import Palette
from reportlib.show.texts import lower_first
from reportlib.trial.analyses import Benchmark
from reportlib.trial.model import Trial


def benchmark(
    ledger: Ledger,
    trial: Trial,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    folder: Path = FOLDER,
    site: str | None = None,
    palette: Palette | None = None,
    cache: Path | None = None,
) -> str:
    """Every share with its interval beside its benchmark; with `site` that site's shares.

    Raises:
        NothingToShowError: the trial has no benchmark, or no such site.
    """
    plan = plan_benchmark(ledger, trial, site=site)
    (spec,) = [spec for spec in trial.analyses if isinstance(spec, Benchmark)][:1]
    theirs = [trial.sources[trial.facts[name].source].text for name in spec.facts_used]
    few = number_text(trial.disclosure.threshold)
    hidden = any(row.value is None for row in plan.rows)
    return figure_block(
        plan,
        id=id,
        caption=caption or f"Resultater for {site or lower_first(plan.place)} og {spec.name}",
        sources=[*sources_of(ledger, spec.measures), *theirs],
        notes=[
            f"Den vandrette streg er et {confidence_name(trial.design.level)}",
            "Pejlemærkets egen usikkerhed er ikke kendt",
            f"{spec.name} er talt op på en anden måde, så afstanden viser kun en forskel",
            f"Tal, der hviler på færre end {few} personer, er skjult" if hidden else "",
        ],
        folder=folder,
        palette=palette,
        cache=cache,
    )

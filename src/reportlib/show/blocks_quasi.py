"""What documents call for the figures of comparisons between places and years."""

from __future__ import annotations

from pathlib import Path

from reportlib.danish import list_text, number_text
from reportlib.ledger import Ledger
from reportlib.show.block import figure_block, sources_of
from reportlib.show.blocks_weekly import FOLDER
from reportlib.show.exits import plan_survival
from reportlib.show.love import LIMIT, plan_love
from reportlib.show.monthly import plan_series
from reportlib.show.palette import Palette
from reportlib.show.texts import lower_first, whole_trial_note
from reportlib.trial.analyses import Survival
from reportlib.trial.model import Trial


def survival(
    ledger: Ledger,
    trial: Trial,
    measure: str,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    folder: Path = FOLDER,
    site: str | None = None,
    palette: Palette | None = None,
    cache: Path | None = None,
) -> str:
    """Exit rates, survival curves and numbers at risk of every group.

    Raises:
        NothingToShowError: the ledger has no survival curve of the measure.
    """
    plan = plan_survival(ledger, trial, measure)
    band = next((spec.band for spec in trial.analyses if isinstance(spec, Survival) and measure in spec.measures), 1)
    few = trial.disclosure.threshold
    return figure_block(
        plan,
        id=id,
        caption=caption or f"Afgangsrater og {lower_first(plan.label)}",
        sources=sources_of(ledger, [measure]),
        notes=[
            ledger.measure(measure).definition,
            f"Afgangen er gennemsnittet over {number_text(band)} uger; kurverne er Kaplan-Meier-skøn",
            f"En uge, hvor færre end {number_text(few)} er gået videre siden det forrige punkt, har ikke et eget punkt",
            whole_trial_note(site),
        ],
        folder=folder,
        palette=palette,
        cache=cache,
    )


def series(
    ledger: Ledger,
    trial: Trial,
    measure: str,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    folder: Path = FOLDER,
    site: str | None = None,
    palette: Palette | None = None,
    cache: Path | None = None,
    own: bool = False,
) -> str:
    """Monthly numbers of those that take part and all others; with `own` of the version's site and the other sites.

    Raises:
        NothingToShowError: the ledger has no monthly numbers of the measure.
    """
    plan = plan_series(ledger, trial, measure, site=site if own else None)
    names = list_text(line.name for line in plan.lines)
    return figure_block(
        plan,
        id=id,
        caption=caption or f"{plan.label}: {names}",
        sources=sources_of(ledger, [measure]),
        notes=[
            ledger.measure(measure).definition,
            "Den lodrette akse begynder ikke ved nul",
            "" if own else whole_trial_note(site),
        ],
        folder=folder,
        palette=palette,
        cache=cache,
    )


def love_plot(
    ledger: Ledger,
    trial: Trial,
    measure: str,
    against: str,
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    folder: Path = FOLDER,
    site: str | None = None,
    palette: Palette | None = None,
    cache: Path | None = None,
) -> str:
    """The standardised difference of every covariate before and after matching against a group.

    Raises:
        NothingToShowError: the ledger has no such matching.
    """
    plan = plan_love(ledger, trial, measure, against)
    name = next((group.label for group in trial.every_group if group.id == against), against)
    return figure_block(
        plan,
        id=id,
        caption=caption or f"Balance før og efter matchning med {name}",
        sources=sources_of(ledger, [measure]),
        notes=[
            f"De stiplede linjer viser grænsen {number_text(LIMIT, 1)}",
            "Forskellen er målt i den typiske spredning før matchningen",
            whole_trial_note(site),
        ],
        folder=folder,
        palette=palette,
        cache=cache,
    )

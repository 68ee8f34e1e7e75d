"""What documents call for figures of a cost-benefit analysis."""

from __future__ import annotations

from pathlib import Path

from reportlib.ledger import Ledger
from reportlib.ledger.keys import COST_BENEFIT
from reportlib.show.block import figure_block, sources_of
from reportlib.show.blocks_weekly import FOLDER
from reportlib.show.palette import Palette
from reportlib.show.texts import whole_trial_note
from reportlib.show.tornado import plan_tornado
from reportlib.trial.model import Trial


def tornado(
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
    """The sensitivity of society's account to one assumption at a time.

    Raises:
        NothingToShowError: the ledger has no cost-benefit analysis.
    """
    return figure_block(
        plan_tornado(ledger, trial),
        id=id,
        caption=caption or "Samfundets resultat, når én forudsætning ad gangen bliver ændret",
        sources=sources_of(ledger, [COST_BENEFIT]),
        notes=[
            "Den stiplede linje er resultatet med forudsætningerne, som de er, og den fuldt optrukne er nul",
            "Antal enheder går fra den nedre til den øvre ende af konfidensintervallet for forskellen mellem grupperne",
            whole_trial_note(site),
        ],
        folder=folder,
        palette=palette,
        cache=cache,
    )

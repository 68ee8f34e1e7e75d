"""What documents call for the figure of the same persons before and after."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportlib.danish import number_text
from reportlib.ledger import Ledger
from reportlib.ledger.keys import AFTER, BEFORE
from reportlib.show.block import figure_block, sources_of
from reportlib.show.blocks_weekly import FOLDER
from reportlib.show.ledger_rows import NothingToShowError, find, known_site, shown
from reportlib.show.paired import PairedPlan
from reportlib.show.palette import Palette
from reportlib.trial.analyses import BeforeAfter
from reportlib.trial.model import Trial


def before_after_of(trial: Trial, measure: str) -> BeforeAfter:
    """The before_after analysis that holds the measure after.

    Raises:
        NothingToShowError: there is none.
    """
    for spec in trial.analyses:
        if isinstance(spec, BeforeAfter) and measure in {pair.after for pair in spec.pairs}:
            return spec
    raise NothingToShowError(f"no `before_after` analysis of {trial.id} holds {measure}")


def before_after(
    ledger: Ledger,
    trial: Trial,
    measures: Sequence[str],
    *,
    id: str,  # noqa: A002
    caption: str | None = None,
    folder: Path = FOLDER,
    site: str | None = None,
    palette: Palette | None = None,
    cache: Path | None = None,
) -> str:
    """Shares before and after in the same persons; with `site` that site's persons."""
    spec = before_after_of(trial, measures[0])
    place = known_site(trial, site) if site else ""
    found = [[find(ledger, measure, group=group, site=place) for group in (BEFORE, AFTER)] for measure in measures]
    plan = PairedPlan(
        label="De samme borgere før og efter" + (f" i {site}" if site else ""),
        rows=tuple(ledger.measure(measure).label for measure in measures),
        before=tuple(shown(rows[0]) for rows in found),
        after=tuple(shown(rows[1]) for rows in found),
    )
    few = number_text(trial.disclosure.threshold)
    hidden = None in plan.before or None in plan.after
    return figure_block(
        plan,
        id=id,
        caption=caption or plan.label,
        sources=sources_of(ledger, measures),
        notes=[
            f"Før er {spec.before_window}, efter er tiden {spec.after_window}",
            f"· betyder, at tallet hviler på færre end {few} personer eller kan afsløre et, der gør" if hidden else "",
        ],
        folder=folder,
        palette=palette,
        cache=cache,
    )

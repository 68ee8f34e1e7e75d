"""How before and after, repeated measurements, the forecast and the power are computed, in words."""

from __future__ import annotations

from reportlib.danish import confidence_name
from reportlib.ledger import Ledger
from reportlib.prose.sections.common import fill
from reportlib.prose.sections.progress.recruits import pace_weeks
from reportlib.show.blocks_recruitment import recruitment_of
from reportlib.trial.model import Trial


def method(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """How before and after, repeated measurements, the forecast and the power are computed."""
    has_forecast = any(spec.kind == "recruitment" for spec in trial.analyses)
    return fill(
        "method_before_after",
        interval=confidence_name(trial.design.level),
        latest=pace_weeks(recruitment_of(trial).latest) if has_forecast else "",
    )

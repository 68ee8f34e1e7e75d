"""Traffic lights: a share held against its target. A hidden share has no colour: a colour would give it back."""

from __future__ import annotations

from enum import StrEnum

from reportlib.danish import round_half_up
from reportlib.trial.analyses import Target


class Light(StrEnum):
    """How a share stands against its target."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    UNKNOWN = "unknown"


def honest_decimals(share_pct: float, target: Target, *, most: int = 3) -> int:
    """Fewest decimals at which the printed share has the same light as the unrounded one: 89.8 is not a yellow 90."""
    status = light(share_pct, target)
    return next(
        (places for places in range(most) if light(float(round_half_up(share_pct, places)), target) is status), most
    )


def light(share_pct: float | None, target: Target) -> Light:
    """The traffic light of a share in per cent; None (hidden or not known) is `UNKNOWN`."""
    if share_pct is None:
        return Light.UNKNOWN
    if share_pct >= target.green:
        return Light.GREEN
    return Light.YELLOW if share_pct >= target.yellow else Light.RED

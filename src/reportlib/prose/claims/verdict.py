"""The verdict of a test: significantly up or down, not significant, or never tested."""

from __future__ import annotations

from enum import StrEnum

from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate
from reportlib.text.units import null_value

# A p-value this close to the level may fall on the other side of it than the interval, for numerical reasons only.
_ON_THE_EDGE = 1e-6


class ContradictoryVerdictError(ReportlibError):
    """A p-value and an interval of one row give different verdicts."""


class Verdict(StrEnum):
    """What the evidence supports."""

    UP = "up"
    DOWN = "down"
    NOT_SIGNIFICANT = "not_significant"
    UNTESTED = "untested"

    @property
    def significant(self) -> bool:
        return self in {Verdict.UP, Verdict.DOWN}


def verdict(difference: Estimate, level: float) -> Verdict:
    """The verdict of a row at `level`, from its p-value or, if it has none, its interval.

    Raises:
        ContradictoryVerdictError: the two disagree (more than numerically).
        HiddenValueError: the row has no value.
    """
    value, null = difference.number, null_value(difference.unit)
    low, high, p = difference.ci_low, difference.ci_high, difference.p
    excluded = None if low is None or high is None else low > null or high < null
    by_p = None if p is None else p < level
    if by_p is not None and excluded is not None and by_p != excluded and abs((p or 0) - level) > _ON_THE_EDGE:
        raise ContradictoryVerdictError(
            f"{difference.key}: p = {p:.4g} and the interval {low:.4g} to {high:.4g} disagree at level {level:g}",
            hint="the interval must have the level of the claim",
        )
    significant = excluded if by_p is None else by_p
    if significant is None:
        return Verdict.UNTESTED
    if not significant or value == null:
        return Verdict.NOT_SIGNIFICANT
    return Verdict.UP if value > null else Verdict.DOWN

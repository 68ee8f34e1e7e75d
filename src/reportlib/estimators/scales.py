"""Questionnaire scales: scores from items, with the rule for missing items as a setting.

Sources: WHO-5: Topp, Østergaard, Søndergaard and Bech (2015), Psychotherapy and Psychosomatics 84, 167-176. General
Self-Efficacy: Schwarzer and Jerusalem (1995), and the scale's FAQ (Schwarzer 2014) for missing items. Reliable change:
Jacobson and Truax (1991), J. Consulting and Clinical Psychology 59, 12-19.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportlib.estimators.errors import (
    ArgumentError,
    BadCountError,
    EmptyGroupError,
    LengthMismatchError,
    OutOfScaleError,
)
from reportlib.estimators.inputs import Floats, checked_level, numbers, same_length, variance
from reportlib.estimators.shares import Mean, Share, mean, share
from reportlib.estimators.tails import normal_isf


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale of `items` questions, each answered from `low` to `high` in steps of one.

    A person's score is the mean of the answered items times `multiplier`, or missing with more than `max_missing`
    items unanswered. `multiplier` is None for a set of indicators without a total. Change a setting with
    `dataclasses.replace`.
    """

    name: str
    items: int
    low: int
    high: int
    max_missing: int
    multiplier: float | None

    @property
    def score_low(self) -> float:
        return self.low * (self.multiplier or 1.0)

    @property
    def score_high(self) -> float:
        return self.high * (self.multiplier or 1.0)


WHO5 = Scale("WHO-5", items=5, low=0, high=5, max_missing=0, multiplier=20.0)
"""0-100. No official rule for missing items is known, so all five are needed; `multiplier` 20 is the sum times 4."""

GSE = Scale("GSE", items=10, low=1, high=4, max_missing=3, multiplier=10.0)
"""10-40: the mean of the answered items times ten, at most three missing."""

SCALES = {"who5": WHO5, "gse": GSE}
"""The scales with a total, by their id in trial.yml."""

BIP_CITIZEN = Scale("BIP, borger", items=9, low=1, high=5, max_missing=0, multiplier=None)
BIP_CASEWORKER = Scale("BIP, sagsbehandler", items=11, low=1, high=5, max_missing=0, multiplier=None)
"""Reported indicator by indicator, without a total. The answers' range is a setting: see `with_range`."""

WHO5_HIGH_RISK, WHO5_SOME_RISK = 35.0, 50.0
"""Danish reading of WHO-5: up to 35 high, then up to 50 some, above no immediate risk of depression or stress."""

WHO5_RELEVANT_CHANGE = 10.0
"""The least change of a WHO-5 score that counts as one to notice."""


def answers(items: Any, scale: Scale) -> Floats:
    """`items` (n, scale.items) as floats, NaN where unanswered.

    Raises LengthMismatchError with another number of items, and OutOfScaleError for an answer outside the range or
    between two steps.
    """
    given = numbers(items, scale.name, ndim=2)
    if given.shape[1] != scale.items:
        raise LengthMismatchError(f"{scale.name} has {scale.items} items; {given.shape[1]} columns are given")
    wrong = ~np.isnan(given) & ((given < scale.low) | (given > scale.high) | (given % 1 != 0))
    if wrong.any():
        row, item = (int(axis) for axis in np.argwhere(wrong)[0])
        raise OutOfScaleError(
            f"{scale.name}: the answer {given[row, item]:g} to item {item + 1} in row {row} is not one of"
            f" {scale.low} to {scale.high}",
            hint="codes for 'do not know' must be read as missing",
        )
    return given


def score(items: Any, scale: Scale, *, max_missing: int | None = None) -> Floats:
    """Scores (n,) of `items` (n, scale.items); NaN with more than `max_missing` (the scale's own when None) unanswered.

    Raises ArgumentError for a set of indicators without a total, BadCountError unless 0 <= max_missing < items, and
    what `answers` raises.
    """
    if scale.multiplier is None:
        raise ArgumentError(f"{scale.name} has no total score", hint="report it by indicator: item_means")
    allowed = scale.max_missing if max_missing is None else max_missing
    if not 0 <= allowed < scale.items:
        raise BadCountError(f"max_missing is {allowed}; {scale.name} has {scale.items} items")
    given = answers(items, scale)
    missing = np.isnan(given).sum(axis=1)
    total = np.nansum(given, axis=1)
    return np.where(missing <= allowed, total / np.maximum(scale.items - missing, 1) * scale.multiplier, np.nan)


def who5(items: Any, *, max_missing: int = WHO5.max_missing) -> Floats:
    """WHO-5 scores 0-100 (n,) of answers 0-5 (n, 5): the sum times 4."""
    return score(items, WHO5, max_missing=max_missing)


def gse(items: Any, *, max_missing: int = GSE.max_missing) -> Floats:
    """General Self-Efficacy scores 10-40 (n,) of answers 1-4 (n, 10): the mean of those answered times ten."""
    return score(items, GSE, max_missing=max_missing)


def item_means(items: Any, scale: Scale, *, level: float = 0.05) -> tuple[Mean, ...]:
    """The mean of each item among those who answered it, each with its own n; for indicators without a total."""
    return tuple(mean(column, level=level) for column in answers(items, scale).T)


def with_range(scale: Scale, low: int, high: int) -> Scale:
    """The scale with answers from `low` to `high`. Raises ArgumentError for a total, whose range is fixed."""
    if scale.multiplier is not None:
        raise ArgumentError(f"the answers of {scale.name} go from {scale.low} to {scale.high}")
    if low >= high:
        raise ArgumentError(f"answers cannot go from {low} to {high}")
    return replace(scale, low=low, high=high)


def who5_risk(scores: Any) -> tuple[Share, Share, Share]:
    """The shares of the scores (n,) that mean high, some and no immediate risk; missing ones are left out.

    Raises OutOfScaleError for a score outside 0-100.
    """
    known = numbers(scores, "scores")
    known = known[~np.isnan(known)]
    if ((known < 0) | (known > 100)).any():
        raise OutOfScaleError("a WHO-5 score lies between 0 and 100", hint="multiply the sum 0-25 by 4")
    n = len(known)
    high, at_most_some = (int((known <= limit).sum()) for limit in (WHO5_HIGH_RISK, WHO5_SOME_RISK))
    return share(high, n), share(at_most_some - high, n), share(n - at_most_some, n)


@dataclass(frozen=True, slots=True, eq=False)
class ReliableChange:
    """Each person's change (n,) in units of its error, and how many changed more than error explains.

    `index` is the change over `se_difference`; `kind` is 1 improved, -1 worsened, 0 neither (also where a
    measurement is missing; `n` counts those with both). `smallest` is the least change in the score's unit that
    counts.
    """

    index: Floats
    kind: NDArray[np.int64]
    se_difference: float
    smallest: float
    n: int
    improved: Share
    unchanged: Share
    worsened: Share


def reliable_change(
    before: Any, after: Any, *, reliability: float, sd: float | None = None, level: float = 0.05
) -> ReliableChange:
    """Jacobson and Truax' reliable change: (after - before) / sqrt(2 · (sd · sqrt(1 - reliability))²).

    `reliability` is the scale's test-retest reliability or alpha, strictly between 0 and 1; `sd` that of the scores
    before, by default among all who have one. Higher scores are taken as better. Raises ArgumentError (a reliability
    outside its range, or an sd that is not positive), LengthMismatchError and EmptyGroupError (nobody has both).
    """
    first, second = numbers(before, "before"), numbers(after, "after")
    same_length(before=first, after=second)
    if not 0 < reliability < 1:
        raise ArgumentError(f"reliability is {reliability}; it lies strictly between 0 and 1")
    both = ~np.isnan(first) & ~np.isnan(second)
    n = int(both.sum())
    if not n:
        raise EmptyGroupError("nobody is measured both before and after")
    known = first[~np.isnan(first)]
    spread = sd if sd is not None else variance(known) ** 0.5
    if not spread > 0:
        raise ArgumentError(
            f"the scores before have standard deviation {spread:g}", hint="give sd= from a larger group"
        )
    se_difference = float((2 * (spread**2 * (1 - reliability))) ** 0.5)
    z = float(normal_isf(checked_level(level) / 2))
    index = (second - first) / se_difference
    kind = np.where(both & (index > z), 1, np.where(both & (index < -z), -1, 0)).astype(np.int64)
    counts = [int((kind == direction).sum()) for direction in (1, -1)]
    return ReliableChange(
        index=index,
        kind=kind,
        se_difference=se_difference,
        smallest=z * se_difference,
        n=n,
        improved=share(counts[0], n, level=level),
        unchanged=share(n - sum(counts), n, level=level),
        worsened=share(counts[1], n, level=level),
    )


def clinical_cutoff(mean_healthy: float, sd_healthy: float, mean_ill: float, sd_ill: float) -> float:
    """Jacobson and Truax' cutoff c, between a healthy and an ill group: (sd₀M₁ + sd₁M₀) / (sd₀ + sd₁)."""
    if min(sd_healthy, sd_ill) <= 0:
        raise ArgumentError("both standard deviations must be above 0")
    return (sd_healthy * mean_ill + sd_ill * mean_healthy) / (sd_healthy + sd_ill)

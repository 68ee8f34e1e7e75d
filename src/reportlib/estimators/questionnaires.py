"""Questionnaire scales: scores from items, with the rule for missing items as a setting.

Sources: WHO-5: Topp, Østergaard, Søndergaard and Bech (2015), Psychotherapy and Psychosomatics 84, 167-176. General
Self-Efficacy: Schwarzer and Jerusalem (1995), and the scale's FAQ (Schwarzer 2014) for missing items.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from reportlib.estimators.checked import Floats, numbers
from reportlib.estimators.errors import LengthMismatchError, OutOfScaleError


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale of `items` questions, each answered from `low` to `high` in steps of one.

    A person's score is the mean of the answered items times `multiplier`, or missing with more than `max_missing` items
    unanswered. Change a setting with `dataclasses.replace`.
    """

    name: str
    items: int
    low: int
    high: int
    max_missing: int
    multiplier: float


WHO5 = Scale("WHO-5", items=5, low=0, high=5, max_missing=0, multiplier=20.0)
"""0-100. No official rule for missing items is known, so all five are needed; `multiplier` 20 is the sum times 4."""

GSE = Scale("GSE", items=10, low=1, high=4, max_missing=3, multiplier=10.0)
"""10-40: the mean of the answered items times ten, at most three missing."""

SCALES = {"who5": WHO5, "gse": GSE}
"""The scales by their id in trial.yml."""


def score(items: Any, scale: Scale) -> Floats:
    """Scores (n,) of `items` (n, scale.items), NaN where unanswered; NaN with more than `scale.max_missing` unanswered.

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
    missing = np.isnan(given).sum(axis=1)
    mean = np.nansum(given, axis=1) / np.maximum(scale.items - missing, 1)
    return np.where(missing <= scale.max_missing, mean * scale.multiplier, np.nan)

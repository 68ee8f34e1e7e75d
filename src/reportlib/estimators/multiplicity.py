"""p-values adjusted for how many were looked at; the same as R's p.adjust.

Sources: Holm (1979), Scandinavian J. Statistics 6; Benjamini and Hochberg (1995), JRSS B 57.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reportlib.estimators.errors import BadCountError
from reportlib.estimators.inputs import Floats, numbers


def holm(p: Any) -> Floats:
    """Holm's adjusted p-values (m,): below level for a family with at most that risk of any false finding."""

    def step_down(rising: Floats) -> Floats:
        m = len(rising)
        answer: Floats = np.maximum.accumulate((m - np.arange(m)) * rising)
        return answer

    return _adjust(p, step_down)


def benjamini_hochberg(p: Any) -> Floats:
    """Benjamini and Hochberg's adjusted p-values (m,): below level for at most that expected share false."""

    def step_up(rising: Floats) -> Floats:
        m = len(rising)
        answer: Floats = np.minimum.accumulate((m / (np.arange(m) + 1.0) * rising)[::-1])[::-1]
        return answer

    return _adjust(p, step_up)


def _adjust(p: Any, adjust: Callable[[Floats], Floats]) -> Floats:
    """Apply `adjust` to the rising p-values. A missing one (nothing was tested) stays missing and is not counted."""
    values = numbers(p, "p")
    tested = np.flatnonzero(~np.isnan(values))
    if ((values[tested] < 0) | (values[tested] > 1)).any():
        raise BadCountError("a p-value lies between 0 and 1")
    order = tested[np.argsort(values[tested], kind="stable")]
    answer = np.full(len(values), np.nan)
    if len(order):
        answer[order] = np.minimum(adjust(values[order]), 1.0)
    return answer

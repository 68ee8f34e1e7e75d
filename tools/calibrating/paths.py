"""Curves over event weeks: smooth through their knots, with the slow drift that real series have."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy.interpolate import PchipInterpolator

from calibrating.errors import ImpossiblePathError

Floats = npt.NDArray[np.float64]


def path(knots: Mapping[int, float], weeks: int) -> Floats:
    """(weeks,) the curve through `knots` (event week -> value), monotone between them, flat outside them.

    Monotone cubic interpolation (Fritsch and Butland 1984): it never overshoots a knot.

    Raises:
        ImpossiblePathError: fewer than two knots, or a knot outside 1 to `weeks`.
    """
    at = np.array(sorted(knots), dtype=np.float64)
    if len(at) < 2 or at[0] < 1 or at[-1] > weeks:
        raise ImpossiblePathError(f"a curve over weeks 1 to {weeks} needs two knots or more within them")
    curve = PchipInterpolator(at, [knots[int(week)] for week in at])
    inside: Floats = curve(np.clip(np.arange(1, weeks + 1), at[0], at[-1]))
    return inside


def drift(rng: np.random.Generator, weeks: int, *, sd: float, memory: float = 0.7) -> Floats:
    """(weeks,) noise that fades slowly: each week keeps `memory` of the last; its standard deviation is `sd`."""
    shocks = rng.normal(0.0, sd * np.sqrt(1 - memory**2), weeks)
    noise = np.empty(weeks)
    level = rng.normal(0.0, sd)
    for week, shock in enumerate(shocks):
        level = memory * level + shock
        noise[week] = level
    return noise

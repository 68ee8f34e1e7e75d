"""Tails of common distributions, elementwise, by the functions that SciPy's own distributions call.

`scipy.stats` takes a second and sixty megabytes to load, in every process of a batch. What needs more of it than these
few functions, the exact tests and the forecasts, loads it when it is called.
"""

from __future__ import annotations

from typing import overload

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, fdtrc, ndtr, ndtri, stdtrit

from reportlib.estimators.inputs import Floats


@overload
def normal_isf(tail: float) -> float: ...
@overload
def normal_isf(tail: Floats) -> Floats: ...
def normal_isf(tail: float | Floats) -> float | Floats:
    """The z that a standard normal exceeds with probability `tail`."""
    found: float | Floats = -ndtri(tail)
    return found


@overload
def normal_sf(z: float) -> float: ...
@overload
def normal_sf(z: Floats) -> Floats: ...
def normal_sf(z: float | Floats) -> float | Floats:
    """The probability that a standard normal exceeds `z`."""
    found: float | Floats = ndtr(np.negative(z))
    return found


def t_isf(tail: ArrayLike, df: ArrayLike) -> Floats:
    """The t that Student's t with `df` degrees of freedom exceeds with probability `tail`."""
    found: Floats = -stdtrit(df, tail)
    return found


def chi2_sf(statistic: float, df: float) -> float:
    """The probability that a chi-square with `df` degrees of freedom exceeds `statistic`."""
    return float(chdtrc(df, statistic))


def f_sf(statistic: float, df1: float, df2: float) -> float:
    """The probability that an F with `df1` and `df2` degrees of freedom exceeds `statistic`; below 0 that is 1."""
    return float(fdtrc(df1, df2, max(statistic, 0.0)))

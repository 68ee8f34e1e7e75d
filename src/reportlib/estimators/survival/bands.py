"""Pointwise intervals of a probability that depends on time, by the name of the scale they are symmetric on."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy.special import ndtri

from reportlib.estimators.inputs import Floats

Bands = Literal["log-log", "log", "plain"]
"""log-log stays inside 0 and 1 and holds its coverage in small groups; log is R's default; plain is symmetric."""


def interval(probability: Floats, se: Floats, bands: Bands, level: float) -> tuple[Floats, Floats]:
    """Lower and upper limits, each of the shape of `probability`; `level` 0.05 gives 95 pct.

    A scale on which a probability of 0 or 1 has no place gives NaN there. Log and plain limits are cut at 0 and 1, as
    R cuts them. Source: Kalbfleisch and Prentice (2002), The Statistical Analysis of Failure Time Data, section 1.4.
    """
    z = -ndtri(level / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        if bands == "plain":
            low, high = probability - z * se, probability + z * se
        elif bands == "log":
            ratio = np.exp(z * se / probability)
            low, high = probability / ratio, probability * ratio
        else:
            probability = np.minimum(probability, 1)  # rounding can leave a trace above 1, whose logarithm is positive
            log = np.log(probability)
            power = np.exp(z * se / (probability * log))  # below 1, for the logarithm is negative
            low, high = probability ** (1 / power), probability**power
    return np.clip(low, 0, 1), np.clip(high, 0, 1)

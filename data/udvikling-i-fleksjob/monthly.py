"""Monthly counts by municipality, as Jobindsats gives them: ledighedsydelse, its length in the month, progression."""

from __future__ import annotations

import calibration as cal
import numpy as np
import numpy.typing as npt
import pandas as pd
from calibrating.quotas import spread

MONTHS = [str(month) for month in np.arange("2016-01", "2018-07", dtype="datetime64[M]")]
PROJECT, LATE = MONTHS.index("2017-01"), MONTHS.index("2018-01")

# PUBLISHED: all in the scheme in January 2017 and June 2018, and between 14,000 and 15,000 on ledighedsydelse.
SCHEME_FIRST, SCHEME_LAST, SCHEME_START = 80_600, 88_400, 74_300
# PUBLISHED: percentage points from January to June 2018 (the smallest and the largest).
LY_DIFFERENCE_2018 = (-0.35, -0.44, -0.52, -0.75, -0.63, -0.69)
# PUBLISHED: weeks within the month, first and last month of the project.
LENGTH = {"deltagende": (4.04, 3.91), "oevrige": (4.0, 3.94)}
# PUBLISHED: about 20 pct., and between 1.5 and 2 points lower where the project took place.
PROGRESSION, PROGRESSION_DIFFERENCE = 20.0, (-1.5, -2.0)

TAKING_PART = 0.215
"""The share of the scheme's persons who live where the project took place."""

Floats = npt.NDArray[np.float64]


def monthly() -> dict[str, pd.DataFrame]:
    """File name -> table with month, area, count and base."""
    rng = np.random.default_rng([cal.SEED, 7])
    scheme = _scheme()
    unemployed = _unemployed(rng)
    share = _shares(rng, scheme, unemployed)
    ly_count, ly_base = share
    persons = {side: np.round(1.06 * count).astype(int) for side, count in ly_count.items()}
    weeks = {side: np.round(_length(rng, side) * persons[side]).astype(int) for side in persons}
    few = {side: np.round(0.42 * (base - ly_count[side])).astype(int) for side, base in ly_base.items()}
    up = _progression(rng, few)
    return {
        "ledighedsydelse": _table(rng, ly_count, ly_base),
        "varighed": _table(rng, weeks, persons),
        "progression": _table(rng, up, few),
    }


def _scheme() -> Floats:
    """Full-time persons in the scheme each month."""
    first = np.linspace(SCHEME_START, SCHEME_FIRST, PROJECT + 1)
    return np.round(np.r_[first, np.linspace(SCHEME_FIRST, SCHEME_LAST, len(MONTHS) - PROJECT)[1:]])


def _unemployed(rng: np.random.Generator) -> Floats:
    """Full-time persons on ledighedsydelse: nearly constant, a hundred fewer at the end of the project."""
    at = np.arange(len(MONTHS)) - PROJECT
    level = 14_500 + 350 * np.sin(2 * np.pi * (at + 1) / 12) + rng.normal(0, 25, len(MONTHS))
    level = np.clip(level, 14_120, 14_880)
    level[PROJECT], level[-1] = 14_700, 14_600
    return np.round(level)


def _shares(
    rng: np.random.Generator, scheme: Floats, unemployed: Floats
) -> tuple[dict[str, npt.NDArray[np.int64]], dict[str, npt.NDArray[np.int64]]]:
    """Counts and bases of the two sides, with the wanted difference between their shares."""
    difference = np.r_[rng.normal(0.0, 0.05, LATE), LY_DIFFERENCE_2018]
    base = {"deltagende": np.round(TAKING_PART * scheme).astype(int)}
    base["oevrige"] = scheme.astype(int) - base["deltagende"]
    level = 100 * unemployed / scheme
    own = np.round((level + (1 - TAKING_PART) * difference) / 100 * base["deltagende"]).astype(int)
    count = {"deltagende": own, "oevrige": unemployed.astype(int) - own}
    return count, base


def _length(rng: np.random.Generator, side: str) -> Floats:
    first, last = LENGTH[side]
    path = np.r_[np.full(PROJECT, first), np.linspace(first, last, len(MONTHS) - PROJECT)]
    path[1:-1] += rng.normal(0, 0.02, len(MONTHS) - 2)
    path[PROJECT] = first
    return path


def _progression(rng: np.random.Generator, few: dict[str, npt.NDArray[np.int64]]) -> dict[str, npt.NDArray[np.int64]]:
    smallest, largest = PROGRESSION_DIFFERENCE
    months = len(MONTHS) - PROJECT
    project = rng.uniform(largest + 0.05, smallest - 0.05, months)
    project[3], project[11] = smallest, largest
    difference = np.r_[rng.normal(-1.7, 0.1, PROJECT), project]
    others = PROGRESSION + 0.35 + rng.normal(0, 0.12, len(MONTHS))
    pct = {"deltagende": others + difference, "oevrige": others}
    return {side: np.round(pct[side] / 100 * few[side]).astype(int) for side in few}


def _table(
    rng: np.random.Generator, count: dict[str, npt.NDArray[np.int64]], base: dict[str, npt.NDArray[np.int64]]
) -> pd.DataFrame:
    """The sides' sums spread over their municipalities, each with a level of its own."""
    rows = []
    for side, weights in (("deltagende", cal.SITES), ("oevrige", cal.ELSEWHERE)):
        size = np.array(list(weights.values()), dtype=float)
        level = np.exp(rng.normal(0, 0.05, len(size)))
        for at, month in enumerate(MONTHS):
            grounds = spread(int(base[side][at]), size.tolist())
            counts = spread(int(count[side][at]), (size * level).tolist())
            rows += [(month, area, int(k), int(n)) for area, k, n in zip(weights, counts, grounds, strict=True)]
    return pd.DataFrame(rows, columns=["maaned", "omraade", "antal", "grundlag"]).sort_values(
        ["maaned", "omraade"], ignore_index=True
    )

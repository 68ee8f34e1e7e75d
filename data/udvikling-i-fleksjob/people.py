"""Who they are: group, place, target group, day of registration and background."""

from __future__ import annotations

import calibration as cal
import numpy as np
import numpy.typing as npt
import pandas as pd
from calibrating.quotas import exactly, spread

WEEKS = 52
FIRST = {True: np.datetime64("2017-05-01"), False: np.datetime64("2016-05-02")}  # Mondays of the two years' first weeks
ENTRY_WEEKS = 50
"""Nobody is registered in the last two weeks, so that everybody is followed for some weeks."""

Floats = npt.NDArray[np.float64]


def people() -> pd.DataFrame:
    """One row per person: the participants extract, and `monday`, `followed` (weeks), `narrow` (1A, 2A or 3A)."""
    rng = np.random.default_rng([cal.SEED, 1])
    parts = [
        _part(rng, group, number, size) for group, sizes in cal.PERSONS.items() for number, size in enumerate(sizes)
    ]
    persons = pd.concat(parts, ignore_index=True)
    ids = rng.permutation(len(persons)) + 1
    return persons.assign(person=[f"F{number:06d}" for number in ids])


def _part(rng: np.random.Generator, group: str, number: int, size: int) -> pd.DataFrame:
    """The persons of one target group in one of the four groups."""
    after, taking_part = group in (cal.DELTAGER, cal.SAMMENLIGNING), group in (cal.DELTAGER, cal.FOER)
    weights = cal.SITES if taking_part else cal.ELSEWHERE
    counts = spread(size, list(weights.values()))
    site = np.repeat(np.array(list(weights), dtype=object), counts)[rng.permutation(size)]
    # More are registered in the first months, when those already there are entered.
    entry = np.floor(ENTRY_WEEKS * rng.random(size) ** 1.35).astype(int)
    monday = FIRST[after] + entry * np.timedelta64(7, "D")
    narrow = {
        0: cal.REACH_1A if group == cal.DELTAGER else size,
        1: cal.NARROW_2A[group],
        2: cal.NARROW_3A[group],
    }[number]
    return pd.DataFrame(
        {
            "kommune": site,
            "gruppe": group,
            "registrering": (monday + rng.integers(0, 5, size) * np.timedelta64(1, "D")).astype(str),
            "maalgruppe": cal.TARGET_GROUPS[number],
            "monday": monday,
            "followed": WEEKS - entry,
            "narrow": exactly(rng, size, narrow),
            "alder": _ages(rng, size, cal.AGE[group][number]),
            "mand": exactly(rng, size, _count(size, group, number)).astype(int),
            "ikke_vestlig": (rng.random(size) < cal.NON_WESTERN[group][number]).astype(int),
            "gift": (rng.random(size) < cal.MARRIED[group][number]).astype(int),
            "uger_i_job_3": _weeks(rng, size, cal.JOB_3[group][number], 156),
            "uger_i_job_6": 0,
        }
    ).assign(
        uger_i_job_6=lambda own: (
            own["uger_i_job_3"] + _weeks(rng, size, cal.JOB_6[group][number] - cal.JOB_3[group][number], 156)
        )
    )


def _count(size: int, group: str, number: int) -> int:
    return round(cal.MEN[group][number] * size)


def _ages(rng: np.random.Generator, size: int, mean: float) -> npt.NDArray[np.int64]:
    """Whole years between 20 and 66 whose mean is as near as whole persons allow."""
    ages = np.clip(np.round(rng.normal(mean, 10.5, size)), 20, 66).astype(np.int64)
    return to_sum(rng, ages, round(mean * size), low=20, high=66)


def _weeks(rng: np.random.Generator, size: int, mean: float, most: int) -> npt.NDArray[np.int64]:
    """Weeks in employment: many have none, few have all."""
    shape = 0.45
    share = rng.beta(shape, shape * (most / mean - 1), size)
    return np.round(most * share).astype(np.int64)


def to_sum(
    rng: np.random.Generator, values: npt.NDArray[np.int64], total: int, *, low: int, high: int
) -> npt.NDArray[np.int64]:
    """The whole numbers moved by ones, at random persons and within their limits, until they sum to `total`."""
    values = values.copy()
    while (missing := total - int(values.sum())) != 0:
        step = 1 if missing > 0 else -1
        free = np.flatnonzero(values < high if step > 0 else values > low)
        values[rng.permutation(free)[: abs(missing)]] += step
    return values


def to_sum_within(
    rng: np.random.Generator,
    values: npt.NDArray[np.int64],
    total: int,
    *,
    low: npt.NDArray[np.int64],
    high: int,
) -> npt.NDArray[np.int64]:
    """As `to_sum` with a lower limit for each person; moves by more than one where much is missing."""
    values = values.copy()
    while (missing := total - int(values.sum())) != 0:
        step = 1 if missing > 0 else -1
        free = np.flatnonzero(values < high if step > 0 else values > low)
        if not len(free):
            raise ValueError(f"the values cannot sum to {total}")
        values[rng.permutation(free)[: abs(missing)]] += step
    return values

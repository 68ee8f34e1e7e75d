"""Weekly paid hours: those in fleksjob work a few hours a week.

The hours of the participants of target group 2 are scaled week by week, so that the ordinary difference in differences
gives the published path.
"""

from __future__ import annotations

import calibration as cal
import numpy as np
import numpy.typing as npt
import pandas as pd
from people import WEEKS
from spells import ADJUST, FLEXJOB

from reportlib.estimators.diff_in_diff import did_paths

Floats = npt.NDArray[np.float64]
BAND = 26
"""Weeks of earlier ledighedsydelse in one band, as `bands` in trial.yml."""


def hours(persons: pd.DataFrame, lives: pd.DataFrame) -> Floats:
    """(n, weeks) paid hours a week; NaN where not followed."""
    rng = np.random.default_rng([cal.SEED, 8])
    at = np.arange(1, WEEKS + 1)[None, :]
    followed = at <= persons["followed"].to_numpy()[:, None]
    working = in_fleksjob(lives, at)
    level = _level(rng, persons)[:, None] + _drift(rng, persons)
    weekly = np.where(working, np.clip(np.round(level), 1, 37), 0.0)
    weekly[~followed] = np.nan
    _fit_second(persons, lives, weekly)
    return weekly


def in_fleksjob(lives: pd.DataFrame, at: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """(n, weeks) whether the week's code is fleksjob."""
    code = np.broadcast_to(lives["code"].to_numpy()[:, None], (len(lives), at.shape[1])).copy()
    for begins, then in (("second_week", "second_code"), ("third_week", "third_code")):
        week = lives[begins].to_numpy()[:, None]
        code = np.where((week > 0) & (at >= week), lives[then].to_numpy()[:, None], code)
    return code == FLEXJOB


def _level(rng: np.random.Generator, persons: pd.DataFrame) -> Floats:
    """Hours a week in fleksjob: up to ten for the participants; more spread for the others of target group 3."""
    few = np.clip(np.round(rng.normal(6.6, 2.0, len(persons))), 2, 10)
    many = np.clip(np.round(rng.gamma(2.6, 5.0, len(persons))), 2, 30)
    wide = (persons["maalgruppe"] == cal.TARGET_GROUPS[2]) & (persons["gruppe"] != cal.DELTAGER)
    narrow = persons["narrow"].to_numpy() & (rng.random(len(persons)) < 0.55)
    return np.where(wide.to_numpy() & ~narrow, many, few)


def _drift(rng: np.random.Generator, persons: pd.DataFrame) -> Floats:
    """(n, weeks) whole hours more or less than at the beginning: most have none, about one in five has more."""
    changes = rng.random((len(persons), WEEKS)) < 0.0075
    step = rng.choice([-1.0, 1.0, 2.0], changes.shape, p=[0.38, 0.42, 0.20])
    steps = np.where(changes, step, 0.0)
    steps[:, 0] = 0.0
    return np.cumsum(steps, axis=1)


def _fit_second(persons: pd.DataFrame, lives: pd.DataFrame, weekly: Floats) -> None:
    """Scale the participants' hours week by week until the estimate is the one wanted; changes `weekly` in place."""
    rows = np.flatnonzero((persons["maalgruppe"] == cal.TARGET_GROUPS[1]).to_numpy())
    own = persons.iloc[rows]
    after = own["gruppe"].isin([cal.DELTAGER, cal.SAMMENLIGNING]).to_numpy()
    place = own["gruppe"].isin([cal.DELTAGER, cal.FOER]).to_numpy()
    treated = after & place
    band = lives["weeks_before"].to_numpy()[rows] // BAND
    control = np.column_stack([own[ADJUST].to_numpy(dtype=float), band[:, None] == np.unique(band)[1:]]).astype(float)
    values = weekly[rows]
    for week in range(cal.PATH_WEEKS):
        column = values[:, [week]]
        if np.isnan(column[treated]).all():
            continue
        parts = []
        for factor in (1.0, 0.0):
            tried = np.where(treated[:, None], factor * column, column)
            parts += did_paths([tried], after, place, clusters=own["kommune"].to_numpy(), covariates=control)
        whole, none = (float(part.difference[0]) for part in parts)
        error, df = float(parts[0].se[0]), float(parts[0].df[0])
        if not np.isfinite(whole) or whole == none:
            continue
        wanted = _wanted(week + 1, whole, error * 2.05)
        factor = (wanted - none) / (whole - none)
        values[treated, week] = np.round(factor * column[treated, 0], 2)
        assert df > 1
    weekly[rows] = values


def _wanted(week: int, natural: float, noise: float) -> float:
    """The published path: significant, about 0.4 hours, from the first to the last published week and not outside."""
    first, last = cal.HOURS_WEEKS
    if first <= week <= last:
        return cal.HOURS_EFFECT * min(1.0, 0.76 + 0.075 * (week - first))
    if week < first:
        return min(natural, 0.88 * noise, 0.9 * cal.HOURS_EFFECT * week / first)
    # The others catch up, and fewer and fewer are followed.
    return min(natural, 0.88 * noise, cal.HOURS_EFFECT * max(0.25, 0.9 - 0.08 * (week - last)))

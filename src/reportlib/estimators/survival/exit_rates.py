"""Weekly exit rates: the share of those still there at the beginning of a week who leave in it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from reportlib.estimators.inputs import Floats, Integers, checked_level
from reportlib.estimators.survival.counts import groups_of
from reportlib.estimators.survival.episodes import read_episodes


def exit_rates(
    frame: pd.DataFrame,
    *,
    stop: str,
    event: str,
    start: str | None = None,
    group: str | None = None,
    weeks: int | None = None,
    level: float = 0.05,
) -> pd.DataFrame:
    """`group, week, n, k, rate, ci_low, ci_high` for weeks 1, 2, ..., `weeks` (the last with anybody at risk by
    default).

    Week w is (w - 1, w]. Times are rounded outwards to whole weeks, so that whoever is watched for a part of a week
    counts among its n; k of them leave with the event in it. `rate` is k/n, a fraction (NaN where n is 0), with
    Wilson's interval.

    Raises what `read_episodes` raises.
    """
    level = checked_level(level)
    episodes = read_episodes(frame, start=start, stop=stop, event=event)
    times = np.concatenate([[0.0], episodes.times])
    first = np.maximum(np.floor(times[episodes.start]).astype(int), 0)
    last = np.ceil(times[episodes.stop]).astype(int)
    n_weeks = int(max(last.max(), 1)) if weeks is None else weeks
    tables = []
    for label, within in groups_of(frame, group, episodes.row):
        entered = np.cumsum(np.bincount(np.minimum(first[within], n_weeks), minlength=n_weeks + 1))[:n_weeks]
        left = np.cumsum(np.bincount(np.clip(last[within], 0, n_weeks), minlength=n_weeks + 1))[:n_weeks]
        leaving = last[within & episodes.event]
        k = np.bincount(leaving[(leaving >= 1) & (leaving <= n_weeks)], minlength=n_weeks + 1)[1:]
        n = entered - left
        low, high = _wilson(k, n, level)
        with np.errstate(invalid="ignore"):
            rate = k / n
        week = np.arange(1, n_weeks + 1)
        tables.append(
            pd.DataFrame({"group": label, "week": week, "n": n, "k": k, "rate": rate, "ci_low": low, "ci_high": high})
        )
    return pd.concat(tables, ignore_index=True)


def _wilson(k: Integers, n: Integers, level: float) -> tuple[Floats, Floats]:
    """Wilson's score interval, (weeks,) each."""
    z2 = ndtri(level / 2) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        share = k / n
        centre = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n**2))) / (1 + z2 / n)
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)

"""The Kaplan-Meier estimator with Greenwood's errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
import pandas as pd

from reportlib.estimators.inputs import Floats, checked_level, one_of
from reportlib.estimators.survival.bands import Bands, interval
from reportlib.estimators.survival.counts import ExitCounts, at_risk_counts, exit_counts, groups_of
from reportlib.estimators.survival.episodes import read_episodes

_EQUAL = 1e-10
"""Two survival shares closer than this are the same: 0.5 reached by multiplication is still one half."""


@dataclass(frozen=True, slots=True, eq=False)
class KaplanMeier:
    """Survival curves of one or more groups."""

    table: pd.DataFrame
    """`group, time, n_risk, n_event, n_censored, survival, se, ci_low, ci_high`; counts are since the row above.

    `survival` is the share that has not had the event by `time`, events at that time included.
    """
    medians: pd.DataFrame
    """`group, median, ci_low, ci_high`: when the curve, and the limits of its interval, reach one half; NaN if never.
    """
    bands: Bands
    level: float

    @property
    def method(self) -> str:
        """What a ledger row should say about the estimate."""
        return f"Kaplan-Meier, Greenwood, {self.bands} bands"


def kaplan_meier(
    frame: pd.DataFrame,
    *,
    stop: str,
    event: str,
    start: str | None = None,
    group: str | None = None,
    times: Sequence[float] | None = None,
    bands: Bands = "log-log",
    level: float = 0.05,
) -> KaplanMeier:
    """S(t) = product over event times u <= t of (1 - d_u / n_u), by group.

    Var S(t) = S(t)^2 sum over u <= t of d_u / (n_u (n_u - d_u)).

    Args:
        stop, event, start: as for `cox`. With delayed entry and few at risk early, the curve can fall to zero at once
            and stay there: look at `n_risk`.
        group: column; a curve for each value.
        times: rows for these times (rising), with the counts between them; without it a row for each time somebody
            leaves. After a group's last time the curve is not known and is NaN, unless it has reached zero.
        bands: the scale of the pointwise intervals, see `bands`.
        level: significance level of the intervals.

    Raises what `read_episodes` raises, and UnknownMethodError, BadLevelError.

    Sources: Kaplan and Meier (1958), JASA 53, 457-481; Greenwood (1926); medians as in R's survival (a flat half
    counts to its middle).
    """
    one_of("bands", bands, get_args(Bands))
    level = checked_level(level)
    episodes = read_episodes(frame, start=start, stop=stop, event=event)
    wanted = None if times is None else np.asarray(times, dtype=float)
    tables, medians = [], []
    for label, within in groups_of(frame, group, episodes.row):
        counts = exit_counts(episodes, episodes.event, within)
        survival, se = estimate(counts)
        low, high = interval(survival, se, bands, level)
        medians.append((label, *(_median(counts.times, curve) for curve in (survival, low, high))))
        columns = {"survival": survival, "se": se, "ci_low": low, "ci_high": high}
        if wanted is None:
            table = pd.DataFrame({"time": counts.times, "n_risk": counts.n_risk, **_leavers(counts), **columns})
        else:
            table = _at_times(counts, columns, wanted, at_risk_counts(episodes, within, wanted))
        table.insert(0, "group", label)
        tables.append(table)
    return KaplanMeier(
        table=pd.concat(tables, ignore_index=True),
        medians=pd.DataFrame(medians, columns=["group", "median", "ci_low", "ci_high"]),
        bands=bands,
        level=level,
    )


def estimate(counts: ExitCounts) -> tuple[Floats, Floats]:
    """S(t) and its Greenwood error at each exit time, (T,) each; the error is NaN once S(t) is zero."""
    n, d = counts.n_risk.astype(float), counts.n_event.astype(float)
    survival = np.cumprod((n - d) / n)
    with np.errstate(divide="ignore", invalid="ignore"):
        se = survival * np.sqrt(np.cumsum(d / (n * (n - d))))
    return survival, se


def _leavers(counts: ExitCounts) -> dict[str, object]:
    return {"n_event": counts.n_event, "n_censored": counts.n_censored}


def _at_times(counts: ExitCounts, curves: dict[str, Floats], times: Floats, n_risk: object) -> pd.DataFrame:
    """The step functions read off at `times`, and the leavers between them."""
    last = np.searchsorted(counts.times, times, side="right")
    table = {"time": times, "n_risk": n_risk}
    for name, each in (("n_event", counts.n_event), ("n_censored", counts.n_censored)):
        total = np.concatenate([[0], np.cumsum(each)])[last]
        table[name] = np.diff(total, prepend=0)
    # Before anybody leaves, all survive, without uncertainty.
    before = {"survival": 1.0, "se": 0.0, "ci_low": 1.0, "ci_high": 1.0}
    known = (times <= counts.times[-1]) | (curves["survival"][-1] == 0)
    for name, curve in curves.items():
        table[name] = np.where(known, np.concatenate([[before[name]], curve])[last], np.nan)
    return pd.DataFrame(table)


def _median(times: Floats, curve: Floats) -> float:
    """When the falling `curve` first reaches one half; the middle of the stretch if it stays there for a while."""
    reached = np.flatnonzero(curve <= 0.5 + _EQUAL)
    if not reached.size:
        return float("nan")
    first = reached[0]
    if curve[first] < 0.5 - _EQUAL:
        return float(times[first])
    below = np.flatnonzero(curve < 0.5 - _EQUAL)
    # As R does: a curve that stops at one half has its median where it got there.
    return float((times[first] + times[below[0]]) / 2) if below.size else float(times[first])

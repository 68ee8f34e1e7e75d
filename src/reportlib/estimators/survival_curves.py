"""Kaplan-Meier curves by lifelines, with Greenwood's errors, log-log intervals and medians as R's survival.

lifelines counts who is at risk and makes the curve, late entry included; it gives no error.

Sources: Kaplan and Meier (1958), JASA 53, 457-481; Greenwood (1926); Kalbfleisch and Prentice (2002), The Statistical
Analysis of Failure Time Data, section 1.4 (intervals).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from reportlib.estimators.checked import Booleans, Floats, checked_level
from reportlib.estimators.errors import EmptyRiskSetError
from reportlib.estimators.risk_sets import read_episodes

_EQUAL = 1e-10
"""Two survival shares closer than this are the same: 0.5 reached by multiplication is still one half."""


@dataclass(frozen=True, slots=True, eq=False)
class KaplanMeier:
    """A survival curve."""

    table: pd.DataFrame
    """`time, n_risk, n_event, n_censored, survival, se, ci_low, ci_high`; those who left are since the row above.

    `n_risk` are watched just before `time`; `survival` is the share that has not had the event by `time`, events at
    that time included.
    """
    median: tuple[float, float, float]
    """When the curve, and the lower and the upper limit of its interval, reach one half; NaN if never."""
    level: float
    method: str = "Kaplan-Meier, Greenwood, log-log bands"


def kaplan_meier(
    frame: pd.DataFrame,
    *,
    stop: str,
    event: str,
    start: str | None = None,
    times: Sequence[float] | None = None,
    level: float = 0.05,
) -> KaplanMeier:
    """S(t) = product over event times u <= t of (1 - d_u / n_u), for the persons of `frame`.

    Var S(t) = S(t)^2 sum over u <= t of d_u / (n_u (n_u - d_u)).

    Args:
        stop, event, start: as for `cox`.
        times: rows for these times (rising), with the counts between them; without it a row for each time somebody
            leaves. After the last time the curve is not known and is NaN, unless it has reached zero.
        level: significance level of the intervals.

    Raises EmptyRiskSetError where, with late entry, nobody is left at risk early on and the curve would be zero from
    then on; what `read_episodes` raises, and BadLevelError.
    """
    level = checked_level(level)
    episodes = read_episodes(frame, start=start, stop=stop, event=event)
    exits = episodes.times[episodes.stop - 1]
    entered = None if start is None else episodes.times[episodes.start - 1]
    leavers, curve = _fitted(exits, episodes.event, entered)
    n, d = leavers["n_risk"].to_numpy(dtype=float), leavers["observed"].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        se = curve * np.sqrt(np.cumsum(d / (n * (n - d))))
    low, high = _interval(curve, se, level)
    at = leavers.index.to_numpy(dtype=float)
    table = pd.DataFrame(
        {
            "time": at,
            "n_risk": n.astype(int),
            "n_event": d.astype(int),
            "n_censored": leavers["censored"].to_numpy(dtype=int),
            "survival": curve,
            "se": se,
            "ci_low": low,
            "ci_high": high,
        }
    )
    if times is not None:
        table = _at_times(table, np.asarray(times, dtype=float), exits, entered)
    return KaplanMeier(table, (_median(at, curve), _median(at, low), _median(at, high)), level)


def _fitted(exits: Floats, event: Booleans, entered: Floats | None) -> tuple[pd.DataFrame, Floats]:
    """lifelines' counts at the times somebody leaves, and its curve there."""
    from lifelines import KaplanMeierFitter  # slow to load
    from lifelines.exceptions import StatError

    with np.errstate():  # lifelines switches warnings off for the whole process
        try:
            fit = KaplanMeierFitter().fit(exits, event, entry=entered)
        except StatError as error:
            raise EmptyRiskSetError(
                "early on, everybody at risk leaves before others enter: the curve would be zero from then on",
                hint="begin later, when more persons are watched, or leave out the earliest",
            ) from error
    counts = fit.event_table
    entering = counts["entrance"].to_numpy(copy=True)
    entering[0] = 0
    # Its curve leaves out those who enter at the very time, its table of those at risk counts them.
    counts = counts.assign(n_risk=counts["at_risk"] - entering)
    leaving = counts["removed"].to_numpy() > 0
    return counts[leaving], fit.survival_function_.iloc[:, 0].to_numpy()[leaving]


def _interval(probability: Floats, se: Floats, level: float) -> tuple[Floats, Floats]:
    """Lower and upper pointwise limits on the log-log scale, which stays inside 0 and 1 and holds its coverage in small
    groups; a probability of 0 or 1 has no place there and gives NaN.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        power = np.exp(
            -ndtri(level / 2) * se / (probability * np.log(probability))
        )  # below 1: the logarithm is below 0
        return np.clip(probability ** (1 / power), 0, 1), np.clip(probability**power, 0, 1)


def _at_times(table: pd.DataFrame, times: Floats, exits: Floats, entered: Floats | None) -> pd.DataFrame:
    """The step functions read off at `times`, who is at risk just before them, and the leavers between them."""
    last = np.searchsorted(table["time"], times, side="right")
    inside = len(exits) if entered is None else np.searchsorted(np.sort(entered), times, side="left")
    read = {"time": times, "n_risk": inside - np.searchsorted(np.sort(exits), times, side="left")}
    for name in ("n_event", "n_censored"):
        read[name] = np.diff(np.concatenate([[0], np.cumsum(table[name])])[last], prepend=0)
    known = (times <= table["time"].iloc[-1]) | (table["survival"].iloc[-1] == 0)
    # Before anybody leaves, all survive, without uncertainty.
    for name, before in (("survival", 1.0), ("se", 0.0), ("ci_low", 1.0), ("ci_high", 1.0)):
        read[name] = np.where(known, np.concatenate([[before], table[name]])[last], np.nan)
    return pd.DataFrame(read)


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

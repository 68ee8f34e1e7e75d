"""Competing exits: the share that has left for each cause, when leaving for one rules out the others.

One minus Kaplan-Meier with the other exits as censored answers another question (what if nobody could leave in any
other way) and is always the larger number.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pandas as pd

from reportlib.errors import did_you_mean
from reportlib.estimators import columns
from reportlib.estimators.inputs import Booleans, Floats, checked_level, one_of
from reportlib.estimators.survival.bands import Bands, interval
from reportlib.estimators.survival.counts import exit_counts, groups_of
from reportlib.estimators.survival.episodes import Episodes, read_episodes
from reportlib.estimators.survival.errors import NoEventsError, UnknownCauseError


@dataclass(frozen=True, slots=True, eq=False)
class CumulativeIncidence:
    """Aalen-Johansen curves by group and cause."""

    table: pd.DataFrame
    """`group, cause, time, n_risk, n_event, incidence, se, ci_low, ci_high`: a row for each time somebody leaves."""
    bands: Bands
    level: float

    @property
    def method(self) -> str:
        """What a ledger row should say about the estimate."""
        return f"Aalen-Johansen, {self.bands} bands"


def cumulative_incidence(
    frame: pd.DataFrame,
    *,
    stop: str,
    cause: str,
    censored: Hashable,
    start: str | None = None,
    group: str | None = None,
    bands: Bands = "log-log",
    level: float = 0.05,
) -> CumulativeIncidence:
    """F_k(t) = sum over times u <= t of S(u-) d_ku / n_u, for each cause k; the F_k and S(t) add up to one.

    The error is the delta method on multinomial exits at each time, the form that is Greenwood's when there is one
    cause; without delayed entry it equals R's `survfit` (infinitesimal jackknife) exactly.

    Args:
        cause: column with why each episode ended.
        censored: the value of `cause` for "still there when last seen".
        stop, start, group, bands, level: as for `kaplan_meier`.

    Raises UnknownCauseError if `censored` does not occur (a misspelt value would turn the censored into a cause; pass
    None if really nobody is censored), NoEventsError if nothing else does, and what `read_episodes` raises.

    Sources: Aalen and Johansen (1978), Scandinavian Journal of Statistics 5, 141-150; variance: Andersen, Borgan,
    Gill and Keiding (1993), section IV.4.
    """
    one_of("bands", bands, get_args(Bands))
    level = checked_level(level)
    codes, levels = columns.labels(frame, cause)
    if censored is not None and censored not in levels:
        raise UnknownCauseError(
            f"no row of {cause!r} has the value {censored!r} that stands for censored",
            hint=did_you_mean(str(censored), map(str, levels)),
        )
    causes: list[tuple[int, Any]] = [(code, name) for code, name in enumerate(levels) if name != censored]
    if not causes:
        raise NoEventsError(f"every row of {cause!r} is censored")
    leaves = np.isin(codes, [code for code, _ in causes])
    episodes = read_episodes(frame, start=start, stop=stop, event=leaves)
    tables = []
    for label, within in groups_of(frame, group, episodes.row):
        for code, name in causes:
            table = _curve(episodes, codes[episodes.row] == code, within)
            table["ci_low"], table["ci_high"] = interval(
                table["incidence"].to_numpy(), table["se"].to_numpy(), bands, level
            )
            table.insert(0, "cause", name)
            table.insert(0, "group", label)
            tables.append(table)
    return CumulativeIncidence(pd.concat(tables, ignore_index=True), bands, level)


def _curve(episodes: Episodes, of_cause: Booleans, within: Booleans) -> pd.DataFrame:
    """One group's curve for one cause."""
    all_causes = exit_counts(episodes, episodes.event, within)
    own = exit_counts(episodes, of_cause, within)
    n, d, d_k = (each.astype(float) for each in (own.n_risk, all_causes.n_event, own.n_event))
    after = np.cumprod((n - d) / n)
    before = np.concatenate([[1.0], after[:-1]])
    incidence = np.cumsum(before * d_k / n)
    return pd.DataFrame(
        {
            "time": own.times,
            "n_risk": own.n_risk,
            "n_event": own.n_event,
            "incidence": incidence,
            "se": np.sqrt(_variance(n, d, d_k, before, after, incidence)),
        }
    )


def _variance(n: Floats, d: Floats, d_k: Floats, before: Floats, after: Floats, incidence: Floats) -> Floats:
    """Var F(t), (T,): sum over u <= t of the variance of the exits at u times their squared effect on F(t).

    An exit for cause k at u adds S(u-) / n_u to F(t); an exit for any cause takes away what those left at u would
    have added later, S(u-) / S(u) (F(t) - F(u)) / n_u. With x = F(t) - F(u) this is a quadratic in F(t) whose
    coefficients are running sums.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        per_left = np.where(after > 0, before / after, 0.0)  # when nobody is left, F does not move any more
    variance_k = d_k / n * (1 - d_k / n) / n
    variance = d / n * (1 - d / n) / n
    covariance = d_k / n * (1 - d / n) / n
    # Var = sum before^2 variance_k - 2 before per_left covariance x + per_left^2 variance x^2
    c2 = per_left**2 * variance
    c1 = -2 * before * per_left * covariance - 2 * c2 * incidence
    c0 = before**2 * variance_k + 2 * before * per_left * covariance * incidence + c2 * incidence**2
    total = np.cumsum(c0) + np.cumsum(c1) * incidence + np.cumsum(c2) * incidence**2
    return np.asarray(np.maximum(total, 0.0))

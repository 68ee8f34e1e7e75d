"""The log-rank test of equal hazards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from reportlib.estimators import columns
from reportlib.estimators.inputs import Floats, Integers
from reportlib.estimators.survival.episodes import read_episodes
from reportlib.estimators.survival.errors import EmptyRiskSetError, TooFewGroupsError
from reportlib.estimators.survival.risk_sets import RiskSets, risk_sets


@dataclass(frozen=True, slots=True, eq=False)
class LogRank:
    """Chi-square test that the groups have the same hazard at every time."""

    chi2: float
    df: int
    p: float
    groups: pd.DataFrame
    """`group, n, observed, expected`: events, and those to be expected under equal hazards."""


def log_rank(
    frame: pd.DataFrame,
    *,
    stop: str,
    event: str,
    group: str,
    start: str | None = None,
    strata: str | Sequence[str] | None = None,
) -> LogRank:
    """Compare the groups' events with those expected when each risk set's events fall evenly on its members.

    At a time with d events among n at risk, n_g of them in group g, the expected number is d n_g / n and the covariance
    d (n - d) / (n - 1) (n_g / n) (1[g = h] - n_h / n); both are summed over times and strata.

    Raises TooFewGroupsError for one group; EmptyRiskSetError if groups are never at risk together; NoEventsError; and
    what `read_episodes` raises.

    Source: Mantel (1966); Kalbfleisch and Prentice (2002), section 1.5. Equals R's `survdiff`.
    """
    codes, levels = columns.labels(frame, group)
    if len(levels) < 2:
        raise TooFewGroupsError(f"{group!r} has the one value {levels[0]}", hint="a test needs two groups or more")
    episodes = read_episodes(frame, start=start, stop=stop, event=event, strata=strata)
    sets = risk_sets(episodes)
    code = codes[sets.position]
    observed, expected, covariance = _sums(sets, code, len(levels))
    excess = (observed - expected)[:-1]  # the groups' differences add up to zero: one is redundant
    within = covariance[:-1, :-1]
    if np.linalg.eigvalsh(within)[0] <= 1e-10 * observed.sum():
        raise EmptyRiskSetError(f"some groups of {group!r} are never at risk at the same time, or never at an event")
    chi2 = float(excess @ np.linalg.solve(within, excess))
    df = len(levels) - 1
    table = pd.DataFrame(
        {"group": levels, "n": np.bincount(codes), "observed": observed.astype(int), "expected": expected}
    )
    return LogRank(chi2, df, float(chdtrc(df, chi2)), table)


def _sums(sets: RiskSets, code: Integers, n_groups: int) -> tuple[Floats, Floats, Floats]:
    member = (code == np.arange(n_groups)[:, None]).astype(float)
    n_by_group = sets.over_risk_sets(member)
    n = n_by_group.sum(axis=0)
    d = sets.n_dead.astype(float)
    share = n_by_group / n
    observed = member[:, sets.dead].sum(axis=1)
    spread = d * (n - d) / np.maximum(n - 1, 1)  # the only one at risk tells nothing
    covariance = np.diag(share @ spread) - (share * spread) @ share.T
    return observed, share @ d, covariance

"""Are the hazards proportional? Grambsch and Therneau's score test, as R's `cox.zph` (survival 3) makes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from reportlib.errors import did_you_mean
from reportlib.estimators.errors import UnknownTermError
from reportlib.estimators.inputs import Floats, one_of
from reportlib.estimators.survival.episodes import Episodes
from reportlib.estimators.survival.errors import InvalidEpisodeError
from reportlib.estimators.survival.fitting import fit

TimeScale = Literal["km", "rank", "identity", "log"]


@dataclass(frozen=True, slots=True, eq=False)
class ProportionalHazardsTest:
    """Tests of "the hazard ratio does not change with time"; a small p speaks against it."""

    terms: pd.DataFrame
    """One row for each term: `term, chi2, df, p`."""
    chi2: float
    df: int
    p: float
    """The test of all covariates together."""
    time_scale: TimeScale


def ph_test(
    frame: pd.DataFrame,
    *,
    stop: str,
    event: str,
    covariates: Sequence[str],
    start: str | None = None,
    strata: str | Sequence[str] | None = None,
    weights: str | None = None,
    time_scale: TimeScale = "km",
    groups: Mapping[str, Sequence[str]] | None = None,
) -> ProportionalHazardsTest:
    """Score test of adding x g(t) for each covariate x to the Cox model of the same arguments.

    Args:
        time_scale: g(t) is one minus Kaplan-Meier just before t ("km", least moved by a few late events), the rank of
            t, t itself or its logarithm; centred on its mean over the events.
        groups: covariates to be tested together with as many degrees of freedom, by the name their row shall have,
            such as the indicators of one categorical variable. The rest get a row each.

    The test uses the model's own information and not the clusters, as in R.

    Raises: as `cox`; UnknownMethodError for the time scale; UnknownTermError for a group's member that is no covariate.

    Sources: Grambsch and Therneau (1994), Biometrika 81, 515-526; Therneau, survival 3.0 (exact score test).
    """
    one_of("time_scale", time_scale, get_args(TimeScale))
    names = list(covariates)
    members = _members(names, groups or {})
    fitted = fit(frame, start=start, stop=stop, event=event, covariates=names, strata=strata, weights=weights)
    at = fitted.maximum.evaluation
    scale = _time(fitted.episodes, time_scale)
    centre = scale[fitted.episodes.stop[fitted.episodes.event] - 1].mean()
    g = scale[fitted.sets.time_rank - 1] - centre
    score, once, twice = fitted.likelihood.time_weighted(at, g)
    # The information of x g(t) that is left when the ordinary coefficients are estimated too.
    left = twice - once @ np.linalg.solve(at.information, once)

    rows = []
    for name, which in members.items():
        part = np.ix_(which, which)
        chi2 = float(score[which] @ np.linalg.solve(left[part], score[which]))
        rows.append((name, chi2, len(which), float(chdtrc(len(which), chi2))))
    total = float(score @ np.linalg.solve(left, score))
    return ProportionalHazardsTest(
        terms=pd.DataFrame(rows, columns=["term", "chi2", "df", "p"]),
        chi2=total,
        df=len(names),
        p=float(chdtrc(len(names), total)),
        time_scale=time_scale,
    )


def _members(names: list[str], groups: Mapping[str, Sequence[str]]) -> dict[str, list[int]]:
    """Which covariates each row of the table tests, in the covariates' order."""
    row_of = {name: name for name in names}
    for group, members in groups.items():
        for member in members:
            if member not in row_of:
                raise UnknownTermError(
                    f"{member!r} in group {group!r} is no covariate", hint=did_you_mean(member, names)
                )
            row_of[member] = group
    rows: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        rows.setdefault(row_of[name], []).append(at)
    return rows


def _time(episodes: Episodes, time_scale: TimeScale) -> Floats:
    """g before centring, one value for each distinct time."""
    times = episodes.times
    size = len(times) + 1
    if time_scale == "identity":
        return times
    if time_scale == "log":
        if times[episodes.stop[episodes.event] - 1].min() <= 0:
            raise InvalidEpisodeError("an event at time 0 or before has no logarithm", hint="use another time_scale")
        return np.log(times, out=np.zeros(len(times)), where=times > 0)
    if time_scale == "rank":
        tied = np.bincount(episodes.stop, minlength=size)[1:]
        return np.cumsum(tied) - (tied - 1) / 2  # episodes that stop together share their mean rank
    dead = np.bincount(episodes.stop[episodes.event], minlength=size)[1:]
    stopped = np.bincount(episodes.stop, minlength=size)[1:]
    started = np.bincount(episodes.start, minlength=size)
    at_risk = np.cumsum(started)[:-1] - np.cumsum(stopped) + stopped
    survival = np.cumprod(1 - dead / np.maximum(at_risk, 1))
    return 1 - np.concatenate([[1.0], survival[:-1]])

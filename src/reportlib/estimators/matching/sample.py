"""Matching in one call: score, common support, neighbours, balance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from reportlib.estimators import columns
from reportlib.estimators.inputs import Booleans, Floats, one_of
from reportlib.estimators.matching.abadie_imbens import MatchedEffect, Variance, matched_effect
from reportlib.estimators.matching.balance import Scale, balance_table
from reportlib.estimators.matching.errors import NoMatchesError
from reportlib.estimators.matching.nearest import Matches, nearest
from reportlib.estimators.matching.propensity import Propensity, propensity_score

MatchOn = Literal["logit", "probability"]
CaliperUnit = Literal["score", "sd"]
Support = Literal["range", "none"]


@dataclass(frozen=True, slots=True, eq=False)
class MatchedSample:
    """Treated persons and the controls they are compared with. Arrays follow the frame's rows."""

    propensity: Propensity
    matches: Matches
    weight: Floats
    """(n,) see `Matches.weight`."""
    balance: pd.DataFrame
    """See `balance_table`."""
    caliper: float | None
    """In the unit of what was matched on."""
    off_support: Booleans
    """(n,) treated persons left out because no control has so high, or so low, a score."""

    @property
    def n_treated(self) -> int:
        """All treated persons; those matched are `len(matches.treated)`."""
        return int(self.propensity.treated.sum())

    def effect(
        self, outcome: Any, *, variance: Variance = "homoscedastic", variance_neighbours: int = 2, level: float = 0.05
    ) -> MatchedEffect:
        """The effect on the matched treated, see `matched_effect`."""
        return matched_effect(
            self.matches, outcome, variance=variance, variance_neighbours=variance_neighbours, level=level
        )


def match(
    frame: pd.DataFrame,
    *,
    treated: str,
    covariates: Sequence[str],
    neighbours: int = 1,
    caliper: float | None = None,
    caliper_unit: CaliperUnit = "score",
    on: MatchOn = "logit",
    support: Support = "none",
    scale: Scale = "treated",
) -> MatchedSample:
    """Match on a logit propensity score, with replacement, ties sharing.

    Args:
        treated: 0/1 column.
        covariates: numeric columns.
        neighbours: controls for each treated person; more are used when some are tied with the last.
        caliper, caliper_unit: the furthest a control may be, in the score's own unit or in standard deviations of it
            (the root of the two groups' mean variance; 0.2 is usual on the logit). None for no limit.
        on: distance on the log odds, or on the probability.
        support: "range" leaves out treated persons whose score is above all controls' or below all.
        scale: of the standardised differences, see `balance_table`.

    Raises what `propensity_score` and `nearest` raise, and UnknownMethodError.

    Sources: Rosenbaum and Rubin (1983), Biometrika 70, 41-55; Austin (2011), Pharmaceutical Statistics 10, 150-161
    (caliper).
    """
    one_of("on", on, get_args(MatchOn))
    one_of("caliper_unit", caliper_unit, get_args(CaliperUnit))
    one_of("support", support, get_args(Support))
    propensity = propensity_score(frame, treated=treated, covariates=covariates)
    z = propensity.treated
    score = propensity.logit if on == "logit" else propensity.score
    if caliper is not None and caliper_unit == "sd":
        caliper = caliper * float(np.sqrt((score[z].var(ddof=1) + score[~z].var(ddof=1)) / 2))
    off = np.zeros(len(z), dtype=bool)
    if support == "range":
        off = z & ((score > score[~z].max()) | (score < score[~z].min()))
    if (off == z).all():
        raise NoMatchesError("no treated person has a score within the range of the controls'")
    rows = np.flatnonzero(~off)
    found = nearest(score[rows], z[rows], neighbours=neighbours, caliper=caliper)
    matches = Matches(
        treated=rows[found.treated],
        unmatched=np.sort(np.concatenate([rows[found.unmatched], np.flatnonzero(off)])),
        controls=rows[found.controls],
        control_score=found.control_score,
        runs=found.runs,
        n=len(z),
    )
    weight = matches.weight
    names = list(covariates)
    balance = balance_table(columns.matrix(frame, names), names, z, weight, scale=scale)
    return MatchedSample(propensity, matches, weight, balance, caliper, off)

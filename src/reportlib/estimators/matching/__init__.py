"""Matching on the propensity score, and overlap weights beside it.

    from reportlib.estimators import matching

    sample = matching.match(frame, treated="treat", covariates=["age", "educ"], neighbours=1, caliper=0.2,
    caliper_unit="sd") sample.balance, sample.effect(frame["hours"]) matching.overlap_effect(sample.propensity,
    frame["hours"])

Always with replacement and with shared ties, so that the answer does not depend on the order of the rows.
"""

from reportlib.estimators.matching.abadie_imbens import MatchedEffect, matched_effect
from reportlib.estimators.matching.balance import balance_table, effective_size, love_plot_data
from reportlib.estimators.matching.nearest import Matches, nearest
from reportlib.estimators.matching.overlap import OverlapEffect, overlap_effect, overlap_weights
from reportlib.estimators.matching.propensity import Propensity, propensity_score
from reportlib.estimators.matching.sample import MatchedSample, match

__all__ = [
    "MatchedEffect",
    "MatchedSample",
    "Matches",
    "OverlapEffect",
    "Propensity",
    "balance_table",
    "effective_size",
    "love_plot_data",
    "match",
    "matched_effect",
    "nearest",
    "overlap_effect",
    "overlap_weights",
    "propensity_score",
]

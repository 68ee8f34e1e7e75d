"""Survival analysis: time to an event for people watched over episodes (start, stop].

    from reportlib.estimators import survival

    fit = survival.cox(frame, start="start", stop="stop", event="event", covariates=["treated", "age"], cluster="site")
    fit.terms

Everything is exact under ties and delayed entry, and agrees with R's survival package (docs/agreement.md).
"""

from reportlib.estimators.survival.bands import Bands
from reportlib.estimators.survival.competing import CumulativeIncidence, cumulative_incidence
from reportlib.estimators.survival.counts import numbers_at_risk
from reportlib.estimators.survival.cox import Contrast, CoxFit, cox
from reportlib.estimators.survival.exit_rates import exit_rates
from reportlib.estimators.survival.kaplan_meier import KaplanMeier, kaplan_meier
from reportlib.estimators.survival.log_rank import LogRank, log_rank
from reportlib.estimators.survival.ph_test import ProportionalHazardsTest, TimeScale, ph_test
from reportlib.estimators.survival.splitting import before_and_after, indicators, split_episodes

__all__ = [
    "Bands",
    "Contrast",
    "CoxFit",
    "CumulativeIncidence",
    "KaplanMeier",
    "LogRank",
    "ProportionalHazardsTest",
    "TimeScale",
    "before_and_after",
    "cox",
    "cumulative_incidence",
    "exit_rates",
    "indicators",
    "kaplan_meier",
    "log_rank",
    "numbers_at_risk",
    "ph_test",
    "split_episodes",
]

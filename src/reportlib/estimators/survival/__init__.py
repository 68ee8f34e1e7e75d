"""Survival analysis: time to an event for people watched over episodes (start, stop].

    from reportlib.estimators import survival

    fit = survival.cox(frame, start="start", stop="stop", event="event", covariates=["treated", "age"], cluster="site")
    fit.terms

Everything is exact under ties and delayed entry, and agrees with R's survival package (docs/agreement.md).
"""

from reportlib.estimators.survival.proportional_hazards import (
    CoxFit,
    cox,
    ph_test,
)
from reportlib.estimators.survival.risk_sets import before_and_after, split_episodes
from reportlib.estimators.survival.survival_curves import KaplanMeier, kaplan_meier

"""The conditions under which a survival estimator refuses its input."""

from __future__ import annotations

from reportlib.estimators.errors import EstimatorError


class InvalidEpisodeError(EstimatorError):
    """An episode stops before it starts, or at the same time."""


class NoCovariatesError(EstimatorError):
    """A regression is asked for without covariates."""


class NoEventsError(EstimatorError):
    """Nobody has the event, so that there is nothing to estimate."""


class NoEventsInGroupError(EstimatorError):
    """A group has no events: its hazard ratio is zero or infinite, not a number."""


class MonotoneLikelihoodError(EstimatorError):
    """The covariates order the events completely, so that a coefficient grows without bound."""


class EmptyRiskSetError(EstimatorError):
    """Nobody to compare with is at risk when the events happen."""


class InvalidWeightsError(EstimatorError):
    """A weight is negative."""


class NoWeightError(InvalidWeightsError):
    """All weights are zero."""


class NotConvergedError(EstimatorError):
    """The iterations ended before the likelihood had settled."""


class TooFewGroupsError(EstimatorError):
    """A comparison of groups needs two groups or more."""


class UnknownCauseError(EstimatorError):
    """The value that stands for censored, or the cause asked for, does not occur."""

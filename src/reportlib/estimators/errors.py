"""The conditions under which an estimator refuses its input. Each has one name, so that a caller can answer it."""

from __future__ import annotations

from reportlib.errors import ReportlibError


class EstimatorError(ReportlibError):
    """The root of every refusal in `reportlib.estimators`."""


# --- Arguments and arrays


class LengthMismatchError(EstimatorError):
    """Two arrays that describe the same persons do not have the same length."""


class NotNumericError(EstimatorError):
    """An array that must hold numbers holds something else, or has the wrong number of dimensions."""


class MissingValueError(EstimatorError):
    """A value is missing (NaN) or infinite where the formula needs a number."""


class ArgumentError(EstimatorError):
    """An argument that the method needs is not given, or one is given that the method would ignore."""


class NotBinaryError(EstimatorError):
    """An indicator holds something else than 0 and 1."""


class BadCountError(EstimatorError):
    """A count is negative, is not a whole number, or k is larger than n."""


class BadLevelError(EstimatorError):
    """A significance level is not strictly between 0 and 1."""


class UnknownMethodError(EstimatorError):
    """A method or correction is asked for by a name that does not exist."""


class UnknownColumnError(EstimatorError):
    """The frame has no column of that name."""


class RepeatedColumnError(EstimatorError):
    """A covariate is named twice, or the frame has two columns of one name."""


class EmptyFrameError(EstimatorError):
    """The frame has no rows."""


class BadBandsError(EstimatorError):
    """The edges of a distribution's bands do not rise, or are too few."""


class UncoveredValueError(EstimatorError):
    """A value lies outside every band of a distribution."""


class OutOfScaleError(EstimatorError):
    """An answer lies outside the scale's range."""


# --- Groups, terms and clusters


class EmptyGroupError(EstimatorError):
    """A group that is to be compared has nobody, or too few for an error to be estimated."""


class TooFewClustersError(EstimatorError):
    """Errors clustered on one cluster do not exist."""


class TooFewSitesError(EstimatorError):
    """There are too few sites to estimate how much sites differ."""


class ConstantCovariateError(EstimatorError):
    """A covariate has the same value for everybody, so that it has no coefficient."""


class CollinearTermsError(EstimatorError):
    """A term is a linear combination of the others, so that it has no coefficient of its own."""


class NoDegreesOfFreedomError(EstimatorError):
    """There are no more rows than terms, so that no error can be estimated."""


class UnknownTermError(EstimatorError):
    """A term is asked for by a name that the model does not have."""


# --- Matching


class SeparationError(EstimatorError):
    """The covariates tell some of the treated or controls for certain: there is nobody to compare them with."""


class NoMatchesError(EstimatorError):
    """No treated person has a control within reach."""


class InvalidNeighboursError(EstimatorError):
    """The number of neighbours is below one or above the number of controls."""


class InvalidCaliperError(EstimatorError):
    """The caliper is not a positive number."""


# --- Time to an event


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
    """A weight is not positive."""


class NotConvergedError(EstimatorError):
    """The iterations ended before the likelihood had settled."""


# --- Plans


class InvalidPlanError(EstimatorError):
    """A number of the plan has no meaning: a share outside 0 to 1, a group of nobody, a power below the level."""


class NoEffectToDetectError(EstimatorError):
    """The two groups are planned to be alike, so that no number of persons is enough."""


class UndetectableError(EstimatorError):
    """Not even the largest possible effect would be found with so few persons."""


class TooFewWeeksError(EstimatorError):
    """There are too few weeks of recruitment to say what the pace is."""


# Of cost-benefit analyses.


class UnsourcedPriceError(EstimatorError):
    """A price lacks the year, the price level or the source without which nobody can check it."""


class InvalidPriceError(EstimatorError):
    """A price is negative or no number."""


class MixedPriceLevelsError(EstimatorError):
    """Prices of different price levels are added up."""


class InvalidSharesError(EstimatorError):
    """The payers' shares do not add up to one, or name an unknown payer."""


class UnknownQuantityError(EstimatorError):
    """An item counts in a quantity that is not given."""


class UnknownItemError(EstimatorError):
    """An item is asked for by a name that the analysis does not have."""


class RepeatedNameError(EstimatorError):
    """Two items or two quantities have the same name."""


class NoParameterSetError(EstimatorError):
    """No parameter set is in force at the date, or has the id."""


class InvalidCovarianceError(EstimatorError):
    """A matrix is not the covariance of the quantities: wrong names, not symmetric, or with a negative variance."""


class NoBreakEvenError(EstimatorError):
    """The account does not depend on what is to be varied, so that nothing makes it zero."""


class InvalidRangeError(EstimatorError):
    """The low end of a range lies above its high end, or a quantity to be scaled is zero."""

"""The conditions under which an estimator refuses its input. Each has one name, so that a caller can answer it."""

from __future__ import annotations

from reportlib.errors import ReportlibError


class EstimatorError(ReportlibError):
    """The root of every refusal in `reportlib.estimators`."""


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


class UncoveredValueError(EstimatorError):
    """A value lies outside every band of a distribution."""


class BadBandsError(EstimatorError):
    """The edges of a distribution's bands do not rise, or are too few."""


class OutOfScaleError(EstimatorError):
    """An answer lies outside the scale's range."""

"""The conditions under which a cost-benefit analysis refuses its input."""

from __future__ import annotations

from reportlib.estimators.errors import EstimatorError


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

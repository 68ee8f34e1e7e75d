"""The conditions under which matching refuses its input."""

from __future__ import annotations

from reportlib.estimators.errors import EstimatorError


class SeparationError(EstimatorError):
    """The covariates tell some of the treated or controls for certain: there is nobody to compare them with."""


class NoMatchesError(EstimatorError):
    """No treated person has a control within reach."""


class InvalidNeighboursError(EstimatorError):
    """The number of neighbours is below one or above the number of controls."""


class InvalidCaliperError(EstimatorError):
    """The caliper is not a positive number."""

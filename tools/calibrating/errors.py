"""What can be wrong with a calibration: a number that no whole number of persons or answers gives."""

from __future__ import annotations

from reportlib.errors import ReportlibError


class CalibrationError(ReportlibError):
    """A number asked for cannot be made."""


class ImpossibleQuotaError(CalibrationError):
    """No count of persons gives the share asked for, or the counts asked for do not add up."""


class ImpossibleMeanError(CalibrationError):
    """No set of answers on the scale gives the mean asked for."""


class ImpossiblePathError(CalibrationError):
    """A curve's knots are out of order or outside its weeks."""

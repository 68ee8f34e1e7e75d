"""What can be wrong with a batch before it runs."""

from __future__ import annotations

from reportlib.errors import ReportlibError


class LedgerForOneTrialError(ReportlibError):
    """A ledger was given and several trials were asked for."""


class NothingToRenderError(ReportlibError):
    """Every trial was asked for, and there is none, or none has a document."""


class UnknownFormatError(ReportlibError):
    """`--format` names something that is not made."""


class DuplicateOutputError(ReportlibError):
    """Two reports of a plan would be written to one file."""


class InputUnreadableError(ReportlibError):
    """A file that a report is made of cannot be read."""


class ExecutorAddressError(ReportlibError):
    """`--executor` names no executor there is, or one that cannot be reached or is not installed."""

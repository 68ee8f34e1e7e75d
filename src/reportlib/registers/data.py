"""What the readers hand to the analysis: every extract of a trial, checked, in one record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from reportlib.panel import Panel
from reportlib.registers.codebook import Codebook
from reportlib.trial.model import Trial


@dataclass(frozen=True)
class ReadFile:
    """What was read from one file and what was left out, for the summary and the ledger's header."""

    name: str
    sha256: str
    rows: int
    dropped: Mapping[str, int] = field(default_factory=dict)  # reason -> rows


@dataclass(frozen=True)
class TrialData:
    """All extracts of a trial.

    Attributes:
        persons: one row per person, RangeIndex, columns `person` (id as text), `site` (canonical name), `group` (group id of
            trial.yml), `start` (datetime64), `weeks_followed` (int), and the background columns under their own names.
        panel: arrays whose rows are the rows of `persons`.
        casework: columns `row` (position in `persons`), `kind`, `start`, `end` (datetime64, NaT), `place` (text, ""),
            sorted by row, start; events before entry or after the last day are dropped and counted. None without casework.
        surveys: per survey id, the answer sheets: columns `site` (canonical, "" if none), `row` (position in `persons` or
            -1), and one column per item (numbers where all answers are numbers, otherwise text; missing = NaN/None).
        files: what was read, per extract.
    """

    trial: Trial
    persons: pd.DataFrame
    panel: Panel
    codebook: Codebook | None
    casework: pd.DataFrame | None
    surveys: Mapping[str, pd.DataFrame]
    files: tuple[ReadFile, ...]

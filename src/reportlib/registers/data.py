"""What the readers hand to the analysis: every extract of a trial, checked, in one record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from reportlib.panel import BoolArray, Panel
from reportlib.registers.codebook import Codebook
from reportlib.registers.errors import MissingExtractError
from reportlib.registers.weeks import Days, monday_of
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
        persons: one row per person, RangeIndex, columns `person` (id as text), `site` (canonical name), `group`
        (group id of
            trial.yml), `start` (datetime64), `weeks_followed` (int), and the background columns under their own names.
        panel: arrays whose rows are the rows of `persons`.
        casework: columns `row` (position in `persons`), `kind`, `start`, `end` (datetime64, NaT), `place` (text, ""),
            sorted by row, start; events before entry or after the last day are dropped and counted. None without
            casework.
        surveys: per survey id, the answer sheets: columns `site` (canonical, "" if none), `row` (position in
        `persons` or
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

    def in_groups(self, groups: Iterable[str]) -> BoolArray:
        """(n, weeks) whether the DREAM code of each event week belongs to one of `groups` then; False where not followed.

        Raises:
            MissingExtractError: the trial has no DREAM extract.
            UnknownCodeGroupError: the code book has no such group.
        """
        if self.codebook is None or self.panel.dream is None:
            raise MissingExtractError(self.trial.id, "DREAM groups were asked for, but extracts.dream is not given")
        return self.codebook.in_groups(self.panel.dream, self._mondays(0, self.panel.weeks), groups)

    def in_groups_before(self, groups: Iterable[str]) -> BoolArray:
        """(n, weeks_before) the same for the weeks before entry, the last column the week before week 1."""
        if self.codebook is None or self.panel.dream_before is None:
            raise MissingExtractError(self.trial.id, "DREAM groups were asked for, but extracts.dream is not given")
        codes = self.panel.dream_before
        return self.codebook.in_groups(codes, self._mondays(-codes.shape[1], 0), groups)

    def _mondays(self, first: int, end: int) -> Days:
        """(n, end - first) Mondays, counted in weeks from event week 1."""
        entry = monday_of(self.persons["start"].to_numpy().astype("datetime64[D]"))
        return entry[:, None] + np.arange(first, end) * np.timedelta64(7, "D")

"""What a document sees: `aabn(trial, kommune)` gives the `Report`, and everything printed is asked of it.

A document holds prose; numbers come from `r["key"]`, design facts from `r.fakta("id")`, and figures, tables and
statistical paragraphs from the report's methods, all of which read the ledger and nothing else.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from reportlib.keys import WHOLE_TRIAL
from reportlib.ledger import Ledger
from reportlib.municipality import resolve
from reportlib.project import Project, find_project
from reportlib.trial.model import Trial

LEDGER_VARIABLE = "REPORTLIB_LEDGER"
PROJECT_VARIABLE = "REPORTLIB_PROJECT"
DATA_VARIABLE = "REPORTLIB_DATA"


@dataclass(frozen=True)
class Report:
    """One version of one trial's report: the trial, its ledger, and the municipality (or the whole trial)."""

    trial: Trial
    ledger: Ledger
    kommune: str

    @property
    def whole_trial(self) -> bool:
        """True in the version that covers the whole trial."""
        return self.kommune == WHOLE_TRIAL

    @property
    def site(self) -> str | None:
        """The municipality of this version, None in the whole trial's."""
        return None if self.whole_trial else self.kommune

    @cached_property
    def stamp(self) -> str:
        """The identity stamp of the finished files."""
        return f"reportlib:1;trial={self.trial.id};kommune={self.kommune};ledger={self.ledger.hash}"


def aabn(trial_id: str, kommune: str = WHOLE_TRIAL) -> Report:
    """Open the report of a trial for one municipality or for the whole trial ("Alle").

    The ledger is the file named by REPORTLIB_LEDGER (the engine sets it); without it, as in a plain `quarto render`,
    the extracts are read and analysed here.

    Raises:
        UnknownMunicipalityError: the trial has no such municipality.
        LedgerFileError: the named ledger cannot be read.
    """
    project = _project()
    trial = project.trial(trial_id)
    name = resolve(kommune, trial.sites.names, trial=trial_id)
    if path := os.environ.get(LEDGER_VARIABLE):
        ledger = Ledger.load(Path(path))
    else:
        from reportlib.prepare import compute_ledger  # statistics are imported only when no ledger is given

        ledger = compute_ledger(project, trial)
    return Report(trial=trial, ledger=ledger, kommune=name)


def _project() -> Project:
    root, data = os.environ.get(PROJECT_VARIABLE), os.environ.get(DATA_VARIABLE)
    return find_project(Path(root) if root else None, data_dir=Path(data) if data else None)

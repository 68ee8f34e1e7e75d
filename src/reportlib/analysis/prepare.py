"""Extracts -> ledger on disk: the one door between microdata and reports."""

from __future__ import annotations

from reportlib.analysis import analyse
from reportlib.ledger import Ledger
from reportlib.registers.data import ReadFile
from reportlib.registers.read import read_trial
from reportlib.trial.model import Trial
from reportlib.trial.project import Project


def compute_ledger(project: Project, trial: Trial) -> Ledger:
    """Read the trial's extracts and run its analyses. Nothing is written."""
    return read_and_analyse(project, trial)[0]


def read_and_analyse(project: Project, trial: Trial) -> tuple[Ledger, tuple[ReadFile, ...]]:
    """The ledger, and what was read of each extract, for the screen: notes may quote cells there."""
    data = read_trial(trial, project.trial_folder(trial.id))
    return analyse(trial, data), data.files

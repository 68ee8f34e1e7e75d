"""Where things lie: the project folder, its trials, its documents and its output."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reportlib.errors import ReportlibError
from reportlib.files.own_files import PROJECT_FILE
from reportlib.ledger import Ledger
from reportlib.trial.load import OtherTrialError, find_trial, list_trials, load_trial
from reportlib.trial.model import Trial

MARKER = PROJECT_FILE


class NoProjectError(ReportlibError):
    """No project folder was found at or above the working folder."""


class NoDocumentError(ReportlibError):
    """A trial has no document in `reports/`."""


class LedgerMismatchError(ReportlibError):
    """A ledger and a trial.yml that do not belong together."""


@dataclass(frozen=True)
class Project:
    """A project folder. `data_dir` may lie elsewhere (real extracts outside the repository)."""

    root: Path
    data_dir: Path

    @property
    def reports_dir(self) -> Path:
        return self.root / "reports"

    @property
    def out_dir(self) -> Path:
        return self.root / "_output"

    def trials(self) -> list[str]:
        """The ids of all trials, sorted."""
        return list_trials(self.data_dir)

    def trial_folder(self, trial_id: str) -> Path:
        """The folder that holds the trial's trial.yml and extracts."""
        return find_trial(self.data_dir, trial_id).parent

    def trial_file(self, trial_id: str) -> Path:
        """The trial's trial.yml."""
        return find_trial(self.data_dir, trial_id)

    def trial(self, trial_id: str) -> Trial:
        """The trial described by its trial.yml.

        Raises:
            OtherTrialError: it says that it is another trial than its folder: documents and outputs would be mixed up.
        """
        path = self.trial_file(trial_id)
        trial = load_trial(path)
        if trial.id != trial_id:
            raise OtherTrialError(
                f"{path}: id is {trial.id}, and the folder is called {trial_id}", hint="call both the same"
            )
        return trial

    def document_path(self, trial_id: str) -> Path:
        """Where the trial's document lies, or would."""
        return self.reports_dir / f"{trial_id}.qmd"

    def document(self, trial_id: str) -> Path:
        """The trial's document.

        Raises:
            NoDocumentError: `reports/<trial>.qmd` does not exist.
        """
        path = self.document_path(trial_id)
        if not path.is_file():
            raise NoDocumentError(f"{trial_id} has no document", hint=f"write {path}")
        return path


def find_project(start: Path | None = None, *, data_dir: Path | None = None) -> Project:
    """The project at or above `start` (default: the working folder).

    Raises:
        NoProjectError: no folder on the way up holds `_quarto.yml`.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / MARKER).is_file():
            return Project(root=folder, data_dir=(data_dir or folder / "data").resolve())
    raise NoProjectError(
        f"{here} is not inside a reportlib project",
        hint=f"go to the folder that holds {MARKER}, or begin one with `reportlib init DIR`",
    )


def check_belongs(ledger: Ledger, trial: Trial, *, name: str = "the ledger") -> None:
    """What a ledger and trial.yml both say must be the same, and the ledger must hide at least as much.

    Raises:
        LedgerMismatchError
    """
    header = ledger.header
    again = "analyse again with this trial.yml, or use the trial.yml that the ledger was made with"
    if header["trial"] != trial.id:
        raise LedgerMismatchError(f"{name} is of the trial {header['trial']}, not of {trial.id}", hint=again)
    if header["threshold"] < trial.disclosure.threshold:
        raise LedgerMismatchError(
            f"{name} hides numbers on fewer than {header['threshold']} persons; trial.yml asks for "
            f"{trial.disclosure.threshold}",
            hint=again,
        )
    said = {"level": trial.design.level, "synthetic": trial.synthetic, "data_date": trial.data_date.isoformat()}
    for key, wanted in said.items():
        if header[key] != wanted:
            raise LedgerMismatchError(f"{name} says {key}: {header[key]}, trial.yml {wanted}", hint=again)

"""`reportlib export`, `order` and `jobeffekter`: what others read."""

from __future__ import annotations

from pathlib import Path

from reportlib.cli import printing
from reportlib.cli.looking_up import made_ledger
from reportlib.exchange.data_order import data_order
from reportlib.exchange.evidence_records import as_csv, bank_records
from reportlib.exchange.results_data import results_files
from reportlib.exchange.run_crate import METADATA, crate
from reportlib.files.whole import write_whole
from reportlib.ledger import Ledger
from reportlib.ledger.file import load_ledger
from reportlib.trial.model import Trial
from reportlib.trial.project import Project, check_belongs, find_project


def export_results(trial_id: str, given: Path | None, data_dir: Path | None, out_dir: Path | None) -> None:
    """Write the ledger's shown rows as analysis results data into the trial's output folder."""
    project, trial, ledger = _trial_and_ledger(trial_id, given, data_dir, out_dir)
    folder = (out_dir or project.out_dir) / trial_id
    for name, content in results_files(ledger, trial).items():
        write_whole(folder / name, content)
        printing.say(str(folder / name))
    printing.say(f"{sum(not row.hidden for row in ledger):,} numbers; {sum(row.hidden for row in ledger):,} hide")


def write_crate(trial_id: str, data_dir: Path | None, out_dir: Path | None) -> None:
    """Write the metadata that makes the trial's output folder a crate."""
    project = find_project(data_dir=data_dir)
    folder = (out_dir or project.out_dir) / trial_id
    content = crate(folder, project.trial(trial_id))
    write_whole(folder / METADATA, content)
    printing.say(str(folder / METADATA))


def write_bank_records(trial_id: str, given: Path | None, data_dir: Path | None, out_dir: Path | None) -> None:
    """Write the records for Jobeffekter.dk into the trial's output folder, and tell direction and weight of each."""
    project, trial, ledger = _trial_and_ledger(trial_id, given, data_dir, out_dir)
    records = bank_records(ledger, trial)
    path = (out_dir or project.out_dir) / trial_id / "jobeffekter.csv"
    write_whole(path, as_csv(records))
    for record in records:
        printing.say(f"{record['nøgle']}: {record['effektretning']} ({record['effektmål']}), vægt {record['vægt']}")
    printing.say(str(path))


def _trial_and_ledger(
    trial_id: str, given: Path | None, data_dir: Path | None, out_dir: Path | None
) -> tuple[Project, Trial, Ledger]:
    project = find_project(data_dir=data_dir)
    trial = project.trial(trial_id)
    ledger = load_ledger(given) if given is not None else made_ledger(project, trial_id, out_dir)
    check_belongs(ledger, trial)
    return project, trial, ledger


def tell_order(trial_id: str, data_dir: Path | None, out: Path | None) -> None:
    """Print the order to Danmarks Statistik, or write it to a file."""
    text = data_order(find_project(data_dir=data_dir).trial(trial_id))
    if out is None:
        printing.say(text.rstrip("\n"))
        return
    write_whole(out, text.encode("utf-8"))
    printing.say(str(out))

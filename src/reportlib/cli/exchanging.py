"""What others read (`reportlib export`, `order`, `jobeffekter`) and give (`jobindsats`, `statistikbanken`)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from reportlib.cli import printing
from reportlib.cli.looking_up import made_ledger
from reportlib.errors import ReportlibError
from reportlib.exchange import jobindsats, statbank
from reportlib.exchange.data_order import data_order
from reportlib.exchange.public_series import as_extract
from reportlib.exchange.results_data import as_csv, bank_records, results_files
from reportlib.exchange.run_crate import METADATA, crate
from reportlib.exchange.web import ask
from reportlib.files.whole import write_whole
from reportlib.ledger import Ledger
from reportlib.ledger.file import load_ledger
from reportlib.trial.extracts import Jobindsats, MonthlySeries, Statbank
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


class NothingToFetchError(ReportlibError):
    """No trial was named, or its trial.yml names no table of this bank."""


def fetch_series(bank: str, trial_id: str | None, data_dir: Path | None) -> None:
    """Fetch every series of the trial that names a table of the bank; nothing is written unless all are whole."""
    project = find_project(data_dir=data_dir)
    if trial_id is None:
        raise NothingToFetchError("name a trial", hint=f"or list the bank's tables: reportlib {bank} --find WORD")
    trial = project.trial(trial_id)
    wanted = [series for series in trial.extracts.series.values() if series.fetch and series.fetch.kind == bank]
    if not wanted:
        raise NothingToFetchError(
            f"no series of {trial_id} names a table of {bank}",
            hint=f"add `fetch: {{kind: {bank}, table: ...}}` under extracts.series in trial.yml, see docs/exchange.md",
        )
    today = date.today()
    made = {series.file: _extract(series, trial, today) for series in wanted}
    for name, content in made.items():
        path = project.trial_folder(trial_id) / name
        write_whole(path, content)
        rows = content.count(b"\n") - 1
        printing.say(f"{path}: {rows:,} rows")


def _extract(series: MonthlySeries, trial: Trial, today: date) -> bytes:
    spec = series.fetch
    assert isinstance(spec, Jobindsats | Statbank)
    cells = jobindsats.cells(spec, trial, ask) if isinstance(spec, Jobindsats) else statbank.cells(spec, trial, ask)
    return as_extract(cells, spec, series, trial, today)


def print_tables(bank: str, word: str) -> None:
    """List the bank's tables that hold a word."""
    found = jobindsats.tables(word, ask) if bank == "jobindsats" else statbank.tables(word, ask)
    for entry in found:
        printing.say("  ".join(entry))
    printing.say(f"{len(found)} tables")

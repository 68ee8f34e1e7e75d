"""`reportlib jobindsats` and `reportlib statistikbanken`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from reportlib.cli import printing
from reportlib.errors import ReportlibError
from reportlib.exchange import jobindsats, statbank
from reportlib.exchange.public_series import as_extract
from reportlib.exchange.web import ask
from reportlib.files.whole import write_whole
from reportlib.trial.extracts import Jobindsats, MonthlySeries, Statbank
from reportlib.trial.model import Trial
from reportlib.trial.project import find_project


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

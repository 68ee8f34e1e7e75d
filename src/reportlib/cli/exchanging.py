"""`reportlib export` and `reportlib order`: what others read."""

from __future__ import annotations

from pathlib import Path

from reportlib.cli import printing
from reportlib.cli.looking_up import made_ledger
from reportlib.exchange.data_order import data_order
from reportlib.exchange.results_data import results_files
from reportlib.files.whole import write_whole
from reportlib.ledger.file import load_ledger
from reportlib.trial.project import check_belongs, find_project


def export_results(trial_id: str, given: Path | None, data_dir: Path | None, out_dir: Path | None) -> None:
    """Write the ledger's shown rows as analysis results data into the trial's output folder."""
    project = find_project(data_dir=data_dir)
    trial = project.trial(trial_id)
    ledger = load_ledger(given) if given is not None else made_ledger(project, trial_id, out_dir)
    check_belongs(ledger, trial)
    folder = (out_dir or project.out_dir) / trial_id
    for name, content in results_files(ledger, trial).items():
        write_whole(folder / name, content)
        printing.say(str(folder / name))
    printing.say(f"{sum(not row.hidden for row in ledger):,} numbers; {sum(row.hidden for row in ledger):,} hide")


def tell_order(trial_id: str, data_dir: Path | None, out: Path | None) -> None:
    """Print the order to Danmarks Statistik, or write it to a file."""
    text = data_order(find_project(data_dir=data_dir).trial(trial_id))
    if out is None:
        printing.say(text.rstrip("\n"))
        return
    write_whole(out, text.encode("utf-8"))
    printing.say(str(out))

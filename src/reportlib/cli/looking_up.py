"""`reportlib show` and `reportlib keys`: what a document can ask for."""

from __future__ import annotations

from csv import writer
from dataclasses import asdict
from io import StringIO
from pathlib import Path

from reportlib.catalogue import described, names
from reportlib.cli import printing
from reportlib.cli.printing import print_json
from reportlib.danish import value_text
from reportlib.errors import ReportlibError
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.file import ledger_path, load_ledger
from reportlib.trial.project import Project, find_project


class NoLedgerError(ReportlibError):
    """A trial's numbers were asked for before it has been analysed."""


def print_parts(pattern: str, *, as_json: bool) -> None:
    """Print every part that a document can write, with what it says and how it is called."""
    found = [
        entry for entry in map(described, names()) if pattern.casefold() in f"{entry.call} {entry.says}".casefold()
    ]
    if as_json:
        print_json([asdict(entry) for entry in found])
        return
    for entry in found:
        printing.say(f"{entry.call}\n    {entry.says}")
    printing.say(f"{len(found)} parts" + ("" if found or not pattern else "; without a pattern all are shown"))


def print_keys(trial_id: str, pattern: str, data_dir: Path | None, out_dir: Path | None, *, csv: bool) -> None:
    """Print the numbers of a trial's ledger whose key holds `pattern`: key, value as printed, n, whom it is of."""
    project = find_project(data_dir=data_dir)
    rows = [row for row in made_ledger(project, trial_id, out_dir) if pattern.casefold() in row.key.casefold()]
    headings = ("key", "value", "n", "population")
    lines = [headings, *((row.key, _value(row), "" if row.n is None else str(row.n), row.population) for row in rows)]
    if csv:
        written = StringIO()
        writer(written, delimiter=";", lineterminator="\n").writerows(lines)
        printing.say(written.getvalue().rstrip("\n"))
        return
    wide = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for key, value, n, population in lines:  # a line each, whatever the terminal's width: a key is copied
        printing.say(f"{key:{wide[0]}}  {value:>{wide[1]}}  {n:>{wide[2]}}  {population}")
    printing.say(f"{len(rows):,} numbers")


def made_ledger(project: Project, trial_id: str, out_dir: Path | None) -> Ledger:
    """The ledger that `analyse` wrote.

    Raises:
        TrialFileError: no such trial; the hint has the nearest. NoLedgerError: it has not been analysed.
    """
    project.trial(trial_id)
    path = ledger_path(out_dir or project.out_dir, trial_id)
    if not path.is_file():
        raise NoLedgerError(f"{path} is not there", hint=f"reportlib analyse {trial_id}")
    return load_ledger(path)


def _value(row: Estimate) -> str:
    if row.value is None:
        return "hidden" if row.hidden else ""
    return value_text(row.value, row.unit)

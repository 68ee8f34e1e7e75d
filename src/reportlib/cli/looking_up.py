"""`reportlib show` and `reportlib keys`: what a document can ask for; `reportlib diff`: what changed between two."""

from __future__ import annotations

from csv import writer
from dataclasses import asdict
from io import StringIO
from pathlib import Path

from reportlib.catalogue import described, names
from reportlib.cli import printing
from reportlib.danish import value_text
from reportlib.errors import ReportlibError
from reportlib.files.whole import write_whole
from reportlib.ledger import Estimate, Ledger
from reportlib.ledger.file import ledger_path, load_ledger
from reportlib.numbers.diff import (
    HEADINGS,
    VERDICTS,
    Change,
    NothingToCompareError,
    compare,
    compare_word,
    comparison_page,
    differences,
    read_side,
)
from reportlib.trial.project import Project, find_project


class NoLedgerError(ReportlibError):
    """A trial's numbers were asked for before it has been analysed."""


def print_parts(pattern: str, *, as_json: bool) -> None:
    """Print every part that a document can write, with what it says and how it is called."""
    found = [
        entry for entry in map(described, names()) if pattern.casefold() in f"{entry.call} {entry.says}".casefold()
    ]
    if as_json:
        printing.print_json([asdict(entry) for entry in found])
        return
    for entry in found:
        printing.say(f"{entry.call}\n    {entry.says}")
    printing.say(f"{len(found)} parts" + ("" if found or not pattern else "; without a pattern all are shown"))


def print_keys(trial_id: str, pattern: str, data_dir: Path | None, out_dir: Path | None, *, csv: bool) -> None:
    """Print the numbers of a trial's ledger whose key holds `pattern`: key, value as printed, n, whom it is of."""
    project = find_project(data_dir=data_dir)
    rows = [row for row in made_ledger(project, trial_id, out_dir) if pattern.casefold() in row.key.casefold()]
    headings = ("key", "value", "n", "population")
    lines = [
        headings,
        *((row.key, _printed_value(row), "" if row.n is None else str(row.n), row.population) for row in rows),
    ]
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


def _printed_value(row: Estimate) -> str:
    if row.value is None:
        return "hidden" if row.hidden else ""
    return value_text(row.value, row.unit)


_MOST_SHOWN = 60
_WORD = ".docx"


def diff_files(old: Path, new: Path, page: Path | None, *, as_json: bool) -> None:
    """Print what changed from `old` to `new`, and write the page if one is asked for."""
    if page is not None and page.exists() and any(page.samefile(one) for one in (old, new) if one.exists()):
        raise NothingToCompareError(f"--html {page} would overwrite what is compared", hint="name another file")
    names = (old.name, new.name) if old.name != new.name else (str(old), str(new))
    if _WORD in (old.suffix.lower(), new.suffix.lower()):
        sides, changes = None, _of_word(old, new)
    else:
        sides = read_side(old), read_side(new)
        changes = compare(*sides)
    if page is not None:
        write_whole(page, comparison_page(changes, old=names[0], new=names[1]).encode("utf-8"))
    if as_json:
        printing.print_json([{**asdict(change), "weight": change.weight.name.lower()} for change in changes])
        return
    table = printing.table("change", "number", *names, "cause")
    for change in changes[:_MOST_SHOWN]:
        first, second = (
            "\n".join(part for part in (shown, VERDICTS.get(found, found)) if part)
            for shown, found in ((change.before, change.verdict_before), (change.after, change.verdict_after))
        )
        table.add_row(HEADINGS[change.weight], change.label, first, second, "\n".join(change.causes))
    if changes:
        printing.console().print(table)
    left = len(changes) - _MOST_SHOWN
    more = f" ({left} more in --json or --html)" if left > 0 else ""
    printing.say(f"{len(changes)} changes{more}")
    if sides is None:
        return
    made_of = differences(*sides)
    if made_of is None:
        printing.say("no causes: they need the ledger.json of each report beside it")
    elif made_of.told and made_of.code:
        printing.say(f"made by other code, which may have a part in any: {'; '.join(made_of.code)}")


def _of_word(old: Path, new: Path) -> list[Change]:
    if old.suffix.lower() != new.suffix.lower():
        raise NothingToCompareError(
            f"{old} and {new} are not of one kind", hint="a report's Word file is compared with an edited copy of it"
        )
    return compare_word(old, new)

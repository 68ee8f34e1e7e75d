"""`reportlib analyse`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from reportlib.analysis.run import read_and_analyse
from reportlib.cli import printing
from reportlib.disclosure import Threshold
from reportlib.disclosure.release import FewChanged, few_changed
from reportlib.ledger import Ledger
from reportlib.ledger.file import keep_made_by, ledger_path, load_ledger
from reportlib.registers.data import ReadFile
from reportlib.trial.model import FEW_PLACES
from reportlib.trial.project import find_project

_KINDS = {"number": "a number", "yes_no": "yes or no", "category": "a category", "date": "years since a date"}
_MOST_CHANGED = 10


def analyse_trial(
    trial_id: str, data_dir: Path | None, out_dir: Path | None, *, as_json: bool, against: Path | None = None
) -> None:
    """Compute and write the ledger of a trial, then print what was read, dropped and hidden.

    With `against`, the ledger of an earlier release, also which numbers tell that a few persons came, left or changed.
    """
    project = find_project(data_dir=data_dir)
    released = load_ledger(against) if against is not None else None
    began = time.perf_counter()
    ledger, files = read_and_analyse(project, project.trial(trial_id))
    changed = few_changed(released, ledger, Threshold(ledger.header["threshold"])) if released is not None else None
    path = ledger_path(out_dir or project.out_dir, trial_id)
    ledger.save(path)
    keep_made_by(path, ledger)
    seconds = time.perf_counter() - began
    hidden = sum(row.hidden for row in ledger)
    if as_json:
        printing.print_json(
            {
                "trial": trial_id,
                "ledger": str(path),
                "hash": ledger.hash,
                "rows": len(ledger),
                "hidden": hidden,
                "held_back": ledger.header["held_back"],
                "files": ledger.header["files"],
                "few_changed": None if changed is None else [str(each) for each in changed],
                "seconds": round(seconds, 3),
            }
        )
        return
    _print_summary(ledger, files, path, hidden, seconds)
    trial = project.trial(trial_id)
    if trial.few_places and trial.design.clustered:
        printing.say(
            f"note: errors are clustered on {len(trial.sites.everywhere)} {trial.sites.noun.many}: fewer than about "
            f"{FEW_PLACES} say little of the differences between them"
        )
    if changed is not None:
        _print_changed(changed, ledger.header["threshold"])


def _print_changed(changed: Sequence[FewChanged], threshold: int) -> None:
    if not changed:
        printing.say("no number of persons that both releases show differs by fewer than the threshold")
        return
    printing.say(
        f"{len(changed):,} numbers differ from the earlier release by 1 to {threshold - 1} persons; whoever has both "
        "ledgers can read that so few came, left or changed:"
    )
    for each in changed[:_MOST_CHANGED]:
        printing.say(f"  {each}")
    if len(changed) > _MOST_CHANGED:
        printing.say(f"  and {len(changed) - _MOST_CHANGED:,} more: `--json` names all")


def _print_summary(ledger: Ledger, files: Sequence[ReadFile], path: Path, hidden: int, seconds: float) -> None:
    headings = ("file", "records", "left out", "period", "participants", "twice", "missing")
    table = printing.table(*headings, right=["records"])
    for file in files:
        known = "" if file.known is None else f"{file.known:,} of {file.participants:,}"
        table.add_row(
            file.name,
            f"{file.rows:,}",
            ", ".join(f"{count:,} {reason}" for reason, count in file.dropped.items()) or "none",
            file.period,
            known,
            f"{file.duplicates:,}" if file.duplicates else "",
            ", ".join(f"{count:,} {column}" for column, count in file.missing.items()),
        )
    printing.console().print(table)
    for file in files:
        if file.kinds:
            kinds = ", ".join(f"{column} is {_KINDS[kind]}" for column, kind in file.kinds.items())
            printing.say(f"{file.name}: {kinds}")
    for file in files:
        for note in file.notes:
            printing.say(f"note: {file.name}: {note}")
    printing.say(
        f"{len(ledger):,} numbers, {hidden:,} hidden because they rest on fewer than "
        f"{ledger.header['threshold']} persons or would give away a number that does"
    )
    if waiting := sum(ledger.header["held_back"].values()):
        printing.say(f"{waiting:,} of them are weekly levels that wait until as many persons have come to them")
    printing.say(f"ledger {ledger.hash[:12]} written to {path} in {seconds:.1f} s")

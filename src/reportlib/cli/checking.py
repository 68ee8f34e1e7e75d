"""`reportlib check` and `reportlib verify`: finished reports read as a stranger, or made again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from reportlib.batch.accessibility_page import NAME as ACCESSIBILITY_PAGE
from reportlib.batch.library_page import NAME as LIBRARY_PAGE
from reportlib.batch.verify import verify_all
from reportlib.cli import printing
from reportlib.document import DATA_VARIABLE, LEDGER_VARIABLE, PROJECT_VARIABLE
from reportlib.engine.qmd import read_document
from reportlib.engine.settings import FORMATS
from reportlib.engine.sources import check_document, run_document
from reportlib.errors import ReportlibError
from reportlib.ledger.file import ledger_path, load_ledger
from reportlib.numbers.accessibility import with_standards
from reportlib.numbers.breaks import Break, FileCheck, Kind
from reportlib.numbers.finished import CannotCheckError, check_file
from reportlib.trial.project import find_project

# `reportlib check`.

_SUFFIXES = tuple(f".{name}" for name in FORMATS)


def check_files(paths: tuple[Path, ...], data_dir: Path | None, out_dir: Path | None, *, as_json: bool) -> bool:
    """Check finished reports and documents; print what was found. False when anything is wrong."""
    results = [result for path in paths for result in _check(path, data_dir, out_dir)]
    if as_json:
        printing.print_json([_as_data(result) for result in results])
    else:
        _print_results(results)
    return not any(result.breaks for result in results)


def _check(path: Path, data_dir: Path | None, out_dir: Path | None) -> list[FileCheck]:
    if path.is_dir():
        return of_one_ledger([_check_one_of(file, file.relative_to(path).as_posix()) for file in reports_in(path)])
    if path.suffix == ".qmd":
        return [_check_sources(path, data_dir, out_dir)]
    if not path.is_file():
        raise CannotCheckError(f"no such file: {path}")
    return [with_standards(check_file(path), path)]


def _check_one_of(path: Path, name: str) -> FileCheck:
    """A report of a folder: one that cannot be read must not keep the others from being checked."""
    try:
        return replace(with_standards(check_file(path), path), file=name)
    except ReportlibError as error:
        return FileCheck(file=name, breaks=(Break(Kind.UNREADABLE, error.message),))


def of_one_ledger(results: Sequence[FileCheck]) -> list[FileCheck]:
    """The reports of a folder, with a break for each of another ledger than most of its trial's: extracts that changed
    in between make two releases, and who holds one against the other can tell single persons."""
    ledgers: dict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        ledgers[result.trial][result.ledger] += 1
    found = []
    for result in results:
        ((usual, _),) = ledgers[result.trial].most_common(1)
        if result.ledger != usual:
            message = (
                f"made from ledger {result.ledger}, and most reports of its trial here from {usual}: make all again"
            )
            result = replace(result, breaks=(*result.breaks, Break(Kind.LEDGER, message)))
        found.append(result)
    return found


def reports_in(folder: Path) -> list[Path]:
    """The finished reports in a folder and the folders in it: not the batch's own pages, and nothing that is hidden.

    Raises: CannotCheckError when there are none.
    """
    found = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in _SUFFIXES
        and path.name not in (LIBRARY_PAGE, ACCESSIBILITY_PAGE)
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    if not found:
        raise CannotCheckError(f"no reports in {folder}", hint="`reportlib render` makes them")
    return found


def _check_sources(path: Path, data_dir: Path | None, out_dir: Path | None) -> FileCheck:
    project = find_project(path.parent, data_dir=data_dir)
    trial = project.trial(path.stem)
    ledger = ledger_path(out_dir or project.out_dir, trial.id)
    document = read_document(path, root=project.root)
    made = ledger.is_file()
    breaks = check_document(document, trial=trial, ledger=load_ledger(ledger) if made else None)
    # Without a ledger the document analyses the extracts itself, as under a plain `quarto render`.
    environment = {PROJECT_VARIABLE: str(project.root), DATA_VARIABLE: str(project.data_dir)}
    if made:
        environment[LEDGER_VARIABLE] = str(ledger.resolve())
    return FileCheck(file=str(path), breaks=(*breaks, *run_document(path, project.root, environment=environment)))


def _print_results(results: list[FileCheck]) -> None:
    numbers = ("numbers", "followed", "redone", "breaks")
    table = printing.table("file", "numbers", "followed", "redone", "standards", "breaks", right=numbers)
    for result in results:
        share = f"{int(result.share * 100) / 100:.2f} %" if result.numbers else ""
        table.add_row(
            result.file,
            str(result.numbers or ""),
            share,
            str(result.recomputed or ""),
            " ".join(name.removeprefix("PDF/") for name in result.standards),
            str(len(result.breaks)),
        )
    printing.console().print(table)
    for result in results:
        for found in result.breaks:
            printing.say(f"{result.file}: {_told(found)}")


def _told(found: Break) -> str:
    where = ", ".join(part for part in (f"page {found.page}" if found.page else "", found.place) if part)
    sentence = f"\n    “{found.sentence}”" if found.sentence else ""
    return f"{found.kind}: {found.message}" + (f" [{where}]" if where else "") + sentence


def _as_data(result: FileCheck) -> dict[str, Any]:
    return {
        "file": result.file,
        "ok": not result.breaks,
        "numbers": result.numbers,
        "traced": result.traced,
        "fixed": result.fixed,
        "share": result.share,
        "recomputed": result.recomputed,
        "standards": list(result.standards),
        "breaks": [{**asdict(found), "kind": str(found.kind)} for found in result.breaks],
    }


# `reportlib verify`.


def verify_files(paths: tuple[Path, ...], data_dir: Path | None, ledger: Path | None, *, as_json: bool) -> bool:
    """Make each report again and compare; False when one differs."""
    project = find_project(data_dir=data_dir)
    results = list(verify_all(paths, project, ledger=ledger))
    if as_json:
        printing.print_json(
            [
                {"file": str(one.file), "same": one.same, "ledger": one.ledger, "changed": list(one.changed)}
                for one in results
            ]
        )
    else:
        for one in results:
            verdict = "the same bytes" if one.same else "not the same"
            why = f" (changed since: {', '.join(one.changed)})" if one.changed else ""
            printing.say(f"{one.file}: {verdict}{why}")
    return all(one.same for one in results)

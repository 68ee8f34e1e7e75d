"""The report's account of numbers: from the assembled Markdown to `<report>.tal.json`, the page and the PDF."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlib.engine.qmd import Line
from reportlib.engine.typst_pdf import compiler_version
from reportlib.errors import ReportlibError
from reportlib.ledger import Ledger
from reportlib.ledger.file import load_ledger
from reportlib.numbers.account import Account, make_account
from reportlib.numbers.collect import Collected, collect
from reportlib.numbers.provenance import provenance, to_bytes
from reportlib.prose.findings import finding
from reportlib.show.part import KEYS
from reportlib.text.marks import NUMBER_MARK, write_numbers
from reportlib.text.origin import keys_in
from reportlib.trial.model import Trial
from reportlib.trial.project import Project

_STRING = re.compile(r'\\.|"(?:[^"\\\n]|\\.)*"')
"""A string of Typst's code, or an escaped sign: read in order, so that what stands between two strings is none."""
_RANGE = re.compile(r"(?<=\btil) (?=#tal\()")
"""The space in `fra 10 til 40`, at which no line ends."""
_EMPTY_STRING = re.compile(r'(?<!\\)""')
_PICTURE = ".svg"


class PlannedResultNotShownError(ReportlibError):
    """A report leaves out a result that trial.yml says was decided on."""


@dataclass(frozen=True)
class Numbered:
    """The Markdown with its numbers counted, each figure's chapter and SVG source, and the ledger's keys in it."""

    collected: Collected
    pictures: dict[str, tuple[int, str]]
    data: dict[str, list[str]]

    @property
    def markdown(self) -> str:
        """The Markdown for Pandoc."""
        return "\n".join(self.collected.lines) + "\n"


def number_lines(lines: Sequence[Line], *, folder: Path) -> Numbered:
    """Count the numbers in the assembled Markdown; pictures are read from `folder`."""
    collected = collect((line.text, str(line.place)) for line in lines)
    pictures = {
        name: (chapter, path.read_text(encoding="utf-8"))
        for name, (chapter, file) in collected.pictures.items()
        if file.endswith(_PICTURE) and (path := folder / file).is_file()
    }
    beside = {name: (folder / file).with_suffix(KEYS) for name, (_, file) in collected.pictures.items()}
    data = {name: json.loads(path.read_text(encoding="utf-8")) for name, path in beside.items() if path.is_file()}
    return Numbered(collected, pictures, {name: keys for name, keys in data.items() if keys})


def make(
    numbered: Numbered,
    *,
    ledger: Path,
    project: Project,
    trial: str,
    kommune: str,
    stamp: str,
    texts: Sequence[str],
) -> Account | None:
    """The account of a report; None for a document that prints no number of a ledger or of trial.yml. `texts` are what
    citations and references say, with their years."""
    if not numbered.collected.traced:
        return None
    found = project.trial(trial)
    rows = load_ledger(ledger)
    check_planned(numbered.collected, rows, found)
    return make_account(
        numbered.collected,
        ledger=rows,
        trial=found,
        stamp=stamp,
        kommune=kommune,
        pictures=numbered.pictures,
        data=numbered.data,
        texts=texts,
    )


def check_planned(collected: Collected, ledger: Ledger, trial: Trial) -> None:
    """Refuse a report whose chapters leave a planned result out: what was decided on is shown, whatever it says.

    Raises:
        PlannedResultNotShownError: neither a difference nor its two levels are in a chapter after the summary.
    """
    if trial.planned is None:
        return
    first = 1 if len(collected.chapters) > 1 else 0
    shown = {key for found in collected.numbers if found.chapter > first for key in keys_in(found.origin)}
    for result in trial.planned.results:
        found = finding(ledger, trial, result)
        row = found.row
        both = found.levels is not None and all(level.key in shown for level in found.levels)
        if row.value is not None and row.key not in shown and not both:
            raise PlannedResultNotShownError(
                f"no chapter shows the planned result {row.key}",
                hint="print it where it belongs, or take it out of `planned` in trial.yml",
            )


def record(
    ledger: Path,
    *,
    stamp: str,
    project: Project,
    trial: str,
    sources: Sequence[Path],
    files: Mapping[str, bytes],
) -> bytes:
    """The record of what a report was made of, `<report>.prov.json`."""
    made = provenance(
        stamp=stamp,
        trial_file=project.trial_folder(trial) / "trial.yml",
        sources=sources,
        project=project.root.resolve(),
        ledger=load_ledger(ledger),
        files={name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        programs={"typst": compiler_version()},
    )
    return to_bytes(made)


def typst_source(written: str, account: Account | None) -> str:
    """What Pandoc wrote with its marked numbers as calls of the theme's `tal`, which learn their pages, and with the
    chapter at its end that says where the account is.
    """
    # the semicolon ends the call: a full stop and a word after it would be read as a field
    source = write_numbers(_outside_strings(written), lambda text, nr: f"#tal({nr})[{text}];")
    source = _RANGE.sub("~", source)
    return source if account is None else f"{source}\n#talregnskab()\n"


def _outside_strings(written: str) -> str:
    """What Pandoc wrote with the marked numbers of equations, which it writes as strings, between the strings."""

    def divided(string: re.Match[str]) -> str:
        if NUMBER_MARK.search(string[0]) is None:
            return string[0]
        return _EMPTY_STRING.sub("", NUMBER_MARK.sub(lambda mark: f'"{mark[0]}"', string[0]))

    return _STRING.sub(divided, written)

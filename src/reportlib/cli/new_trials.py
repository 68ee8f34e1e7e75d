"""`reportlib new` and `reportlib synthetic`: a trial before its data have arrived."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pandas as pd
import typer

from reportlib.cli import printing
from reportlib.errors import ReportlibError, did_you_mean
from reportlib.files.whole import publish, write_whole
from reportlib.registers.cells import parse_date
from reportlib.registers.codebook import load_codebook
from reportlib.synthetic import Assumptions, made_up, write_csv, write_parquet, write_stata, write_xlsx
from reportlib.trial import load_trial
from reportlib.trial.design import Kind
from reportlib.trial.extracts import WORKBOOK, file_and_sheet
from reportlib.trial.model import Trial
from reportlib.trial.new import DESIGNS, GITIGNORE, SOURCES, NewTrial, NewTrialError, check_id, check_sources
from reportlib.trial.project import find_project

MARK = "SYNTETISK.txt"
"""Beside made-up extracts: what they are, and which files; only these are ever replaced."""

_SUFFIXES = (".csv", ".tsv", ".txt", ".parquet", ".dta", WORKBOOK)


class RealTrialError(ReportlibError):
    """Extracts were to be made up for a trial whose reports would not say that they are."""


class ExtractExistsError(ReportlibError):
    """An extract is there that this command has not made; nothing has been written."""


class SyntheticFormatError(ReportlibError):
    """An extract's name in trial.yml has a format that made-up extracts are not written in."""


def make_up_extracts(trial_id: str, data_dir: Path | None, out_dir: Path | None, assumptions: Assumptions) -> None:
    """Write every extract of a trial, made up, beside its trial.yml (or below `out_dir`, with a copy of trial.yml).

    Raises:
        RealTrialError, ExtractExistsError, SyntheticFormatError: before anything is written.
    """
    project = find_project(data_dir=data_dir)
    trial, home = project.trial(trial_id), project.trial_folder(trial_id)
    folder = home if out_dir is None else out_dir / trial_id
    names = list(dict.fromkeys(file_and_sheet(source.file)[0] for _, source in trial.extracts.each()))
    _refuse(trial, folder, names)
    codebook = trial.extracts.dream.codebook if trial.extracts.dream is not None else None
    frames = made_up(trial, load_codebook(home / codebook if codebook else None), assumptions)
    files = {folder / MARK: _told(names, assumptions).encode()}
    if folder != home:
        files |= {
            folder / name: (home / name).read_bytes() for name in ["trial.yml", *([codebook] if codebook else [])]
        }
    with TemporaryDirectory() as made:
        _write(trial, frames, Path(made))
        files |= {folder / name: Path(made, name).read_bytes() for name in names}
    publish(files, lambda *_: None)
    for name, frame in frames.items():
        printing.say(f"{folder / name}: {len(frame):,} made-up records")
    printing.say(f"next: reportlib render {trial_id}" + (f" --data {out_dir}" if out_dir else ""))


def _refuse(trial: Trial, folder: Path, names: list[str]) -> None:
    if not trial.synthetic:
        raise RealTrialError(
            f"{trial.id}: trial.yml says `synthetic: false`, and a report would show made-up numbers as real ones",
            hint="set `synthetic: true` until the real extracts are there",
        )
    for name in names:
        if Path(name).suffix.lower() not in _SUFFIXES:
            raise SyntheticFormatError(
                f"{name}: made-up extracts are written as {', '.join(_SUFFIXES)}",
                hint="name one of these in trial.yml until the real file is there",
            )
    mark = folder / MARK
    made = mark.read_text(encoding="utf-8").splitlines() if mark.is_file() else []
    for name in names:
        if (folder / name).exists() and f"- {name}" not in made:
            raise ExtractExistsError(
                f"{folder / name} is there, and this command has not made it",
                hint="move it away, or write elsewhere with --out DIR",
            )


def _told(names: list[str], assumptions: Assumptions) -> str:
    persons = assumptions.persons or "300 i hver gruppe, flere ved mange steder"
    return (
        "Udtrækkene her er syntetiske: trukket tilfældigt ud fra trial.yml alene. Ingen person findes.\n"
        f"Frø {assumptions.seed}, personer {persons}, virkning {assumptions.effect:g} (1 er ingen).\n\n"
        + "".join(f"- {name}\n" for name in names)
    )


def _write(trial: Trial, frames: Mapping[str, pd.DataFrame], folder: Path) -> None:
    stamp = datetime.combine(trial.data_date, time())
    sheets: dict[Path, dict[str, pd.DataFrame]] = {}
    for name, frame in frames.items():
        file, sheet = file_and_sheet(name)
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        match path.suffix.lower():
            case ".parquet":
                write_parquet(frame, path)
            case ".dta":
                write_stata(frame, path, stamp=stamp, label="Syntetisk")
            case suffix if suffix == WORKBOOK:
                sheets.setdefault(path, {})[sheet or "Ark1"] = frame
            case suffix:
                write_csv(frame, path, separator="\t" if suffix == ".tsv" else ";")
    for path, of_file in sheets.items():
        write_xlsx(of_file, path, stamp=stamp)


# `reportlib new`.

Read = TypeVar("Read")


class TrialExistsError(ReportlibError):
    """A trial of that name is there; nothing has been written."""


def begin_trial(trial: NewTrial) -> None:
    """Write the trial's files into the project at hand.

    Raises:
        TrialExistsError: one of the files is there.
    """
    made = trial.files()
    with TemporaryDirectory() as tried:  # what trial.yml may not say (a site called Alle) is said before it is there
        place = Path(tried, trial.id, "trial.yml")
        place.parent.mkdir()
        place.write_text(made[Path("data", trial.id, "trial.yml")], encoding="utf-8")
        load_trial(place)
    _write_new(find_project().root, made)
    printing.say(
        f"next: reportlib synthetic {trial.id}, then reportlib render {trial.id}; what is a guess is marked CHANGE"
    )


def print_designs() -> None:
    """The designs a trial can have, and the sources it can read."""
    for design, text in DESIGNS.items():
        printing.say(f"{design.value:17} {text}")
    printing.say("sources:")
    for name, text in SOURCES.items():
        printing.say(f"{name:17} {text}")


def ask_for_trial(**answers: str | None) -> NewTrial:
    """The trial that the options describe; what they leave out is asked for at a terminal, and an error elsewhere.

    Raises:
        NewTrialError: something is missing or cannot be.
    """
    return NewTrial(
        id=_answer(answers, "id", "Id of the trial (folder and file name)", check_id),
        title=_answer(answers, "title", "Title of the report", str),
        commissioner=_answer(answers, "commissioner", "Who ordered the evaluation", str),
        evaluator=_answer(answers, "evaluator", "Who makes it", str, usual="Evaluator"),
        design=_answer(answers, "design", f"Design ({', '.join(DESIGNS)})", _design),
        sites=_answer(answers, "sites", "Municipalities, with commas between", _names),
        first=_answer(answers, "first", "First day persons come in (YYYY-MM-DD)", _day),
        last=_answer(answers, "last", "Last day persons come in (YYYY-MM-DD)", _day),
        last_day=_answer(answers, "last_day", "Last day the extracts will cover (YYYY-MM-DD)", _day),
        sources=_answer(answers, "sources", "Sources, with commas between", _sources, usual=",".join(SOURCES)),
    )


def _answer(
    answers: Mapping[str, str | None], name: str, question: str, read: Callable[[str], Read], usual: str | None = None
) -> Read:
    """The option as it is read; at a terminal one that is left out is asked for, until the answer can be read."""
    given = answers[name]
    if given is not None:
        return read(given.strip())
    if not sys.stdin.isatty():
        if usual is not None:
            return read(usual)
        option = {"id": "an id", "last_day": "--until"}.get(name, f"--{name}")
        raise NewTrialError(f"{option} is missing", hint="give it, or run the command at a terminal to be asked")
    while True:
        try:
            return read(str(typer.prompt(question, default=usual)).strip())
        except NewTrialError as error:
            printing.print_error(error)


def _sources(text: str) -> tuple[str, ...]:
    return check_sources(_names(text))


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _day(text: str) -> date:
    try:
        return parse_date(text)
    except ValueError:
        raise NewTrialError(f"{text!r} is no day", hint="write it as 2026-03-01 or 01-03-2026") from None


def _design(text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError:
        raise NewTrialError(
            f"no design is called {text!r}", hint=did_you_mean(text, DESIGNS) or ", ".join(DESIGNS)
        ) from None


def copy_trial(source: str, new: str | None, title: str | None) -> None:
    """Begin a trial as a copy of another's trial.yml and document, without its extracts, to be made one's own.

    Raises:
        NewTrialError: no id is given. TrialExistsError: a file of that name is there.
    """
    new = check_id(new)
    project = find_project()
    text = project.trial_file(source).read_text(encoding="utf-8-sig")
    lines = {"id": new, "synthetic": "true"} | ({"title": json.dumps(title, ensure_ascii=False)} if title else {})
    for key, value in lines.items():
        line = f"{key}: {value}".replace("\\", "\\\\")
        text = re.sub(rf"^{key}: .*$", line, text, count=1, flags=re.MULTILINE)
    document = project.document(source)
    parts = [document, *sorted((document.parent / source).glob("*.qmd"))]
    made = {Path("data", new, ".gitignore"): GITIGNORE, Path("data", new, "trial.yml"): text}
    for path in parts:
        content = path.read_text(encoding="utf-8").replace(f'aabn("{source}"', f'aabn("{new}"')
        content = content.replace(f"include {source}/", f"include {new}/")
        made[Path("reports", f"{new}.qmd") if path == document else Path("reports", new, path.name)] = content
    codebook = project.trial(source).extracts.dream
    if codebook is not None and codebook.codebook:
        there = project.trial_folder(source) / codebook.codebook
        made[Path("data", new, codebook.codebook)] = there.read_text(encoding="utf-8")
    _write_new(project.root, made)
    printing.say(f"next: reportlib synthetic {new}, then make trial.yml and the document your own")


def _write_new(root: Path, made: Mapping[Path, str]) -> None:
    there = [str(name) for name in made if (root / name).exists()]
    if there:
        raise TrialExistsError(f"{', '.join(there)}: there already", hint="choose another id, or move them away")
    for name, content in made.items():
        write_whole(root / name, content.encode("utf-8"))
        printing.say(str(root / name))

"""`reportlib synthetic`."""

from __future__ import annotations

import shutil
from datetime import datetime, time
from pathlib import Path

import pandas as pd

from reportlib.cli import printing
from reportlib.errors import ReportlibError
from reportlib.registers.codebook import load_codebook
from reportlib.synthetic.files import write_csv, write_parquet, write_stata
from reportlib.synthetic.from_trial import Assumptions, made_up
from reportlib.trial.model import Trial
from reportlib.trial.project import find_project

MARK = "SYNTETISK.txt"
"""Beside made-up extracts: what they are, and which files; only these are ever replaced."""

_SUFFIXES = (".csv", ".tsv", ".txt", ".parquet", ".dta")


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
    names = [source.file for _, source in trial.extracts.each()]
    _refuse(trial, folder, names)
    codebook = trial.extracts.dream.codebook if trial.extracts.dream is not None else None
    frames = made_up(trial, load_codebook(home / codebook if codebook else None), assumptions)
    if folder != home:
        for name in ["trial.yml", *([codebook] if codebook else [])]:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(home / name, folder / name)
    (folder / MARK).write_text(_told(names, assumptions), encoding="utf-8")
    for name, frame in frames.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        _write(trial, frame, folder / name)
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


def _write(trial: Trial, frame: pd.DataFrame, path: Path) -> None:
    match path.suffix.lower():
        case ".parquet":
            write_parquet(frame, path)
        case ".dta":
            write_stata(frame, path, stamp=datetime.combine(trial.data_date, time()), label="Syntetisk")
        case ".tsv":
            write_csv(frame, path, separator="\t")
        case _:
            write_csv(frame, path)

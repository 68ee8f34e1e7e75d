"""`reportlib init`."""

from __future__ import annotations

import shutil
from pathlib import Path

from reportlib.cli import printing
from reportlib.errors import ReportlibError
from reportlib.files.skeleton import PROJECT_FILE, THEME, skeleton
from reportlib.files.whole import write_whole

_FOLDERS = ("data", "reports")


class ProjectExistsError(ReportlibError):
    """A project was to be begun where there is one; nothing has been written."""


def begin_project(folder: Path, *, theme: bool) -> None:
    """Write `_quarto.yml` and the folders for data and documents; with `theme`, also the theme, to change it.

    Raises:
        ProjectExistsError: one of the files is there.
    """
    new = [Path(PROJECT_FILE), *([THEME] if theme else [])]
    taken = [place for place in new if (folder / place).exists()]
    if taken:
        raise ProjectExistsError(
            f"{folder / taken[0]} is there", hint="name another folder, or take away what is to be new"
        )
    for name in _FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    if theme:
        shutil.copytree(skeleton() / THEME, folder / THEME, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    write_whole(folder / PROJECT_FILE, (skeleton() / PROJECT_FILE).read_bytes())
    printing.say(f"{folder / PROJECT_FILE}: a project; next, data/<trial>/trial.yml and reports/<trial>.qmd")

"""`reportlib list` and `reportlib init`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from rich.padding import Padding

from reportlib.cli import printing
from reportlib.errors import ReportlibError
from reportlib.files.own_files import PAGES, PROJECT_FILE, THEME, skeleton
from reportlib.files.whole import write_whole
from reportlib.trial.project import NoDocumentError, Project, find_project

# `reportlib list`.


def print_trials(data_dir: Path | None, *, as_json: bool) -> None:
    """Print every trial with its title, municipalities and document."""
    project = find_project(data_dir=data_dir)
    entries = [_entry(project, trial_id) for trial_id in project.trials()]
    if as_json:
        printing.print_json(entries)
        return
    if not entries:
        printing.say(f"no trials in {project.data_dir}")
        return
    console = printing.console()
    for entry in entries:  # a line of each kind, that wraps: columns side by side break names in eighty columns
        printing.say(f"{entry['trial']}: {entry['title']} ({entry['design']})")
        console.print(Padding(f"document: {entry['document'] or 'none'}", (0, 0, 0, 4)))
        console.print(Padding(", ".join(entry["municipalities"]), (0, 0, 0, 4)))


def _entry(project: Project, trial_id: str) -> dict[str, Any]:
    trial = project.trial(trial_id)
    try:
        document: str | None = project.document(trial_id).relative_to(project.root).as_posix()
    except NoDocumentError:
        document = None
    return {
        "trial": trial.id,
        "title": trial.title,
        "design": trial.design.kind.value,
        "synthetic": trial.synthetic,
        "document": document,
        "municipalities": list(trial.sites.names),
    }


# `reportlib init`.


_FOLDERS = ("data", "reports")


class ProjectExistsError(ReportlibError):
    """A project was to be begun where there is one; nothing has been written."""


def begin_project(folder: Path, *, theme: bool) -> None:
    """Write `_quarto.yml`, the folders for data and documents, and the pages of `docs/` that errors name (a folder of
    that name stays as it is); with `theme`, also the theme, to change it.

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
    for place in [PAGES, *new[1:]]:
        if not (folder / place).exists():
            shutil.copytree(skeleton() / place, folder / place, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    write_whole(folder / PROJECT_FILE, (skeleton() / PROJECT_FILE).read_bytes())
    printing.say(f"{folder / PROJECT_FILE}: a project; next, in it: reportlib new TRIAL")

"""`reportlib list`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.table import Table

from reportlib.cli import printing
from reportlib.cli.printing import print_json
from reportlib.trial.project import NoDocumentError, Project, find_project


def print_trials(data_dir: Path | None, *, as_json: bool) -> None:
    """Print every trial with its title, municipalities and document."""
    project = find_project(data_dir=data_dir)
    entries = [_entry(project, trial_id) for trial_id in project.trials()]
    if as_json:
        print_json(entries)
        return
    if not entries:
        printing.say(f"no trials in {project.data_dir}")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("trial", "title", "design", "document", "municipalities"):
        table.add_column(heading, overflow="fold")
    for entry in entries:
        table.add_row(
            str(entry["trial"]),
            str(entry["title"]),
            str(entry["design"]),
            str(entry["document"] or "none"),
            ", ".join(entry["municipalities"]),
        )
    printing.console().print(table)


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

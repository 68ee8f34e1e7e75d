"""The account of all trials as a table, on the screen or as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.table import Table
from whole_ledgers import ledgers

from published import Check, check_ledgers, published_trials
from reportlib.cli import printing
from reportlib.cli.printing import print_json
from reportlib.trial.project import Project, find_project

PUBLISHED = Path(__file__).parents[2] / "published"
"""The published numbers, and what each is held against."""


def print_published(trial_ids: tuple[str, ...], data_dir: Path | None, *, as_json: bool) -> bool:
    """Check every published number of the trials (all when none is named) and print the account.

    Returns False when any number deviates.
    """
    project = find_project(data_dir=data_dir)
    checks = [check(project, trial_id) for trial_id in trial_ids or published_trials(PUBLISHED)]
    if as_json:
        print_json({done.trial: _as_data(done) for done in checks})
    else:
        _print_checks(checks)
    return not any(done.deviations for done in checks)


def check(project: Project, trial_id: str) -> Check:
    """The account of one trial of the project."""
    return check_ledgers(*ledgers(project.trial_file(trial_id)), PUBLISHED)


def _as_data(done: Check) -> dict[str, Any]:
    return {
        "rows": done.rows,
        "reproduced": done.reproduced,
        "facts": done.facts,
        "left_out": done.left_out,
        "deviations": [
            {"id": one.id, "where": one.where, "published": one.published, "ours": one.ours} for one in done.deviations
        ],
    }


def _print_checks(checks: list[Check]) -> None:
    console = printing.console()
    if not checks:
        printing.say("no published numbers")
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("trial")
    for heading in ("rows", "reproduced", "facts", "left out", "deviations", "accounted for"):
        table.add_column(heading, justify="right")
    for done in checks:
        table.add_row(done.trial, *_cells(done.rows, done.reproduced, done.facts, done.left_out, len(done.deviations)))
    if len(checks) > 1:
        columns = [(done.rows, done.reproduced, done.facts, done.left_out, len(done.deviations)) for done in checks]
        table.add_row("all", *_cells(*(sum(column) for column in zip(*columns, strict=True))))
    console.print(table)
    for done in checks:
        if done.hidden:
            console.print(
                f"{done.trial}: {done.hidden} of the reproduced are hidden in every report, because they rest on too "
                "few persons",
                soft_wrap=True,
                markup=False,
            )
        for one in done.deviations:
            console.print(
                f"{done.trial}: {one.id} ({one.where}): published {one.published}, ours {one.ours}",
                soft_wrap=True,
                markup=False,
            )


def _cells(rows: int, reproduced: int, facts: int, left_out: int, deviations: int) -> list[str]:
    done = f"{100 * (reproduced + facts) / rows:.1f} pct." if rows else "–"
    return [str(rows), str(reproduced), str(facts), str(left_out), str(deviations), done]

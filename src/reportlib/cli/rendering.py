"""`reportlib render`: plan the reports, then run them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from reportlib.cli.printing import print_json
from reportlib.document import DATA_VARIABLE
from reportlib.engine.render import RenderJob, RenderResult, render
from reportlib.errors import ReportlibError, did_you_mean
from reportlib.ledger import Ledger
from reportlib.municipality import expand, file_names
from reportlib.prepare import compute_ledger, ledger_path
from reportlib.project import Project, find_project

FORMATS = ("pdf", "html")


class UnknownFormatError(ReportlibError):
    """`--format` names something that is not made."""


class LedgerMismatchError(ReportlibError):
    """A given ledger belongs to another trial, or several trials were asked for."""


@dataclass(frozen=True)
class RenderRequest:
    """What the user asked for. No trials means all of them."""

    trials: tuple[str, ...]
    municipalities: tuple[str, ...]
    formats: tuple[str, ...]
    out_dir: Path | None
    engine: str
    data_dir: Path | None
    ledger: Path | None


@dataclass(frozen=True)
class Outcome:
    """How one job ended: a result, or the error that stopped it."""

    job: RenderJob
    result: RenderResult | None
    error: ReportlibError | None


def render_reports(request: RenderRequest, *, as_json: bool) -> bool:
    """Render what was asked for and print the outcome; False when any report failed.

    Raises:
        ReportlibError: the request itself is wrong; nothing has then been written.
    """
    project = find_project(data_dir=request.data_dir)
    if request.data_dir is not None:
        os.environ[DATA_VARIABLE] = str(project.data_dir)
    jobs = plan(request, project)
    outcomes = run(jobs, quiet=as_json)
    if as_json:
        print_json([_as_data(outcome) for outcome in outcomes])
    else:
        _print_outcomes(outcomes, project.root)
    return all(outcome.error is None for outcome in outcomes)


def plan(request: RenderRequest, project: Project) -> list[RenderJob]:
    """Check the request, compute each trial's ledger, and give the jobs."""
    for name in request.formats:
        if name not in FORMATS:
            raise UnknownFormatError(f"unknown format {name!r}", hint=did_you_mean(name, FORMATS))
    trial_ids = request.trials or tuple(project.trials())
    if request.ledger is not None and len(trial_ids) != 1:
        raise LedgerMismatchError("--ledger goes with exactly one trial", hint="name the trial before the options")
    trials = [project.trial(trial_id) for trial_id in trial_ids]
    documents = {trial.id: project.document(trial.id) for trial in trials}
    wanted = {trial.id: expand(request.municipalities, trial.sites.names, trial=trial.id) for trial in trials}
    out_dir = (request.out_dir or project.out_dir).resolve()
    jobs: list[RenderJob] = []
    for trial in trials:
        ledger = compute_ledger(project, trial) if request.ledger is None else Ledger.load(request.ledger)
        if ledger.header["trial"] != trial.id:
            raise LedgerMismatchError(f"{request.ledger} is the ledger of {ledger.header['trial']}, not of {trial.id}")
        path = ledger_path(out_dir, trial.id)
        ledger.save(path)
        names = file_names(trial.sites.names)
        jobs += [
            RenderJob(
                trial=trial.id,
                kommune=kommune,
                document=documents[trial.id],
                project=project.root,
                ledger=path,
                ledger_hash=ledger.hash,
                out_dir=out_dir / trial.id,
                slug=names[kommune],
                formats=request.formats,
                engine=request.engine,
                parameters={"kommune": kommune},
            )
            for kommune in wanted[trial.id]
        ]
    return jobs


def run(jobs: list[RenderJob], *, quiet: bool) -> list[Outcome]:
    """Render the jobs one after another; a job that fails does not stop the others."""
    outcomes: list[Outcome] = []
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), disable=quiet, transient=True) as progress:
        task = progress.add_task("rendering", total=len(jobs))
        for job in jobs:
            label = f"{job.trial} {job.kommune}"
            progress.update(task, description=label)

            def step(name: str, label: str = label) -> None:
                progress.update(task, description=f"{label}: {name}")

            try:
                outcomes.append(Outcome(job, render(job, progress=step), None))
            except ReportlibError as error:
                outcomes.append(Outcome(job, None, error))
            progress.advance(task)
    return outcomes


def _print_outcomes(outcomes: list[Outcome], root: Path) -> None:
    console = Console()
    table = Table(box=None, pad_edge=False)
    for heading in ("trial", "municipality", "files", "seconds"):
        table.add_column(heading, overflow="fold", justify="right" if heading == "seconds" else "left")
    for outcome in outcomes:
        if outcome.result is not None:
            files = "\n".join(_short(path, root) for path in outcome.result.paths.values())
            table.add_row(outcome.job.trial, outcome.job.kommune, files, f"{sum(outcome.result.seconds.values()):.1f}")
        else:
            table.add_row(outcome.job.trial, outcome.job.kommune, "failed", "")
    console.print(table)
    for outcome in outcomes:
        if outcome.error is not None:
            console.print(f"\n{outcome.job.trial} {outcome.job.kommune}: {outcome.error}", soft_wrap=True, markup=False)


def _short(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _as_data(outcome: Outcome) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "trial": outcome.job.trial,
        "kommune": outcome.job.kommune,
        "ok": outcome.error is None,
    }
    if outcome.result is not None:
        entry["files"] = {name: str(path) for name, path in outcome.result.paths.items()}
        entry["seconds"] = {name: round(value, 3) for name, value in outcome.result.seconds.items()}
        entry["stamp"] = str(outcome.result.stamp)
        entry["pages"] = outcome.result.pages
    if outcome.error is not None:
        entry["error"] = outcome.error.message
        entry["hint"] = outcome.error.hint
    return entry

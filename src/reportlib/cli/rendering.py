"""`reportlib render`: plan the reports, run the plan, tell how it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from reportlib.batch.cache import Cache
from reportlib.batch.library_page import write_library_page
from reportlib.batch.plan import BatchRequest, Plan, make_plan
from reportlib.batch.result import BatchResult, Outcome, Status
from reportlib.batch.run import Options, run_plan
from reportlib.cli.printing import print_json
from reportlib.cli.progress import watching
from reportlib.errors import ReportlibError
from reportlib.keys import WHOLE_TRIAL
from reportlib.municipality import EVERY_SITE
from reportlib.project import find_project

EVERYTHING = (WHOLE_TRIAL, EVERY_SITE)
"""What `--all` means for a trial: the whole trial's version, then every municipality's."""


class ParameterFormError(ReportlibError):
    """`-P` is not NAME:VALUE."""


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
    parameters: tuple[str, ...] = ()
    dry_run: bool = False
    options: Options = field(default_factory=Options)


def render_reports(request: RenderRequest, *, as_json: bool) -> bool:
    """Render what was asked for and print the outcome; False when any report failed.

    Raises:
        ReportlibError: the request itself is wrong; nothing has then been written.
    """
    project = find_project(data_dir=request.data_dir)
    plan = make_plan(
        project,
        BatchRequest(
            trials=request.trials,
            municipalities=request.municipalities,
            formats=request.formats,
            out_dir=request.out_dir,
            engine=request.engine,
            ledger=request.ledger,
            parameters=_parameters(request.parameters),
        ),
    )
    if request.dry_run:
        _print_plan(plan, force=request.options.force, as_json=as_json)
        return True
    with watching(quiet=as_json) as watcher:
        result = run_plan(plan, request.options, watcher)
    page = write_library_page(project, plan.out_dir)
    if as_json:
        print_json([outcome.as_data(plan.out_dir) for outcome in result.outcomes])
    else:
        _print_result(plan, result)
        if page is not None:
            print(f"all reports: {_together([page], plan.project)}")
    return result.ok


def _parameters(given: Sequence[str]) -> dict[str, str]:
    values = {}
    for text in given:
        name, separator, value = text.partition(":")
        if not separator or not name.strip():
            raise ParameterFormError(f"-P {text!r} is not NAME:VALUE", hint="as in Quarto: -P uge:35")
        if name.strip() == "kommune":
            raise ParameterFormError("the municipality is given by --kommune", hint="leave -P kommune out")
        values[name.strip()] = value
    return values


def _print_plan(plan: Plan, *, force: bool, as_json: bool) -> None:
    cache = Cache(plan.out_dir)
    entries: list[dict[str, Any]] = []
    for report in plan.reports:
        unchanged = not force and cache.current(report.trial, report.slug, report.key) is not None
        files = {name: str(path) for name, path in plan.targets(report).items()}
        entries.append(
            {"trial": report.trial, "kommune": report.kommune, "files": files, "key": report.key,
             "status": "unchanged" if unchanged else "to make"}
        )  # fmt: skip
    if as_json:
        print_json(entries)
        return
    table = _table("trial", "municipality", "files", "key", "")
    for entry in entries:
        shown = _together([Path(path) for path in entry["files"].values()], plan.project)
        table.add_row(entry["trial"], entry["kommune"], shown, entry["key"][:12], entry["status"])
    console = Console()
    console.print(table)
    to_make = sum(entry["status"] == "to make" for entry in entries)
    console.print(f"{len(entries)} reports, {to_make} to make; nothing was written", highlight=False)


def _print_result(plan: Plan, result: BatchResult) -> None:
    console = Console()
    table = _table("trial", "municipality", "files", "pages", "seconds")
    for column in table.columns[3:]:
        column.justify = "right"
    shown = result.outcomes if len(result.outcomes) <= 1 or result.count(Status.MADE) else ()
    for outcome in shown or [one for one in result.outcomes if one.status is Status.FAILED]:
        table.add_row(*_row(outcome, plan))
    if table.row_count:
        console.print(table)
    for outcome in result.outcomes:
        for warning in outcome.warnings:
            console.print(f"{outcome.report.name}: warning: {warning}", soft_wrap=True, markup=False, highlight=False)
        if outcome.failure is not None:
            text = f"\n{outcome.report.name}: {outcome.failure}"
            console.print(text, soft_wrap=True, markup=False, highlight=False)
    counts = ", ".join(f"{result.count(status)} {status.value}" for status in Status if result.count(status))
    unchanged = " (nothing to do)" if result.count(Status.UNCHANGED) == len(result.outcomes) else ""
    console.print(
        f"{len(result.outcomes)} reports: {counts or 'none'}{unchanged}, {result.seconds:.1f} s", highlight=False
    )


def _row(outcome: Outcome, plan: Plan) -> tuple[str, ...]:
    report = outcome.report
    if outcome.record is None:
        return report.trial, report.kommune, "failed", "", ""
    files = _together(outcome.files(plan.out_dir), plan.project)
    pages = str(outcome.record.pages or "")
    seconds = f"{sum(outcome.seconds.values()):.1f}" if outcome.status is Status.MADE else "unchanged"
    return report.trial, report.kommune, files, pages, seconds


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _together(paths: Sequence[Path], root: Path) -> str:
    """Files of one name on one line: `_output/<trial>/<kommune>.pdf .html`."""
    first, *others = paths
    shown = first.relative_to(root).as_posix() if first.is_relative_to(root) else str(first)
    return " ".join([shown, *(f".{path.name.partition('.')[2]}" for path in others)])

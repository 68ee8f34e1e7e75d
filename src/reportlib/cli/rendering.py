"""`reportlib render`: the plan, the batch, its progress on the screen and what came of it; `reportlib preview`."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from reportlib.batch.accessibility_page import write_accessibility_page
from reportlib.batch.batch_run import (
    BatchResult,
    Options,
    Outcome,
    Status,
    Watcher,
    report_job,
    run_plan,
)
from reportlib.batch.cache import Cache
from reportlib.batch.library_page import write_library_page
from reportlib.batch.plan import BatchRequest, Plan, PlannedReport, make_plan
from reportlib.batch.tasks import use_temporary_folder
from reportlib.cli import printing
from reportlib.engine.settings import FORMATS
from reportlib.errors import ReportlibError
from reportlib.files.whole import remove_own, write_whole
from reportlib.ledger.file import load_ledger
from reportlib.ledger.keys import WHOLE_TRIAL
from reportlib.trial.municipality import EVERY_SITE, resolve
from reportlib.trial.project import Project, find_project

if TYPE_CHECKING:
    from reportlib.batch.preview import Made

# How a running batch is shown: a live bar with rate and time left, or plain lines when nobody watches a terminal.


_ENOUGH = 3  # reports, before their pace says something


@contextmanager
def watching(*, quiet: bool) -> Iterator[Watcher]:
    """A watcher for the console on standard error; one that says nothing when `quiet`."""
    console = printing.console(stderr=True)
    if quiet:
        yield Watcher()
    elif not console.is_terminal:
        yield Lines()
    else:
        columns = (
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[pace]}"),
            TextColumn("{task.description}", markup=False),
        )
        with Progress(*columns, console=console, transient=True) as progress:
            yield Bar(progress)


class Pace:
    """How fast reports are made and the time left. Unchanged ones take no time and do not count.

    It is reckoned from the end of the first one: before it lie the start of the workers and the first analysis.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._first: float | None = None
        self._made = 0

    def count(self) -> None:
        """One more report has been made."""
        self._made += 1
        if self._first is None:
            self._first = self._clock()

    def text(self, left: int) -> str:
        """Such as `1.4 a second, 0:42 left` or `one in 7.4 s, 1:14 left`; empty before three are made."""
        if self._first is None or self._made < _ENOUGH or not left:
            return ""
        each = (self._clock() - self._first) / (self._made - 1)
        if each <= 0:
            return ""
        pace = f"{1 / each:.1f} a second" if each < 1 else f"one in {each:.1f} s"
        rest = round(left * each)
        return f"{pace}, {rest // 60}:{rest % 60:02d} left"


class Lines(Watcher):
    """One line for each report as it ends."""

    def __init__(self) -> None:
        self._total = self._ended = 0
        self._pace = Pace()

    def begins(self, total: int) -> None:
        self._total = total

    def ended(self, outcome: Outcome) -> None:
        self._ended += 1
        if outcome.status is Status.UNCHANGED:
            return
        self._pace.count()
        pace = self._pace.text(self._total - self._ended)
        text = f"[{self._ended}/{self._total}] {outcome.report.name}: {outcome.status.value}"
        printing.say(f"{text} ({pace})" if pace else text, stderr=True)


class Bar(Watcher):
    """A live bar."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None, pace="")
        self._total = self._ended = 0
        self._pace = Pace()

    def begins(self, total: int) -> None:
        self._total = total
        self._progress.update(self._task, total=total)

    def step(self, name: str, step: str) -> None:
        self._progress.update(self._task, description=printing.visible(f"{name}: {step}"))

    def ended(self, outcome: Outcome) -> None:
        self._ended += 1
        if outcome.status is not Status.UNCHANGED:
            self._pace.count()
        self._progress.update(self._task, advance=1, pace=self._pace.text(self._total - self._ended))


# How a plan and a batch's result are printed: a row per trial, a line per failure, details on request.


_FORMATS = tuple(f".{name}" for name in FORMATS)


def print_plan(plan: Plan, *, force: bool, as_json: bool) -> None:
    """Every report of the plan, and whether it would be made; trial by trial, below the folder its files go to."""
    cache = Cache(plan.out_dir)
    unchanged = {
        report.key
        for report in plan.reports
        if not force and cache.current(report.trial, report.slug, report.key, report.formats)
    }
    if as_json:
        printing.print_json([_planned(plan, report, report.key in unchanged) for report in plan.reports])
        return
    for trial, reports in _by_trial(plan.reports).items():
        kept = not force and cache.ledger(plan.ledgers[trial].key) is not None
        needed = any(report.key not in unchanged for report in reports)
        ledger = "its ledger is there" if kept else "its ledger is computed first" if needed else "nothing to do"
        printing.say(f"{trial} -> {shown(plan.out_dir / trial)}/ ({ledger})")
        table = printing.table("", "", "")
        for report in reports:
            files = _names(plan.targets(report).values())
            table.add_row(f"  {report.kommune}", files, "unchanged" if report.key in unchanged else "to make")
        printing.console().print(table)
    _say_skipped(plan)
    to_make = sum(report.key not in unchanged for report in plan.reports)
    printing.say(f"{len(plan.reports)} reports, {to_make} to make; nothing was written")


def print_result(plan: Plan, result: BatchResult, *, verbose: bool) -> None:
    """How the batch went."""
    if verbose:
        _print_reports(plan, result.outcomes)
    elif len(result.outcomes) == 1:
        _print_one(plan, result.outcomes[0])
    else:
        _print_trials(result)
    _print_warnings(result.outcomes)
    _print_failures(result.outcomes, verbose=verbose)
    _say_skipped(plan)
    counts = ", ".join(f"{result.count(status)} {status.value}" for status in Status if result.count(status))
    nothing = " (nothing to do)" if result.count(Status.UNCHANGED) == len(result.outcomes) else ""
    printing.say(f"{_count(len(result.outcomes))}: {counts}{nothing}, {result.seconds:.1f} s")


def print_interrupted(plan: Plan) -> None:
    """What a batch that was stopped leaves: counted from the files, so that it is true whatever was under way."""
    cache = Cache(plan.out_dir)
    there = sum(
        cache.current(report.trial, report.slug, report.key, report.formats) is not None for report in plan.reports
    )
    text = f"interrupted: {there} of {len(plan.reports)} reports are finished, nothing is half done"
    printing.say(f"{text}; the same command goes on from here", stderr=True)


def shown(path: Path) -> str:
    """The path as one would write it in this folder."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


def _planned(plan: Plan, report: PlannedReport, unchanged: bool) -> dict[str, Any]:
    return {
        "trial": report.trial,
        "kommune": report.kommune,
        "files": {name: str(path) for name, path in plan.targets(report).items()},
        "key": report.key,
        "status": "unchanged" if unchanged else "to make",
    }


def _print_trials(result: BatchResult) -> None:
    numbers = ("made", "unchanged", "failed", "pages", "s a report")
    table = printing.table("trial", *numbers, right=numbers)
    trials: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in result.outcomes:
        trials[outcome.report.trial].append(outcome)
    for trial, outcomes in trials.items():
        counts = [str(sum(one.status is status for one in outcomes) or "") for status in Status]
        made = [sum(one.seconds.values()) for one in outcomes if one.status is Status.MADE]
        pages = sum(one.record.pages or 0 for one in outcomes if one.record is not None)
        seconds = f"{sum(made) / len(made):.1f}" if made else ""
        table.add_row(trial, *counts, str(pages or ""), seconds)
    printing.console().print(table)


def _print_one(plan: Plan, outcome: Outcome) -> None:
    if outcome.record is None:
        return
    told = [outcome.status.value]
    if outcome.record.pages:
        told.append(f"{outcome.record.pages} pages")
    printing.say(f"{outcome.report.name}: {', '.join(told)}")
    for path in outcome.files(plan.out_dir):
        if path.suffix in _FORMATS:
            printing.say(f"  {shown(path)}")


def _print_reports(plan: Plan, outcomes: Sequence[Outcome]) -> None:
    for trial, reports in _by_trial([outcome.report for outcome in outcomes]).items():
        printing.say(f"{trial} -> {shown(plan.out_dir / trial)}/")
        table = printing.table("", "", "", "pages", "seconds", "key")
        for outcome in outcomes:
            if outcome.report not in reports:
                continue
            pages = "" if outcome.record is None else str(outcome.record.pages or "")
            seconds = f"{sum(outcome.seconds.values()):.1f}" if outcome.seconds else ""
            files = _names(outcome.files(plan.out_dir))
            row = (f"  {outcome.report.kommune}", files, outcome.status.value, pages, seconds, outcome.report.key[:8])
            table.add_row(*row)
        printing.console().print(table)


def _print_warnings(outcomes: Sequence[Outcome]) -> None:
    """Each warning once: what a document's key is told of holds for all its versions."""
    reports: dict[str, list[str]] = defaultdict(list)
    for outcome in outcomes:
        for warning in outcome.warnings:
            reports[warning].append(outcome.report.name)
    for warning, names in reports.items():
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        printing.say(f"{names[0]}{more}: warning: {warning}")


def _print_failures(outcomes: Sequence[Outcome], *, verbose: bool) -> None:
    """One failure is told in full; of several each gets its line, and those with one reason share it."""
    reasons: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.failure is not None:
            reasons[outcome.failure.message].append(outcome)
    if not reasons:
        return
    printing.say("failed:")
    for message, failed in reasons.items():
        name = failed[0].report.name
        if len(failed) > 1:
            name += f" and {len(failed) - 1} more"
        if verbose or len(reasons) == 1:
            printing.say(f"  {name}: {failed[0].failure}")
        else:
            printing.say(f"  {name}: {message.splitlines()[0]}")
    if len(reasons) > 1 and not verbose:
        printing.say("  (--verbose tells each in full)")


def _say_skipped(plan: Plan) -> None:
    if plan.without_document:
        printing.say(f"left out, no document in reports/: {', '.join(plan.without_document)}")


def _by_trial(reports: Sequence[PlannedReport]) -> dict[str, list[PlannedReport]]:
    found: dict[str, list[PlannedReport]] = defaultdict(list)
    for report in reports:
        found[report.trial].append(report)
    return dict(found)


def _names(paths: Iterable[Path]) -> str:
    """Files of one name together: `alle.pdf .html`."""
    files = {path.suffix: path.name for path in paths}
    first, *others = [suffix for suffix in _FORMATS if suffix in files] or [""]
    return " ".join([files.get(first, ""), *others])


def _count(reports: int) -> str:
    return f"{reports} report" if reports == 1 else f"{reports} reports"


# `reportlib render`: plan the reports, run the plan, tell how it went.


WHOLE = (WHOLE_TRIAL,)
EVERYTHING = (*WHOLE, EVERY_SITE)
"""What `--all` means for a trial: the whole trial's version, then every municipality's."""


INTERRUPTED = 130
"""Exit status of a command that was stopped by Ctrl-C, as everywhere."""


class ParameterFormError(ReportlibError):
    """`-P` is not NAME:VALUE."""


def render_reports(
    request: BatchRequest,
    options: Options,
    *,
    data_dir: Path | None,
    dry_run: bool,
    xlsx: bool,
    verbose: bool,
    as_json: bool,
) -> bool:
    """Render what was asked for and print the outcome; False when any report failed.

    Raises:
        ReportlibError: the request itself is wrong; nothing has then been written.
    """
    project = find_project(data_dir=data_dir)
    plan = make_plan(project, request)
    if dry_run:
        print_plan(plan, force=options.force, as_json=as_json)
        return True
    try:
        with watching(quiet=as_json) as watcher:
            result = run_plan(plan, options, watcher)
        failed = {Path(one.report.trial, one.report.slug) for one in result.outcomes if one.failure is not None}
        workbooks = [path for outcome in result.outcomes if (path := _workbook(plan, outcome, wanted=xlsx))]
        page = write_library_page(project, plan.out_dir, failed)
        write_accessibility_page(project, plan.out_dir)
    except KeyboardInterrupt:
        print_interrupted(plan)
        raise SystemExit(INTERRUPTED) from None
    if as_json:
        printing.print_json([outcome.as_data(plan.out_dir) for outcome in result.outcomes])
    else:
        print_result(plan, result, verbose=verbose)
        for path in workbooks:
            printing.say(shown(path))
        if page is not None:
            printing.say(f"all reports: {shown(page)}")
    return result.ok


def _workbook(plan: Plan, outcome: Outcome, *, wanted: bool) -> Path | None:
    """Write the workbook of a finished report beside it; one of a former ledger or text goes when none is wanted."""
    report = outcome.report
    path = plan.out_dir / report.trial / f"{report.slug}.xlsx"
    if outcome.record is None or not wanted:
        if outcome.status is not Status.UNCHANGED:
            remove_own(path, below=plan.out_dir)
        return None
    from reportlib.engine.render import shown_in
    from reportlib.exchange.workbook import workbook

    cache = Cache(plan.out_dir)
    record = cache.ledger(plan.ledgers[report.trial].key)
    if record is None:
        return None
    job = report_job(plan, report, record, cache.figures, plan.out_dir / report.trial)
    parts, labels = shown_in(job)
    ledger, trial = load_ledger(job.ledger), Project(plan.project, plan.data_dir).trial(report.trial)
    site = "" if report.kommune == WHOLE_TRIAL else report.kommune
    stamp = str(job.stamp)
    write_whole(path, workbook(parts, labels, ledger=ledger, trial=trial, kommune=site, stamp=stamp))
    return path


def parameters_of(given: Sequence[str]) -> dict[str, str]:
    """What `-P NAME:VALUE` gives.

    Raises:
        ParameterFormError
    """
    values = {}
    for text in given:
        name, separator, value = text.partition(":")
        if not separator or not name.strip():
            raise ParameterFormError(f"-P {text!r} is not NAME:VALUE", hint="as in Quarto: -P uge:35")
        if name.strip() == "kommune":
            raise ParameterFormError("the municipality is given by --kommune", hint="leave -P kommune out")
        values[name.strip()] = value
    return values


# `reportlib preview`.


def preview_report(trial: str, kommune: str, data_dir: Path | None, port: int) -> None:
    """Serve a report on this machine and make it again on every save, until Ctrl-C.

    Raises:
        NoProjectError, NoDocumentError, TrialFileError, UnknownMunicipalityError, PortTakenError
    """
    from reportlib.batch.preview import Preview, PreviewServer, Shown, watch  # a server, which no batch needs

    project = find_project(data_dir=data_dir)
    name = resolve(kommune, project.trial(trial).sites.names, trial=trial)
    project.document(trial)
    page = Shown()
    with (
        suppress(KeyboardInterrupt),
        TemporaryDirectory(prefix="rl-preview-", ignore_cleanup_errors=True) as folder,
        PreviewServer(page, port) as server,
    ):
        use_temporary_folder(Path(folder))  # what failed renders keep goes when the preview ends
        printing.say(f"{trial} {name}: {server.url} (Ctrl-C ends it)")
        watch(Preview(project, trial, name), page, _tell, threading.Event())


def _tell(made: Made) -> None:
    if made.error is None:
        kind = "page" if made.pdf is None else "PDF"
        printing.say(f"{kind} made in {made.seconds:.1f} s")
    else:
        printing.say(f"error: {made.error}", stderr=True)

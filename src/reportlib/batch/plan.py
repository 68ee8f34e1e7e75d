"""The plan of a batch: every report that will be made, with its files and its key, before anything runs.

A plan reads trial.yml, documents and file hashes, but no extract is analysed and no statistics are imported, so that an
unchanged batch is done in a moment and a wrong request is refused at once.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from reportlib.batch.cache import Cache
from reportlib.engine.parameters import inject
from reportlib.engine.qmd import Document, UnsupportedFeatureError, read_document
from reportlib.engine.settings import STANDARD, Settings, fixed_time, read_settings, wrong_formats
from reportlib.errors import ReportlibError, nearest
from reportlib.files.own_files import PROJECT_FILE, code_hash
from reportlib.files.reading import InputUnreadableError, file_hash, hash_of
from reportlib.ledger.file import load_ledger
from reportlib.ledger.keys import WHOLE_TRIAL
from reportlib.trial.model import Trial
from reportlib.trial.municipality import expand, file_names
from reportlib.trial.project import FILE_NAME, Project


class LedgerForOneTrialError(ReportlibError):
    """A ledger was given and several trials were asked for."""


class NothingToRenderError(ReportlibError):
    """Every trial was asked for, and there is none, or none has a document."""


class UnknownFormatError(ReportlibError):
    """`--format` names something that is not made."""


class DuplicateOutputError(ReportlibError):
    """Two reports of a plan would be written to one file."""


_SCHEME = 2  # a change here makes every report again


@dataclass(frozen=True)
class BatchRequest:
    """What the user asked for. No trials means all of them; `ledger` is a finished ledger used instead of extracts."""

    trials: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = (WHOLE_TRIAL,)
    formats: tuple[str, ...] = STANDARD
    out_dir: Path | None = None
    engine: str = "embedded"
    ledger: Path | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PlannedLedger:
    """A trial's ledger: computed once, used by all its reports. `given` is a finished one."""

    trial: str
    key: str
    given: Path | None = None


@dataclass(frozen=True)
class PlannedReport:
    """One report of the plan. `key` changes with whatever the report is made of, not with the formats: they tell the
    same. `sisters` are name and slug of every version of the trial's report, itself among them."""

    trial: str
    kommune: str
    slug: str
    document: Path
    formats: tuple[str, ...]
    engine: str
    parameters: Mapping[str, str]
    sisters: tuple[tuple[str, str], ...]
    ledger_key: str
    key: str

    @property
    def name(self) -> str:
        """How people call it."""
        return f"{self.trial} {self.kommune}"


@dataclass(frozen=True)
class Plan:
    """What will be made, in order: `reports` and the `ledgers` they need (trial -> ledger).

    `without_document` are trials that were left out because all were asked for and these have no document.
    """

    project: Path
    data_dir: Path
    out_dir: Path
    reports: tuple[PlannedReport, ...]
    ledgers: Mapping[str, PlannedLedger]
    without_document: tuple[str, ...] = ()

    def targets(self, report: PlannedReport) -> dict[str, Path]:
        """Format -> the file it will become."""
        return {name: self.out_dir / report.trial / f"{report.slug}.{name}" for name in report.formats}


def make_plan(project: Project, request: BatchRequest) -> Plan:
    """Check the request against trials and documents, and plan it.

    Raises:
        NothingToRenderError, UnknownFormatError, DuplicateOutputError, LedgerForOneTrialError, LedgerMismatchError,
        UnknownParameterError, UnknownMunicipalityError, LedgerFileError, and what reading trial.yml and the documents
        raises. Nothing has then been written.
    """
    if (wrong := wrong_formats(request.formats, request.engine)) is not None:
        raise UnknownFormatError(wrong[0], hint=wrong[1])
    trial_ids, left_out = (request.trials, ()) if request.trials else _all_trials(project)
    if request.ledger is not None and len(trial_ids) != 1:
        raise LedgerForOneTrialError("--ledger goes with exactly one trial", hint="name the trial before the options")
    ledgers: dict[str, PlannedLedger] = {}
    reports: list[PlannedReport] = []
    for trial_id in trial_ids:
        trial = project.trial(trial_id)
        ledgers[trial.id] = _plan_ledger(project, trial, request)
        reports += _plan_reports(project, trial, request, ledgers[trial.id])
    plan = Plan(
        project=project.root,
        data_dir=project.data_dir,
        out_dir=(request.out_dir or project.out_dir).resolve(),
        reports=tuple(reports),
        ledgers=ledgers,
        without_document=left_out,
    )
    _check_outputs(plan)
    return plan


def _all_trials(project: Project) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The trials that have a document, and those that have none."""
    found = project.trials()
    if not found:
        raise NothingToRenderError(
            f"no trials in {project.data_dir}", hint="is --data right? `reportlib new` begins a trial"
        )
    written = tuple(trial_id for trial_id in found if project.document_path(trial_id).is_file())
    if not written:
        raise NothingToRenderError(
            f"no trial has a document in {project.reports_dir}",
            hint=f"write reports/{found[0]}.qmd, or begin with `reportlib new`",
        )
    return written, tuple(trial_id for trial_id in found if trial_id not in written)


def _plan_ledger(project: Project, trial: Trial, request: BatchRequest) -> PlannedLedger:
    """A given ledger that is the one made of the extracts is that one: what was made of it stays."""
    if request.ledger is not None:
        given = request.ledger.resolve()
        from reportlib.trial.project import check_belongs

        check_belongs(load_ledger(given), trial, name=str(given))
        with suppress(InputUnreadableError):  # the extracts need not be there
            made = Cache((request.out_dir or project.out_dir).resolve()).ledger(_key_of_extracts(project, trial))
            if made is not None and made.hash == file_hash(given):
                return PlannedLedger(trial.id, made.key)
        return PlannedLedger(trial.id, hash_of([_SCHEME, "given", file_hash(given)]), given)
    return PlannedLedger(trial.id, _key_of_extracts(project, trial))


def _key_of_extracts(project: Project, trial: Trial) -> str:
    data = trial_hash(trial, project.trial_folder(trial.id))
    return hash_of([_SCHEME, data, code_hash(), packages_version()])


def _plan_reports(project: Project, trial: Trial, request: BatchRequest, ledger: PlannedLedger) -> list[PlannedReport]:
    path = project.document(trial.id)
    names = file_names(trial.sites.names)
    wanted = expand(request.municipalities, trial.sites.names, trial=trial.id)
    parameters = dict(request.parameters)
    content = _check_document(project, path, parameters, request.engine)
    trial_file = project.trial_folder(trial.id) / "trial.yml"
    common = [
        _SCHEME,
        ledger.key,
        file_hash(trial_file),
        content,
        code_hash(),
        packages_version(),
        engine_version(request.engine),
        fixed_time(),
        parameters,
    ]
    return [
        PlannedReport(
            trial=trial.id,
            kommune=kommune,
            slug=names[kommune],
            document=path,
            formats=request.formats,
            engine=request.engine,
            parameters=parameters,
            sisters=tuple(names.items()),
            ledger_key=ledger.key,
            key=hash_of([common, kommune, names[kommune]]),
        )
        for kommune in wanted
    ]


def _check_document(project: Project, path: Path, parameters: Mapping[str, str], engine: str) -> str:
    """The hash of what the document is made of, after its parameters have been checked."""
    try:
        document = read_document(path, root=project.root)
        inject(document, {**parameters, "kommune": WHOLE_TRIAL})
        return document_hash(document, read_settings(project.root, document))
    except UnsupportedFeatureError:
        if engine == "embedded":
            raise
        return folder_hash(path.parent, project.root)  # written for more of Quarto than is read here


def _check_outputs(plan: Plan) -> None:
    taken: dict[str, PlannedReport] = {}
    for report in plan.reports:
        for path in plan.targets(report).values():
            name = str(path).casefold()  # not every file system tells capitals apart
            if (other := taken.get(name)) is not None:
                raise DuplicateOutputError(
                    f"{report.name} and {other.name} would both be written to {path}",
                    hint="name each trial and municipality once",
                )
            taken[name] = report


# What reports are made of, as hashes: a report is made again exactly when one of these changes.
#
# Nothing is judged by its date: a file that was copied or checked out again is the same file.


# Beside the extracts lie the scripts that made them and their description: neither is read by an analysis.
_NOT_DATA = {".py", ".md"}
_LEFT_OVER = ("figs", "__pycache__", "_output", "_site")  # as in the engine's private folders
_OWN_NEIGHBOURS = {".qmd", ".pdf"}  # other documents, and what Quarto leaves beside them


def tree_hash(files: Iterable[Path], root: Path) -> str:
    """A hash of files' contents and their names below `root` (full names for files outside it)."""
    entries = {}
    for path in files:
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
        entries[name] = file_hash(path)
    return hash_of(entries)


@cache
def packages_version() -> str:
    """A hash of the installed packages (their folders' names carry name and version), of Python and of the system."""
    names = {
        path.name
        for entry in sys.path
        if entry and Path(entry).is_dir()
        for path in Path(entry).glob("*.dist-info")
        if not path.name.startswith("reportlib-")
    }
    return hash_of([sorted(names), sys.version, sys.platform])


def trial_hash(trial: Trial, folder: Path) -> str:
    """A hash of trial.yml and the extracts, wherever they lie.

    Raises:
        InputUnreadableError: an extract is not there, or cannot be read.
    """
    named = {place: folder / name for place, name in trial.extracts.files()}
    for place, path in named.items():
        if not path.exists():
            unused = set(path.parent.iterdir()) - set(named.values()) if path.parent.is_dir() else set()
            near = nearest(path.name, sorted(entry.name for entry in unused))
            made_up = f"put it there; until it comes, `reportlib synthetic {trial.id}` makes one up"
            raise InputUnreadableError(
                f"{FILE_NAME}: extracts.{place}: there is no {path}",
                hint=f"did you mean {', '.join(near)}?" if near else made_up,
            )
    inside = {
        path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in _NOT_DATA and not _is_hidden(path, folder)
    }
    parts = {part for path in named.values() for part in _parts(path)}
    return tree_hash(sorted(inside | parts), folder)


def document_hash(document: Document, settings: Settings) -> str:
    """A hash of the document, its includes, the project file, the theme, and what else lies beside the document.

    Other documents beside it are left out, so that a changed paragraph concerns its own document only.
    """
    project = settings.project
    theme = [path for path in settings.theme.rglob("*") if path.is_file() and not _is_hidden(path, settings.theme)]
    named = [*settings.filters_before, *settings.filters_after, *settings.css, *settings.typst_partials]
    files = {*document.sources, project / PROJECT_FILE, *theme, *named, *_neighbours(document.path.parent, settings)}
    return tree_hash(sorted(files), project)


def engine_version(engine: str) -> str:
    """What is known of the engine besides this library: for Quarto the program's file."""
    program = shutil.which("quarto") if engine == "quarto" else None
    if program is None:
        return engine
    found = Path(program).resolve()
    return hash_of([engine, str(found), found.stat().st_size, found.stat().st_mtime_ns])


def folder_hash(folder: Path, project: Path) -> str:
    """A hash of a folder of documents and of the project file."""
    files = [path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path, folder)]
    return tree_hash(sorted([*files, project / PROJECT_FILE]), project)


def _parts(path: Path) -> list[Path]:
    """The files of an extract: itself, or what lies in it when it is a folder of parts."""
    return [entry for entry in path.iterdir() if entry.is_file()] if path.is_dir() else [path]


def _neighbours(folder: Path, settings: Settings) -> Iterator[Path]:
    """Pictures, data and Python files that a document can read: everything its private folder will hold."""
    if folder == settings.project:
        yield from (path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
        return
    for path in folder.rglob("*"):
        inside = path.relative_to(folder).parts
        skipped = any(
            part.startswith(".") or part in _LEFT_OVER or part.endswith(("_files", "_cache")) for part in inside
        )
        if not skipped and path.suffix not in _OWN_NEIGHBOURS and path.is_file():
            yield path


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts)

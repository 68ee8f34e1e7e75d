"""Renders one report: a document, a municipality and a ledger in; checked PDF, HTML and Word in place.

`render` reads as its list of steps. A job is plain data, so that a batch can send it to another process or machine.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from reportlib.document import DATA_VARIABLE
from reportlib.engine import accounting, fonts, html, pandoc, quarto, typst_pdf
from reportlib.engine.citations import cite
from reportlib.engine.execute import Assembly, execute
from reportlib.engine.finished_pdf import finished_pdf, table_records
from reportlib.engine.html import file_links, sister_links
from reportlib.engine.markdown import mention_floats, with_metadata
from reportlib.engine.parameters import inject, of_version
from reportlib.engine.qmd import Document, DocumentSyntaxError, UnsupportedFeatureError, read_document
from reportlib.engine.settings import STANDARD, Settings, fixed_time, read_settings, wrong_formats
from reportlib.engine.wall import check_page
from reportlib.engine.word import word_file
from reportlib.engine.workspace import Workspace, folder_of, kept_on_failure, open_workspace
from reportlib.errors import ReportlibError, did_you_mean
from reportlib.files.whole import publish, remove_own
from reportlib.ledger.keys import WHOLE_TRIAL
from reportlib.numbers.account import Account
from reportlib.numbers.account_shown import with_data, with_details
from reportlib.numbers.provenance import ACCOUNT, PROVENANCE, Stamp, check_stamp
from reportlib.show.part import Shown, all_shown
from reportlib.show.pictures import take
from reportlib.text.marks import unmarked
from reportlib.trial.project import Project

ENGINES = ("embedded", "quarto")
_WRITTEN_BY = {"pdf": "typst", "html": "html", "docx": "docx"}  # format -> what Pandoc writes for it


class InvalidJobError(ReportlibError):
    """A job that cannot be rendered as it stands."""


@dataclass(frozen=True)
class RenderJob:
    """One report to render; every field pickles.

    trial: the trial's id.
    kommune: canonical name of the municipality, or `Alle` for the whole trial.
    document, project: the `.qmd` file and the folder with `_quarto.yml`.
    ledger, ledger_hash: the ledger's JSON file and its hash (hex), which the finished files must carry.
    out_dir, slug: the files become `<out_dir>/<slug>.pdf`, `.html` and `.docx`.
    parameters: more values for the document's parameters cell; `kommune` is always set.
    data: the folder with trial.yml's folder, when it is not the project's own.
    figures: a folder that keeps drawn figures, and the fonts of pages, by content, so that reports share them.
    failed: a folder that keeps what a failed render had made so far; without it nothing is kept.
    sisters: name and slug of each version of this report; the HTML page links to the others.
    """

    trial: str
    kommune: str
    document: Path
    project: Path
    ledger: Path
    ledger_hash: str
    out_dir: Path
    slug: str
    formats: tuple[str, ...] = STANDARD
    engine: str = "embedded"
    parameters: Mapping[str, str] = field(default_factory=dict)
    data: Path | None = None
    figures: Path | None = None
    failed: Path | None = None
    sisters: tuple[tuple[str, str], ...] = ()

    @property
    def stamp(self) -> Stamp:
        """What the finished files must say they are."""
        return Stamp(self.trial, self.kommune, self.ledger_hash)

    @property
    def targets(self) -> dict[str, Path]:
        """Format -> where the file will stand."""
        return {name: self.out_dir / f"{self.slug}.{name}" for name in self.formats}

    @property
    def provenance_path(self) -> Path:
        """Where the record of what the report was made of will stand."""
        return self.out_dir / f"{self.slug}{PROVENANCE}"

    @property
    def account_path(self) -> Path:
        """Where the account of the report's numbers will stand."""
        return self.out_dir / f"{self.slug}{ACCOUNT}"


@dataclass(frozen=True)
class RenderResult:
    """A finished report: files by format, seconds by step, the stamp read back, pages of the PDF, warnings to show.

    `hashes` are the SHA-256 (hex) of every file's content as it was written, by the file's name.
    `account` is the file with every printed number and where it comes from; None where the document prints none.
    """

    paths: Mapping[str, Path]
    hashes: Mapping[str, str]
    seconds: Mapping[str, float]
    stamp: Stamp
    pages: int | None
    warnings: tuple[str, ...]
    account: Path | None = None


def render(job: RenderJob, *, progress: Callable[[str], None] | None = None) -> RenderResult:
    """Render `job`; `progress` is called with each step's name as it starts.

    All formats appear, or none: nothing is left in `out_dir` when anything fails, and the Markdown that was being
    rendered is kept in the job's folder for that, which the error names. Renders in one process take turns; run several
    processes for speed.
    Raises: InvalidJobError, and the named errors of the steps (all ReportlibError).
    """
    watch = _Watch(progress)
    check_job(job)
    if job.engine == "quarto":
        return _render_with_quarto(job, watch)
    assembly = Assembly()
    kept = folder_of(job.failed, job.trial, job.slug)
    with open_workspace(job.document, job.project) as workspace, kept_on_failure(kept, assembly):
        with watch.step("read"):
            document = read_document(workspace.document, root=workspace.root)
            settings = read_settings(job.project, document)
            assembly.warnings += settings.passed_over
            made_of = sources_of(job, document, settings)
            document = _of_report(document, job)
        with watch.step("execute", within="figures"):
            execute(document, folder=workspace.folder, environment=environment(job), assembly=assembly)
            cited = cite(
                assembly.lines, document.metadata, folder=workspace.folder, root=workspace.root, document=job.document
            )
            assembly.lines = mention_floats(cited.lines)
            numbered = accounting.number_lines(assembly.lines, folder=workspace.folder)
            account = accounting.make(
                numbered,
                ledger=job.ledger,
                project=_project(job),
                trial=job.trial,
                kommune=job.kommune,
                stamp=str(job.stamp),
                texts=cited.texts,
            )
        with watch.step("pandoc"):
            converted = convert_report(job, settings, workspace, assembly, numbered.markdown)
            assembly.texts.update(converted.texts)
            assembly.warnings += converted.passed_over
        if not converted.metadata.get("title"):
            raise DocumentSyntaxError(
                f"{workspace.document.name}: the document has no title",
                hint="print the cover from a cell (`print(r.forside())`), or give `title:` in the front matter",
            )
        contents: dict[str, bytes] = {}
        if "pdf" in job.formats:
            with watch.step("typst"):
                date = typst_pdf.report_date(converted.metadata.get("dato-iso") or converted.metadata.get("date"))
                source = accounting.typst_source(converted.texts["typst"], account)
                compiled = typst_pdf.compile_document(
                    source, assembly.lines, root=workspace.folder, date=date, place_of=converted.place_of
                )
                assembly.warnings += compiled.told
                if account is not None:
                    account = account.with_pages(compiled.number_pages, compiled.float_pages)
                contents["pdf"] = finished_pdf(compiled.pdf, table_records(source), account, date=date)
        if "html" in job.formats:
            with watch.step("html"):
                page = converted.texts["html"]
                page = unmarked(page) if account is None else with_details(with_data(page, account), account)
                fonts_css = partial(fonts.font_css, job.figures)
                contents["html"] = html.self_contained(page, folder=workspace.folder, fonts=fonts_css)
        if "docx" in job.formats:
            with watch.step("docx"):
                contents["docx"] = word_file(
                    converted.texts["docx"],
                    converted.metadata,
                    folder=workspace.folder,
                    theme=settings.theme,
                    number_sections=settings.number_sections,
                )
        with watch.step("publish"):
            return _publish(
                job,
                contents,
                watch,
                warnings=assembly.warnings,
                account=account,
                sources=made_of,
                scripts=settings.scripts,
            )


def _of_report(document: Document, job: RenderJob) -> Document:
    """The document with the report's values in its parameters cell and the blocks of the report's version alone."""
    filled = inject(document, {"kommune": job.kommune, **job.parameters})
    return of_version(filled, whole=job.kommune == WHOLE_TRIAL)


def sources_of(job: RenderJob, document: Document, settings: Settings) -> list[Path]:
    """The files a report is written from, in the project: the document, what it includes, the theme, `_quarto.yml`."""
    beside = job.document.resolve().parent
    folder = document.path.parent
    written = [beside / path.relative_to(folder) for path in document.sources if path.is_relative_to(folder)]
    theme = [path for path in sorted(settings.theme.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    return [path for path in (*written, *theme, job.project / "_quarto.yml") if path.is_file()]


def check_job(job: RenderJob) -> None:
    """Refuse a job before anything runs.

    Raises: InvalidJobError.
    """
    if job.engine not in ENGINES:
        raise InvalidJobError(f"unknown engine {job.engine!r}", hint=did_you_mean(job.engine, ENGINES))
    if (wrong := wrong_formats(job.formats, job.engine)) is not None:
        raise InvalidJobError(wrong[0], hint=wrong[1])
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", job.slug):
        raise InvalidJobError(f"{job.slug!r} cannot be a file name on every system", hint="use a-z, 0-9 and hyphens")
    if not re.fullmatch(r"[0-9a-f]+", job.ledger_hash) or not re.fullmatch(r"[^;\s]+", job.trial):
        raise InvalidJobError("a stamp cannot be made from this trial id and ledger hash")
    if job.parameters.get("kommune", job.kommune) != job.kommune:
        raise InvalidJobError(f"two municipalities in one job: {job.kommune} and {job.parameters['kommune']}")
    if not job.ledger.is_file():
        raise InvalidJobError(f"no such ledger: {job.ledger}", hint="run `reportlib analyse` first")


def environment(job: RenderJob) -> dict[str, str]:
    """What the document finds in its environment: the ledger, the project and a fixed time instead of the clock."""
    values = {
        "REPORTLIB_LEDGER": str(job.ledger.resolve()),
        "REPORTLIB_PROJECT": str(job.project.resolve()),
        "SOURCE_DATE_EPOCH": fixed_time(),
    }
    if job.data is not None:
        values["REPORTLIB_DATA"] = str(job.data.resolve())
    if job.figures is not None:
        values["REPORTLIB_FIGURE_CACHE"] = str(job.figures.resolve())
    return values


def _project(job: RenderJob) -> Project:
    named = os.environ.get(DATA_VARIABLE)
    return Project(root=job.project, data_dir=job.data or (Path(named) if named else job.project / "data"))


class _Watch:
    """Seconds spent in each step, and word of each as it starts."""

    def __init__(self, progress: Callable[[str], None] | None) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str, *, within: str | None = None) -> Iterator[None]:
        """A step; what is spent on `within` inside it is counted under that name instead."""
        if self.progress is not None:
            self.progress(name)
        started = time.perf_counter()
        if within is not None:
            take(within)
        try:
            yield
        finally:
            seconds = time.perf_counter() - started
            if within is not None and (spent := take(within)):
                self.seconds[within] = spent
                seconds -= spent
            self.seconds[name] = self.seconds.get(name, 0.0) + seconds


def convert_report(
    job: RenderJob, settings: Settings, workspace: Workspace, assembly: Assembly, markdown: str
) -> pandoc.Converted:
    """The report's Markdown through Pandoc, with the project's theme, in the report's private folder."""
    theme = settings.copy_theme(workspace.root)
    return pandoc.convert(
        with_metadata(markdown, settings.metadata),
        assembly.lines,
        settings,
        theme,
        [_WRITTEN_BY[name] for name in job.formats],
        folder=workspace.root,
        variables={
            "font-css": html.FONTS_MARK,
            "soestre": sister_links(job.sisters, job.slug),
            "filer": file_links(job.slug) if job.sisters else "",
        },
    )


def _publish(
    job: RenderJob,
    contents: Mapping[str, bytes],
    watch: _Watch,
    *,
    warnings: list[str],
    account: Account | None = None,
    sources: Sequence[Path] = (),
    scripts: Sequence[str] = (),
) -> RenderResult:
    pages: list[int] = []

    def check(staged: Path, target: Path) -> None:
        check_stamp(staged, job.stamp, name=target.name)
        if target.suffix == ".html" and job.engine != "quarto":  # Quarto's pages bring scripts of its own
            check_page(staged.read_text(encoding="utf-8"), name=target.name, scripts=scripts)
        if target.suffix == ".pdf":
            pages.append(typst_pdf.count_pages(staged))

    files = {job.targets[name]: content for name, content in contents.items()}
    if account is not None:
        files[job.account_path] = account.to_bytes()
        files[job.provenance_path] = accounting.record(
            job.ledger,
            stamp=str(job.stamp),
            project=_project(job),
            trial=job.trial,
            sources=sources,
            files={path.name: content for path, content in files.items()},
        )
    publish(files, check)
    if len(contents.get("html", b"")) > html.LARGE:
        size = len(contents["html"]) / 1_000_000
        warnings = [*warnings, f"{job.targets['html'].name} is {size:.1f} MB: slow to open on a phone"]
    return RenderResult(
        job.targets,
        {path.name: hashlib.sha256(content).hexdigest() for path, content in files.items()},
        watch.seconds,
        job.stamp,
        pages[0] if pages else None,
        tuple(warnings),
        account=None if account is None else job.account_path,
    )


def _render_with_quarto(job: RenderJob, watch: _Watch) -> RenderResult:
    with watch.step("quarto"):
        parameters = {"kommune": job.kommune, **job.parameters}
        with suppress(UnsupportedFeatureError):  # what is more than this engine's is Quarto's to judge
            inject(read_document(job.document), parameters)  # Quarto passes over unknown parameters in silence
        contents = quarto.render_with_quarto(
            job.document, job.project, parameters=parameters, environment=environment(job), formats=job.formats
        )
    with watch.step("publish"):
        result = _publish(job, contents, watch, warnings=[])
        for left in (job.account_path, job.provenance_path):  # they tell of a former file of this name
            remove_own(left, below=job.out_dir)
        return result


def shown_in(job: RenderJob) -> tuple[list[Shown], dict[str, str]]:
    """Run the document of `job` and keep what it shows: figures and tables in their order, and their names in it,
    `tbl-uge` -> `Tabel 1`. Nothing is set or written.

    Raises: the named errors of reading and running a document.
    """
    assembly = Assembly()
    with open_workspace(job.document, job.project) as workspace, all_shown() as parts:
        document = _of_report(read_document(workspace.document, root=workspace.root), job)
        execute(document, folder=workspace.folder, environment=environment(job), assembly=assembly)
        numbered = accounting.number_lines(assembly.lines, folder=workspace.folder)
        return list(parts), numbered.collected.floats

"""The library page: one page that leads to every report in the output folder.

A plain HTML file beside the reports, with relative links: it works from a disk, from any web server, on a phone, and
without JavaScript (then everything is listed and only the search is missing). It is made from the records of what is
there, so that it is the same bytes whichever batch made it last.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from reportlib.batch.cache import Cache, ReportRecord
from reportlib.danish import capitalise, month_text, number_text
from reportlib.engine.settings import FORMATS
from reportlib.engine.wall import check_page, scripts_of, with_policy
from reportlib.engine.workspace import folder_of
from reportlib.errors import ReportlibError
from reportlib.files.own_files import THEME, project_file
from reportlib.files.reading import InputUnreadableError, file_hash
from reportlib.files.whole import write_whole
from reportlib.ledger.file import ledger_path
from reportlib.ledger.keys import WHOLE_TRIAL
from reportlib.trial.extracts import WORKBOOK
from reportlib.trial.model import Trial
from reportlib.trial.municipality import file_names
from reportlib.trial.project import Project

NAME = "index.html"
_TEMPLATE = "library.html.j2"
_COLOURS = "colours.json"
_HASH_SHOWN = 12
_CALLED = {"docx": "Word"}  # what is not called by its suffix
_LAST = str.maketrans("æøå", "{|}")  # the three characters after z


@dataclass(frozen=True)
class Link:
    """A file of a report: what it is called on the page, where it lies, and its size in Danish."""

    label: str
    href: str
    size: str


@dataclass(frozen=True)
class Entry:
    """A report on the page; `old` where what it is made of has changed since, and it could not be made anew."""

    name: str
    whole: bool
    pages: str
    ledger: str
    links: tuple[Link, ...]
    old: bool = False


@dataclass(frozen=True)
class Section:
    """A trial on the page, with its reports: the whole trial's first, then by name."""

    id: str
    title: str
    subtitle: str
    date: str
    noun: str
    synthetic: bool
    entries: tuple[Entry, ...]


def write_library_page(project: Project, out_dir: Path, failed: Collection[Path] = ()) -> Path | None:
    """Write the page of the reports in `out_dir`; None when there are none. A page that would not change is left.

    `failed` are the reports (trial's folder and file without suffix) that were to be made and could not be: what is
    there of them is said to be old, as is a report of another ledger than its trial's newest.

    Raises:
        OSError
    """
    sections = tuple(_sections(project, out_dir, failed))
    if not sections:
        return None
    path = out_dir / NAME
    content = render_page(sections, colours_of(project)).encode("utf-8")
    if not path.is_file() or path.read_bytes() != content:
        write_whole(path, content)
    return path


def render_page(sections: Sequence[Section], colours: dict[str, str]) -> str:
    """The page as HTML.

    Raises:
        UnsafePageError
    """
    count = sum(len(section.entries) for section in sections)
    template = environment().get_template(_TEMPLATE)
    page = with_policy(template.render(sections=sections, colours=colours, count=count))
    source = resources.files(__package__).joinpath("templates", _TEMPLATE).read_text(encoding="utf-8")
    check_page(page, name=NAME, scripts=scripts_of(source))
    return page


def reports_of(project: Project, out_dir: Path) -> Iterator[tuple[Trial, str, ReportRecord]]:
    """The recorded reports in a folder: trial, name of the version, record; the whole trial's first, then by name."""
    records = Cache(out_dir)
    for trial_id in project.trials():
        if not (out_dir / trial_id).is_dir():
            continue
        try:
            trial = project.trial(trial_id)
        except ReportlibError:
            continue  # its reports cannot be named; the command that renders it says why
        for name, slug in sorted(file_names(trial.sites.names).items(), key=lambda one: _alphabetical(one[0])):
            if record := records.report(trial_id, slug):
                yield trial, name, record


def _sections(project: Project, out_dir: Path, failed: Collection[Path]) -> Iterator[Section]:
    kept = Cache(out_dir).failed
    for trial_id, group in groupby(reports_of(project, out_dir), key=lambda one: one[0].id):
        found = list(group)
        newest = _newest_ledger(out_dir, trial_id)
        entries = tuple(
            entry
            for _, name, record in found
            if (entry := _entry(name, record, out_dir, old=_is_old(record, newest, kept, failed)))
        )
        if entries:
            trial = found[0][0]
            yield Section(
                id=trial.id,
                title=trial.title,
                subtitle=trial.subtitle,
                date=month_text(trial.report_date),
                noun=capitalise(trial.sites.noun.one),
                synthetic=trial.synthetic,
                entries=entries,
            )


def _newest_ledger(out_dir: Path, trial_id: str) -> str:
    """The hash of the ledger that the trial was last analysed to; empty where there is none."""
    try:
        return file_hash(ledger_path(out_dir, trial_id))
    except InputUnreadableError:
        return ""


def _is_old(record: ReportRecord, newest: str, kept: Path, failed: Collection[Path]) -> bool:
    folder = folder_of(kept, record.trial, record.slug)
    stopped = Path(record.trial, record.slug) in failed or (folder is not None and folder.is_dir())
    return stopped or (bool(newest) and record.ledger != newest)


def _alphabetical(name: str) -> tuple[bool, list[tuple[int, str]]]:
    """The whole trial first; then as in a Danish register: æ, ø and å last, aa as å, 9 before 10."""
    parts = re.findall(r"\d+|\D+", name.casefold().replace("aa", "å").translate(_LAST))
    return name != WHOLE_TRIAL, [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def _entry(name: str, record: ReportRecord, out_dir: Path, *, old: bool) -> Entry | None:
    links = [
        Link(_CALLED.get(suffix, suffix.upper()), f"{record.trial}/{file.name}", _size(file.size))
        for suffix in FORMATS
        for file in record.files
        if file.name == f"{record.slug}.{suffix}" and (out_dir / record.trial / file.name).is_file()
    ]
    if not links:
        return None
    workbook = out_dir / record.trial / f"{record.slug}{WORKBOOK}"
    if workbook.is_file():
        links.append(Link("Excel", f"{record.trial}/{workbook.name}", _size(workbook.stat().st_size)))
    whole = name == WHOLE_TRIAL
    pages = "" if record.pages is None else str(record.pages)
    return Entry("Samlet rapport" if whole else name, whole, pages, record.ledger[:_HASH_SHOWN], tuple(links), old)


def _size(size: int) -> str:
    """Bytes in MB with one decimal, or whole kB below one tenth."""
    if size >= 100_000:
        return f"{number_text(size / 1_000_000, 1)} MB"
    return f"{number_text(max(size / 1000, 1))} kB"


def colours_of(project: Project) -> dict[str, str]:
    """The theme's colours by name; none where there are none."""
    try:
        colours = json.loads(project_file(project.root, THEME / _COLOURS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in sorted(colours.items())}


@cache
def environment() -> Environment:
    """Jinja as the pages of a batch are written with it."""
    return Environment(
        loader=PackageLoader("reportlib.batch", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

"""A private folder for each report: a copy of the document's folder in which cells run and pictures are written.

Two renders of one document must never see each other's files; a shared `figs/` gives reports that name one municipality
and show another. So pictures made while a document runs are never copied in, and nothing is ever written beside the
source.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reportlib.engine.qmd import DocumentNotFoundError
from reportlib.errors import ReportlibError
from reportlib.files.whole import remove_own, write_whole

if TYPE_CHECKING:
    from reportlib.engine.execute import Assembly


# `figs` is where documents write their pictures; the others are left by Quarto, Python and editors.
_NOT_COPIED = shutil.ignore_patterns(
    "figs", "*_files", "*_cache", "_output", "_site", "__pycache__", ".*", "*.pdf", "*.html.tmp"
)


@dataclass(frozen=True)
class Workspace:
    """`root` mirrors the project's root, so that places read as places in the project; `document` is the copy."""

    root: Path
    document: Path

    @property
    def folder(self) -> Path:
        """The document's own folder: the working folder of its cells."""
        return self.document.parent


@contextmanager
def open_workspace(document: Path, project: Path) -> Iterator[Workspace]:
    """Copy the document's folder to a new temporary place, removed on leaving.

    Raises: DocumentNotFoundError.
    """
    if not document.is_file():
        raise DocumentNotFoundError(f"no such document: {document}")
    document, project = document.resolve(), project.resolve()
    if document.is_relative_to(project) and document.parent != project:
        inside = document.relative_to(project)
    else:
        inside = Path(document.parent.name or "document", document.name)
    # A short prefix: Windows counts the whole path, and the document's own folders come after it.
    with tempfile.TemporaryDirectory(prefix="rl-", ignore_cleanup_errors=True) as folder:
        root = Path(folder).resolve()
        if document.parent == project:
            (root / inside).parent.mkdir(parents=True)
            _copy_loose_files(project, (root / inside).parent)
        else:
            shutil.copytree(document.parent, (root / inside).parent, ignore=_NOT_COPIED)
        yield Workspace(root, root / inside)


def _copy_loose_files(source: Path, target: Path) -> None:
    """A document in the project's own root: its neighbours are copied, the project's folders (data, .venv) are not."""
    for path in source.iterdir():
        if path.is_file() and not path.name.startswith("."):
            shutil.copy2(path, target / path.name)


# What a failed render keeps for whoever looks for the fault: the Markdown, and what Pandoc made of it.
#
# Each report has one folder for it, which its next failure overwrites and its next success removes; of all folders the
# newest stay, and none for longer than a week.


_MOST = 20
_OLDEST = 7 * 24 * 3600  # seconds
_NAMES = ("report.md", "report.typst", "report.html")


def folder_of(failed: Path | None, trial: str, slug: str) -> Path | None:
    """Where a report keeps what its failed render had made; None where nothing is kept."""
    return None if failed is None else failed / f"{trial}-{slug}"


@contextmanager
def kept_on_failure(folder: Path | None, made: Assembly) -> Iterator[None]:
    """Keep in `folder` what was made when a step fails, and name the place in the error; success clears the folder."""
    try:
        yield
    except Exception as error:
        if folder is not None and made.lines and _keep(folder, {"md": made.markdown, **made.texts}):
            note = f"the Markdown so far is kept in {folder / _NAMES[0]}"
            if isinstance(error, ReportlibError):
                error.hint = f"{error.hint}\n  {note}" if error.hint else note
            else:
                error.add_note(note)
        raise
    if folder is not None:
        clear_failed(folder, below=folder.parent)


def tidy_failed(failed: Path, *, below: Path) -> None:
    """Remove all but the newest of the folders in `failed`, and what is older than a week."""
    with suppress(OSError):
        folders = sorted(failed.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for place, folder in enumerate(folders):
            if place >= _MOST or time.time() - folder.stat().st_mtime > _OLDEST:
                clear_failed(folder, below=below)


def clear_failed(folder: Path, *, below: Path) -> None:
    """Remove what a failed render kept; the folder goes with it unless somebody has put something else there."""
    removed = [remove_own(folder / name, below=below) for name in _NAMES]
    if any(removed):
        with suppress(OSError):
            folder.rmdir()


def _keep(folder: Path, texts: Mapping[str, str]) -> bool:
    """Whether the texts are kept: a full disk must not hide the error that they are kept for."""
    clear_failed(folder, below=folder.parent)  # of a former failure, which came further
    try:
        for name, text in texts.items():
            write_whole(folder / f"report.{name}", text.encode("utf-8"))
    except OSError:
        return False
    return True

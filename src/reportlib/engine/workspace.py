"""A private folder for each report: a copy of the document's folder in which cells run and pictures are written.

Two renders of one document must never see each other's files; a shared `figs/` gives reports that name one municipality
and show another. So pictures made while a document runs are never copied in, and nothing is ever written beside the
source.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reportlib.engine.qmd import DocumentNotFoundError

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

"""What a failed render keeps for whoever looks for the fault: the Markdown, and what Pandoc made of it.

Each report has one folder for it, which its next failure overwrites and its next success removes; of all folders the
newest stay, and none for longer than a week.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from reportlib.errors import ReportlibError
from reportlib.files.whole import remove_own, write_whole

if TYPE_CHECKING:
    from reportlib.engine.execute import Assembly

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

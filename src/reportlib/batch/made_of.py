"""Everything a report is made of, by its bytes; and the files a record names."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from reportlib.engine.qmd import Document
from reportlib.engine.settings import Settings, fixed_time
from reportlib.errors import ReportlibError, nearest
from reportlib.files.own_files import PROJECT_FILE
from reportlib.trial.model import Trial
from reportlib.trial.project import FILE_NAME


class InputUnreadableError(ReportlibError):
    """A file that a report is made of cannot be read."""


_WHY = "is it there, and may it be read? Then begin again"

# Hashes of files, and of values of plain types.


def file_hash(path: Path) -> str:
    """SHA-256 of the file's bytes, in hexadecimal.

    Raises:
        InputUnreadableError
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputUnreadableError(f"{path} cannot be read: {error.strerror or error}", hint=_WHY) from error


def hash_of(value: Any) -> str:
    """SHA-256 of a value of plain types, through its JSON with sorted keys."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def tree_hash(files: Iterable[Path], root: Path) -> str:
    """A hash of files' contents and their names below `root` (full names for files outside it)."""
    entries = {}
    for path in files:
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
        entries[name] = file_hash(path)
    return hash_of(entries)


# What reports are made of, as hashes: a report is made again exactly when one of these changes.
#
# Nothing is judged by its date: a file that was copied or checked out again is the same file.


# Beside the extracts lie the scripts that made them and their description: neither is read by an analysis.
_NOT_DATA = {".py", ".md"}
_LEFT_OVER = ("figs", "__pycache__", "_output", "_site")  # as in the engine's private folders
_OWN_NEIGHBOURS = {".qmd", ".pdf"}  # other documents, and what Quarto leaves beside them


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


def environment_version() -> str:
    """The part of the environment that reaches a report."""
    return fixed_time()


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

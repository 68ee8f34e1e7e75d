"""Hashes of files, and of values of plain types."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from reportlib.batch.errors import InputUnreadableError


def file_hash(path: Path) -> str:
    """SHA-256 of the file's bytes, in hexadecimal.

    Raises:
        InputUnreadableError
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputUnreadableError(f"{path} cannot be read: {error.strerror or error}") from error


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

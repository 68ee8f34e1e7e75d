"""Files of a batch: their hashes, and small files written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from reportlib.batch.errors import InputUnreadableError

_TRIES, _PAUSE = 5, 0.05  # on Windows a file cannot be replaced in the moment another process reads it


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


def write_whole(path: Path, content: bytes) -> None:
    """Write the file so that a reader sees the former content or the new, never a part; no two writers collide.

    Raises:
        OSError
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{secrets.token_hex(4)}.part")
    try:
        part.write_bytes(content)
        for attempt in range(_TRIES):
            try:
                part.replace(path)
                return
            except PermissionError:
                if os.name != "nt" or attempt == _TRIES - 1:
                    raise
                time.sleep(_PAUSE)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)

"""The library's own code by hash: whether two files were made by the same, and which modules differ."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata, resources
from pathlib import Path

from reportlib.files.skeleton import PACKAGED

_SUFFIXES = (".py", ".j2", ".lua", ".yml")


@cache
def code_hash() -> str:
    """SHA-256 of the library's own modules, templates and code books, by their names and content."""
    digest = hashlib.sha256()
    for path in _own_files():
        digest.update(path.relative_to(_root()).as_posix().encode("utf-8"))
        digest.update(path.read_bytes())
    return digest.hexdigest()


def module_hashes(*parts: str) -> dict[str, str]:
    """Module below one of the parts -> 12 signs of its SHA-256: `estimators/regression.py`."""
    found = {path.relative_to(_root()).as_posix(): path for path in _own_files()}
    return {
        name: hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:12]
        for name, path in found.items()
        if name.partition("/")[0] in parts
    }


@cache
def package_version(name: str) -> str:
    """The version of an installed package; empty when it is not there."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _root() -> Path:
    return Path(str(resources.files("reportlib")))


def _own_files() -> list[Path]:
    """The theme is told file by file, wherever it lies."""
    return [
        path
        for path in sorted(_root().rglob("*"))
        if PACKAGED not in path.relative_to(_root()).parts and path.is_file() and path.suffix in _SUFFIXES
    ]

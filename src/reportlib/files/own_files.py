"""The library's own files: its code by hash, and what a project needs besides its data and documents, as it comes with
the library: `_quarto.yml`, theme, `docs/`.

There is one copy of these, in the repository's root, where Quarto and readers find them; a wheel takes it along
(`pyproject.toml`, force-include). A project with a theme of its own uses that one and nothing of this.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import metadata, resources
from pathlib import Path

PROJECT_FILE = "_quarto.yml"
THEME = Path("reports", "_theme")
PAGES = Path("docs")
PACKAGED = "_skeleton"
"""The folder in the installed library."""


@cache
def skeleton() -> Path:
    """The folder that holds `_quarto.yml`, theme and pages: in the installed library, or the clone it runs from."""
    library = Path(__file__).resolve().parents[1]
    packaged = library / PACKAGED
    return packaged if packaged.is_dir() else library.parents[1]


def project_file(project: Path, name: str | Path) -> Path:
    """Where a file of a project lies; the theme's files are the library's where the project has no theme."""
    inside = Path(name)
    from_library = inside.is_relative_to(THEME) and not (project / THEME).is_dir()
    return (skeleton() if from_library else project) / inside


def place_in_project(path: Path, project: Path) -> Path | None:
    """Where in a project a file lies, or would lie if the library's theme were its own; None elsewhere."""
    for root in (project, skeleton()):
        if path.is_relative_to(root) and (root == project or path.is_relative_to(root / THEME)):
            return path.relative_to(root)
    return None


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

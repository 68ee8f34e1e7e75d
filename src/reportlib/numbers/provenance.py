"""Where a report's files come from: the hash of everything that went into them, so that they can be made again.

`<report>.prov.json` stands beside the report. It names no clock, folder or machine: the same inputs give the same file.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from reportlib import __version__
from reportlib.errors import ReportlibError
from reportlib.files.own_code import code_hash, package_version
from reportlib.files.reading import Count, Hash, Shape, check_version, read_json, shaped
from reportlib.files.skeleton import place_in_project
from reportlib.ledger import Ledger

ACCOUNT = ".tal.json"
"""How the file with the account of a report's numbers ends."""

PROVENANCE = ".prov.json"
"""How the record of what a report was made of ends."""

FORMAT = 1
PACKAGES = (
    "babel", "font-source-sans-pro", "ipython", "jinja2", "lifelines", "matplotlib", "numpy", "pandas", "pikepdf",
    "pyarrow", "pydantic", "pypandoc-binary", "pyreadstat", "pyyaml", "scipy", "statsmodels", "typst",
)  # fmt: skip


def provenance(
    *,
    stamp: str,
    trial_file: Path,
    sources: Iterable[Path],
    project: Path,
    ledger: Ledger,
    files: Mapping[str, str],
    programs: Mapping[str, str],
) -> dict[str, Any]:
    """What a report was made of.

    `sources` are the document, its includes and the theme; `files` the hashes of the finished files by name;
    `programs` the versions of compilers that come inside packages with a version of their own.
    """
    shown = {_shown(path, project): file_hash(path) for path in set(sources)}
    return {
        "format": FORMAT,
        "stamp": stamp,
        "ledger": ledger.hash,
        "extracts": {file["name"]: file["sha256"] for file in ledger.header["files"]},
        "seed": ledger.header["seed"],
        "trial.yml": file_hash(trial_file),
        "sources": dict(sorted(shown.items(), key=lambda entry: PurePosixPath(entry[0]).parts)),
        "code": {"reportlib": __version__, "sha256": code_hash()},
        "python": platform.python_version(),
        "packages": {name: version for name in PACKAGES if (version := package_version(name))},
        "programs": dict(programs),
        "files": dict(sorted(files.items())),
    }


class ProvenanceFileError(ReportlibError):
    """A record of what a report was made of cannot be read: missing, cut, or of another format."""


def _inside(name: str) -> str:
    """The name of a file of the project, which leads nowhere else.

    Raises:
        ValueError
    """
    path = PurePosixPath(name)
    if path.is_absolute() or not path.parts or ".." in path.parts or "\\" in name or ":" in path.parts[0]:
        raise ValueError(f"{name[:60]!r} is no file of a project")
    return name


FileName = Annotated[str, AfterValidator(_inside)]


class _Code(Shape):
    reportlib: str
    sha256: Hash


class _Provenance(Shape):
    format: int
    stamp: str
    ledger: Hash
    extracts: dict[str, Hash]
    seed: Count
    trial_yml: Annotated[str, Field(alias="trial.yml", pattern="^[0-9a-f]{64}$")]
    sources: dict[FileName, Hash]
    code: _Code
    python: str
    packages: dict[str, str]
    programs: Annotated[dict[str, str], Field(default_factory=dict)]  # not in records of former versions
    files: dict[FileName, Hash]


def read_provenance(path: Path) -> dict[str, Any]:
    """The record in a file.

    Raises:
        ProvenanceFileError
    """
    what, hint = "a record of provenance", "render the report again: it is written beside the report"
    record = read_json(path, error=ProvenanceFileError, what=what, hint=hint)
    check_version(record, FORMAT, path, error=ProvenanceFileError, what=what, hint=hint)
    shaped(_Provenance, record, path, error=ProvenanceFileError, what=what, hint=hint)
    return record


def to_bytes(record: Mapping[str, Any]) -> bytes:
    """The file's content."""
    return json.dumps(record, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _shown(path: Path, project: Path) -> str:
    place = place_in_project(path, project)
    return path.name if place is None else place.as_posix()

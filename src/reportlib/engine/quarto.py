"""`--engine quarto`: the same document through Quarto, in a private copy of the project.

For machines where Quarto is installed, and for documents that use more of it than the embedded engine does. Its files
are checked by their stamp and moved into place like any other; their bytes are Quarto's own and not the same from run
to run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from reportlib.engine.fonts import typst_folder
from reportlib.errors import ReportlibError
from reportlib.files.own_files import THEME, project_file

TARGETS = {"pdf": "typst", "html": "html"}
_TIME_LIMIT = 900  # seconds
_NOT_COPIED = shutil.ignore_patterns("figs", "*_files", "_output", "__pycache__", ".*")
_SHOWN_LINES = 15
_LOST = re.compile(
    r"could not fetch resource|could not find (?:image|resource)|unknown font family|unable to resolve", re.I
)
"""Warnings after which Quarto goes on, and the file lacks a picture, its style sheet or its typeface."""
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class QuartoMissingError(ReportlibError):
    """Quarto was asked for and is not installed."""


class QuartoFailedError(ReportlibError):
    """Quarto stopped, or made no file."""

    usual_hint = "`reportlib check` of the document says more, and `quarto check` tests the installation"


def quarto_path() -> str:
    """Where Quarto is.

    Raises: QuartoMissingError.
    """
    path = shutil.which("quarto")
    if path is None:
        raise QuartoMissingError(
            "--engine quarto needs Quarto 1.7 or later, and `quarto` is not on the PATH",
            hint="install it from quarto.org, or leave --engine out: the embedded engine needs nothing but Python",
        )
    return path


def render_with_quarto(
    document: Path,
    project: Path,
    *,
    parameters: Mapping[str, str],
    environment: Mapping[str, str],
    formats: Sequence[str],
) -> dict[str, bytes]:
    """The document rendered by Quarto, by format (`pdf`, `html`).

    Raises: QuartoMissingError, QuartoFailedError.
    """
    program = quarto_path()
    project, document = project.resolve(), document.resolve()
    if not document.is_relative_to(project):
        raise QuartoFailedError(
            f"{document} lies outside the project {project}", hint="Quarto reads _quarto.yml above it"
        )
    inside = document.relative_to(project)
    with tempfile.TemporaryDirectory(prefix="rl-q-", ignore_cleanup_errors=True) as folder:
        root = Path(folder).resolve()
        _copy_project(project, root, inside)
        # A file, not -P: `-P name:value` reads the value as YAML, and a name may hold a colon or be spelt No.
        (root / "parameters.yml").write_text(yaml.safe_dump(dict(parameters), allow_unicode=True), encoding="utf-8")
        return {name: _render(program, root, inside, name, environment) for name in formats}


def _copy_project(project: Path, root: Path, inside: Path) -> None:
    top = inside.parts[0]
    for source in [project / "_quarto.yml", project / top]:
        if source.is_dir():
            shutil.copytree(source, root / source.name, ignore=_NOT_COPIED)
        elif source.is_file():
            shutil.copy2(source, root / source.name)
    if not (root / THEME).is_dir():
        shutil.copytree(project_file(project, THEME), root / THEME, ignore=_NOT_COPIED)


def _render(program: str, root: Path, inside: Path, name: str, environment: Mapping[str, str]) -> bytes:
    # Without --output: with it Quarto writes in the project's own folder, away from the pictures and the style sheet.
    command = [program, "render", inside.as_posix(), "--to", TARGETS[name], "--execute-params",
               str(root / "parameters.yml"), "--no-execute-daemon"]  # fmt: skip
    given = {"QUARTO_PYTHON": sys.executable, "TYPST_FONT_PATHS": str(typst_folder()), **environment}
    try:
        done = subprocess.run(
            command, cwd=root, env={**os.environ, **given}, capture_output=True, timeout=_TIME_LIMIT, check=False
        )
    except subprocess.TimeoutExpired:
        raise QuartoFailedError(f"Quarto did not finish {inside} within {_TIME_LIMIT} s") from None
    said = _COLOURS.sub("", done.stderr.decode("utf-8", errors="replace")).strip().splitlines()
    if done.returncode != 0:
        last = "\n".join(said[-_SHOWN_LINES:])
        raise QuartoFailedError(f"Quarto could not render {inside} to {name} (exit status {done.returncode}):\n{last}")
    if lost := [line.strip() for line in said if _LOST.search(line)]:
        raise QuartoFailedError(f"Quarto made {inside} to {name} without something it needs:\n" + "\n".join(lost[:5]))
    return _taken(root, f"{inside.stem}.{name}")


def _taken(root: Path, file: str) -> bytes:
    """The bytes of the one file of that name that Quarto made: in its output folder, or beside the document."""
    made = sorted(root.rglob(file))
    if len(made) != 1:
        raise QuartoFailedError(f"Quarto left {len(made)} files named {file} where one was expected")
    content = made[0].read_bytes()
    made[0].unlink()
    return content

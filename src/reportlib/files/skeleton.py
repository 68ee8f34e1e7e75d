"""What a project needs besides its data and documents, as it comes with the library: `_quarto.yml`, theme, `docs/`.

There is one copy of them, in the repository's root, where Quarto and readers find them; a wheel takes it
along (`pyproject.toml`, force-include). A project with a theme of its own uses that one and nothing of this.
"""

from __future__ import annotations

from functools import cache
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

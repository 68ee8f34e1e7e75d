"""The picture that a figure block drew: its file's name begins as the figure is called and ends as its content says."""

from __future__ import annotations

from pathlib import Path


def picture(folder: Path, name: str) -> Path:
    """The one picture of the figure `name` in the folder."""
    (path,) = folder.glob(f"{name}-*.svg")
    return path

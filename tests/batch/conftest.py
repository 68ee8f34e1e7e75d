"""A fresh small project for each test, and a place of its own for temporary folders."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from batch_project import copy_made, make_project

from reportlib.trial.project import Project


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What failed renders keep goes with the tests' other files."""
    folder = tmp_path / "midlertidig"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with one trial of three municipalities."""
    return make_project(tmp_path / "projekt")


@pytest.fixture
def made(tmp_path: Path) -> Project:
    """A project with one trial of three municipalities, the pages of all its reports made."""
    return copy_made(tmp_path / "lavet", "lille")


@pytest.fixture
def two(tmp_path: Path) -> Project:
    """The same with two trials."""
    return copy_made(tmp_path / "lavet", "lille", "anden")

"""A fresh small project for each test, and a place of its own for temporary folders."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from batch_project import make_project, plan_all
from made_once import folder_made_once

from reportlib.batch.batch_run import Options, run_plan
from reportlib.trial.project import Project, find_project


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


def _copied(root: Path, *trials: str) -> Project:
    """A copy of the project with these trials, the pages of all their reports made."""

    def fill(folder: Path) -> None:
        assert run_plan(plan_all(make_project(folder, *trials)), Options(workers=0)).ok

    shutil.copytree(folder_made_once(f"batch-{'-'.join(trials)}", fill), root)
    return find_project(root)


@pytest.fixture
def made(tmp_path: Path) -> Project:
    """A project with one trial of three municipalities, the pages of all its reports made."""
    return _copied(tmp_path / "lavet", "lille")


@pytest.fixture
def two(tmp_path: Path) -> Project:
    """The same with two trials."""
    return _copied(tmp_path / "lavet", "lille", "anden")

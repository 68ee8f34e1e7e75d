"""What users meet before anything is made: files that are not there, an environment that is wrong. One error each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from batch_project import make_project
from command_line import Ended, run


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = make_project(tmp_path / "projekt").root
    monkeypatch.chdir(root)
    return root


def dry_run() -> Ended:
    return run(["render", "lille", "--dry-run"])


@pytest.mark.parametrize("command", [["render", "lille", "--dry-run"], ["list"], ["verify", "x.pdf"]], ids=" ".join)
def test_a_time_that_is_none_is_refused_before_packages_read_it(
    root: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1496188800")
    assert "SOURCE_DATE_EPOCH" not in run(command).error
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "i går")
    ended = run(command)
    assert ended.status == 1
    assert ended.error.startswith("error: the environment variable SOURCE_DATE_EPOCH is 'i går'")
    assert "hint: unset it" in ended.error


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        (lambda folder: (folder / "w.csv").rename(folder / "w2.csv"), "did you mean w2.csv?\n"),
        (
            lambda folder: (folder / "w.csv").rename(folder / "timer.parquet"),
            "`reportlib synthetic lille` makes one up",
        ),
    ],
    ids=["a misspelt name", "not there"],
)
def test_an_extract_that_is_not_there_is_told_with_its_key(
    root: Path, change: Callable[[Path], object], hint: str
) -> None:
    assert dry_run().status == 0
    change(root / "data" / "lille")
    ended = dry_run()
    assert ended.status == 1
    assert f"trial.yml: extracts.weekly.job.file: there is no {root / 'data' / 'lille' / 'w.csv'}\n" in ended.error
    assert hint in ended.error


def test_a_folder_in_the_place_of_trial_yml_is_no_trial(root: Path) -> None:
    file = root / "data" / "lille" / "trial.yml"
    file.unlink()
    file.mkdir()
    ended = dry_run()
    assert ended.status == 1
    assert "no trial 'lille'" in ended.error and f"hint: expected {file}" in ended.error

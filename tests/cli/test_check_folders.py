"""`reportlib check FOLDER`: which files it reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportlib.cli.checking import reports_in
from reportlib.numbers.finished import CannotCheckError


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_a_batch_s_folder_gives_the_reports_of_all_its_trials(tmp_path: Path) -> None:
    touch(tmp_path, "index.html", "jobfirst/alle.pdf", "jobfirst/alle.html", "jobfirst/alle.tal.json", "prv/faxe.pdf")
    names = [path.relative_to(tmp_path).as_posix() for path in reports_in(tmp_path)]
    assert names == ["jobfirst/alle.html", "jobfirst/alle.pdf", "prv/faxe.pdf"]


def test_hidden_folders_and_unfinished_files_are_passed_over(tmp_path: Path) -> None:
    touch(tmp_path, ".cache/figures/page.html", "jobfirst/.12345678.pdf", "jobfirst/alle.pdf")
    assert [path.name for path in reports_in(tmp_path)] == ["alle.pdf"]


def test_a_folder_without_reports_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CannotCheckError) as caught:
        reports_in(tmp_path)
    assert "reportlib render" in (caught.value.hint or "")

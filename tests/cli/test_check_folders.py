"""`reportlib check FOLDER`: which files it reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportlib.cli.checking import of_one_ledger, reports_in
from reportlib.numbers.breaks import FileCheck, Kind
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


def test_a_report_left_from_before_the_extracts_changed_is_told() -> None:
    """Two releases side by side: what moved between them may be one person."""
    made_of = {
        "prv/alle.html": ("prv", "c053"),  # the whole trial was not made again
        "prv/faxe.html": ("prv", "9826"),
        "prv/faxe.pdf": ("prv", "9826"),
        "jobfirst/alle.html": ("jobfirst", "77aa"),  # another trial has another ledger
    }
    checked = [FileCheck(name, trial=trial, ledger=ledger) for name, (trial, ledger) in made_of.items()]
    [found] = [(one.file, one.breaks[0]) for one in of_one_ledger(checked) if one.breaks]
    assert (found[0], found[1].kind) == ("prv/alle.html", Kind.LEDGER)
    assert "c053" in found[1].message and "9826" in found[1].message
    assert of_one_ledger(checked[1:]) == checked[1:]

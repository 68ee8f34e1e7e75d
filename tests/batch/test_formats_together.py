"""A report's formats tell the same: one that stands is kept when it is made of the same, and removed when it is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from batch_project import PARAGRAPH, make_project, paragraph_of
from made_once import folder_made_once

from reportlib.batch.batch_run import Options, Outcome, Status, run_plan
from reportlib.batch.plan import BatchRequest, make_plan
from reportlib.numbers.provenance import read_stamp
from reportlib.trial.project import Project, find_project


def render(project: Project, *formats: str, force: bool = False, ledger: Path | None = None) -> Outcome:
    """The whole trial's report."""
    request = BatchRequest(trials=("lille",), formats=formats, ledger=ledger)
    result = run_plan(make_plan(project, request), Options(workers=0, force=force))
    assert result.ok
    return result.outcomes[0]


def standing(project: Project) -> dict[str, bytes]:
    """What stands of the report in the trial's folder; without the ledger."""
    return {path.name: path.read_bytes() for path in (project.out_dir / "lille").glob("alle.*")}


def change_text(project: Project) -> None:
    paragraph_of(project).write_text(f"Et nyt afsnit.\n\n{PARAGRAPH}", encoding="utf-8")


@pytest.fixture
def both(tmp_path: Path) -> Project:
    """A project whose report has been made as PDF and page."""
    kept = folder_made_once("batch-both", lambda folder: render(make_project(folder), "pdf", "html"))
    shutil.copytree(kept, tmp_path / "lavet")
    return find_project(tmp_path / "lavet")


@pytest.mark.parametrize("formats", [("html",), ("pdf",)])
def test_one_of_two_unchanged_formats_is_nothing_to_do(both: Project, formats: tuple[str, ...]) -> None:
    before = standing(both)
    outcome = render(both, *formats)
    assert outcome.status is Status.UNCHANGED
    assert {path.name for path in outcome.files(both.out_dir)} == set(before)
    assert standing(both) == before


def test_the_ledger_that_was_made_of_the_extracts_may_be_given_and_takes_nothing_away(both: Project) -> None:
    before = standing(both)
    ledger = both.out_dir / "lille" / "ledger.json"
    assert render(both, "html", ledger=ledger).status is Status.UNCHANGED
    assert standing(both) == before


@pytest.mark.parametrize("harmed", ["alle.html", "alle.tal.json"])
def test_a_format_that_was_not_asked_for_is_made_with_the_other(both: Project, harmed: str) -> None:
    before = standing(both)
    (both.out_dir / "lille" / harmed).write_bytes(b"")
    assert render(both, "html").status is Status.MADE
    assert standing(both) == before


def test_a_format_that_was_asked_for_later_gives_what_both_at_once_give(both: Project, tmp_path: Path) -> None:
    before = standing(both)
    for path in (both.out_dir / "lille").glob("alle.*"):
        path.unlink()
    render(both, "html")
    assert set(standing(both)) == set(before) - {"alle.pdf"}
    render(both, "pdf")
    assert standing(both) == before


def test_a_format_removed_by_hand_is_not_made_again_unless_asked_for(both: Project) -> None:
    (both.out_dir / "lille" / "alle.pdf").unlink()
    outcome = render(both, "html")
    assert outcome.status is Status.UNCHANGED
    assert "alle.pdf" not in {path.name for path in outcome.files(both.out_dir)}
    render(both, "html", force=True)
    assert "alle.pdf" not in standing(both)
    assert render(both, "pdf", "html").status is Status.MADE
    assert "alle.pdf" in standing(both)


@pytest.mark.parametrize(("made", "gone"), [("html", "pdf"), ("pdf", "html")])
def test_the_other_format_of_a_former_text_is_removed_and_told_of(both: Project, made: str, gone: str) -> None:
    change_text(both)
    outcome = render(both, made)
    assert f"alle.{gone}" not in standing(both)
    (told,) = outcome.warnings
    assert told.startswith(f"alle.{gone} was of a former ledger or text and is removed")
    assert render(both, made).warnings == ()


def test_a_failed_report_leaves_both_former_files(both: Project) -> None:
    before = standing(both)
    paragraph_of(both).write_text("`{python} 1 / 0`\n", encoding="utf-8")
    result = run_plan(make_plan(both, BatchRequest(formats=("html",))), Options(workers=0))
    assert not result.ok
    assert standing(both) == before


def test_a_file_the_batch_did_not_make_is_left_and_told_of_when_it_is_of_another_ledger(both: Project) -> None:
    pdf = both.out_dir / "lille" / "alle.pdf"
    former, own = pdf.read_bytes(), b"%PDF-1.7 somebody's own"
    pdf.write_bytes(own)
    change_text(both)
    (told,) = render(both, "html").warnings
    assert told.startswith("alle.pdf beside it is not of this ledger")
    assert pdf.read_bytes() == own
    pdf.write_bytes(former)  # of the same ledger: only its text is older, and it was put there by hand
    assert read_stamp(pdf).kommune == "Alle"
    assert render(both, "html", force=True).warnings == ()
    assert pdf.read_bytes() == former

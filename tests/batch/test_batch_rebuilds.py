"""What is made again: exactly the reports whose files were touched, or whose sources were changed, and with the same
bytes when only the files were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from batch_project import VERSIONS, paragraph_of, plan_all, published

from reportlib.batch.batch_run import BatchResult, Options, Status, run_plan
from reportlib.batch.plan import BatchRequest, make_plan
from reportlib.numbers.provenance import read_stamp
from reportlib.trial.project import Project

HERE = Options(workers=0)


def names_made(result: BatchResult) -> list[str]:
    assert result.ok
    return [outcome.report.name for outcome in result.outcomes if outcome.status is Status.MADE]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def change_one_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def edit_by_hand(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"<!-- rettet i haanden -->\n")


def empty(path: Path) -> None:
    path.write_bytes(b"")


HARMS: list[Callable[[Path], None]] = [cut, change_one_byte, edit_by_hand, empty, Path.unlink]


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
@pytest.mark.parametrize("file", ["lille/syd.html", "lille/syd.tal.json", ".cache/reports/lille/syd.json"])
def test_a_harmed_file_costs_its_own_report_and_comes_back(
    made: Project, harm: Callable[[Path], None], file: str
) -> None:
    before = published(made.out_dir)
    harm(made.out_dir / file)
    result = run_plan(plan_all(made), HERE)
    assert names_made(result) == ["lille Syd"]
    assert result.analysis == {}
    assert published(made.out_dir) == before
    assert names_made(run_plan(plan_all(made), HERE)) == []


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
@pytest.mark.parametrize("record", [False, True], ids=["ledger", "record"])
def test_a_harmed_ledger_is_not_used(made: Project, harm: Callable[[Path], None], record: bool) -> None:
    before = published(made.out_dir)
    ledgers = (made.out_dir / ".cache" / "ledgers").glob("*.json")
    (file,) = (path for path in ledgers if path.name.endswith(".record.json") == record)
    harm(file)
    (made.out_dir / "lille" / "nord.html").unlink()
    result = run_plan(plan_all(made), HERE)
    assert names_made(result) == ["lille Nord"]
    assert set(result.analysis) == {"lille"}
    assert published(made.out_dir) == before


def test_a_harmed_figure_is_drawn_again(project: Project) -> None:
    paragraph_of(project).write_text(
        "```{python}\n#| output: asis\nfrom reportlib.show import figures\n"
        'print(r.vis(figures.levels, "job", id="fig-job"))\n```\n\nSe @fig-job.\n',
        encoding="utf-8",
    )
    run_plan(make_plan(project, BatchRequest(formats=("html",))), HERE)
    before = published(project.out_dir)
    (figure,) = (project.out_dir / ".cache" / "figures").glob("*.svg")
    change_one_byte(figure)
    (project.out_dir / "lille" / "alle.html").unlink()
    result = run_plan(make_plan(project, BatchRequest(formats=("html",))), HERE)
    assert result.outcomes[0].seconds.get("figures", 0.0) > 0
    assert published(project.out_dir) == before


LILLE = [f"lille {name}" for name in VERSIONS]
ANDEN = [f"anden {name}" for name in VERSIONS]


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_a_changed_paragraph_makes_its_own_documents_reports(two: Project) -> None:
    append(paragraph_of(two), "\nEt nyt afsnit.\n")
    result = run_plan(plan_all(two), HERE)
    assert names_made(result) == LILLE
    assert result.analysis == {}
    assert "Et nyt afsnit." in (two.out_dir / "lille" / "syd.html").read_text(encoding="utf-8")


def test_a_changed_extract_makes_its_own_trials_reports(two: Project) -> None:
    former = read_stamp(two.out_dir / "anden" / "nord.html").ledger
    extract = two.trial_folder("anden") / "w.csv"
    extract.write_text(extract.read_text(encoding="utf-8").replace("P0;0", "P0;1"), encoding="utf-8")
    result = run_plan(plan_all(two), HERE)
    assert names_made(result) == ANDEN
    assert set(result.analysis) == {"anden"}
    assert read_stamp(two.out_dir / "anden" / "nord.html").ledger != former


def test_a_changed_theme_makes_every_report_and_no_analysis(two: Project) -> None:
    append(two.reports_dir / "_theme" / "report.css", "\n/* ny */\n")
    result = run_plan(plan_all(two), HERE)
    assert names_made(result) == ANDEN + LILLE
    assert result.analysis == {}


def test_what_was_changed_and_changed_back_is_made_again_with_the_former_bytes(two: Project) -> None:
    before, text = published(two.out_dir), paragraph_of(two).read_text(encoding="utf-8")
    append(paragraph_of(two), "\nEt nyt afsnit.\n")
    run_plan(plan_all(two), HERE)
    paragraph_of(two).write_text(text, encoding="utf-8")
    assert names_made(run_plan(plan_all(two), HERE)) == LILLE
    assert published(two.out_dir) == before


def test_force_makes_everything_whatever_is_there(two: Project) -> None:
    before = published(two.out_dir)
    result = run_plan(plan_all(two), Options(workers=0, force=True))
    assert names_made(result) == ANDEN + LILLE
    assert set(result.analysis) == {"anden", "lille"}
    assert published(two.out_dir) == before

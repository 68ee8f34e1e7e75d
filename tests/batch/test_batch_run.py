"""Running a plan: right reports, made once, and a failure that concerns one report."""

from __future__ import annotations

from pathlib import Path

from batch_project import SITES, VERSIONS, add_trial, paragraph_of, plan_all, published

from reportlib.batch.batch_run import BatchResult, Options, Status, run_plan
from reportlib.batch.plan import BatchRequest, make_plan
from reportlib.numbers.provenance import read_stamp
from reportlib.trial.project import Project

HERE = Options(workers=0)


def statuses(result: BatchResult) -> dict[str, Status]:
    return {outcome.report.name: outcome.status for outcome in result.outcomes}


def test_every_file_names_its_own_municipality_and_the_ledger(project: Project) -> None:
    result = run_plan(plan_all(project, formats=("html", "pdf")), HERE)
    assert result.ok
    for outcome in result.outcomes:
        assert outcome.record is not None
        for path in outcome.files(project.out_dir):
            if path.suffix in (".pdf", ".html"):
                stamp = read_stamp(path)
                assert (stamp.kommune, stamp.ledger) == (outcome.report.kommune, outcome.record.ledger)
        text = (project.out_dir / "lille" / f"{outcome.report.slug}.html").read_text(encoding="utf-8")
        assert f"for {outcome.report.kommune}." in text


def test_an_unchanged_batch_touches_nothing(made: Project) -> None:
    before = {path: path.stat().st_mtime_ns for path in (made.out_dir / "lille").iterdir()}
    result = run_plan(plan_all(made), HERE)
    assert set(statuses(result).values()) == {Status.UNCHANGED}
    assert {path: path.stat().st_mtime_ns for path in (made.out_dir / "lille").iterdir()} == before


def test_a_report_is_the_same_bytes_alone_and_in_a_batch(made: Project, tmp_path: Path) -> None:
    alone = make_plan(made, BatchRequest(municipalities=("Syd",), formats=("html",), out_dir=tmp_path / "alene"))
    run_plan(alone, HERE)
    assert (tmp_path / "alene" / "lille" / "syd.html").read_bytes() == published(made.out_dir)["lille/syd.html"]


def test_a_report_links_to_its_sisters_and_not_to_itself(made: Project) -> None:
    page = (made.out_dir / "lille" / "syd.html").read_text(encoding="utf-8")
    assert [name for name in ("alle", "nord", "syd", "oest") if f'href="{name}.html"' in page] == [
        "alle",
        "nord",
        "oest",
    ]
    assert '<li aria-current="page">Syd</li>' in page


def test_one_municipality_that_fails_is_named_with_its_line_and_stops_no_other(project: Project) -> None:
    text = '```{python}\nif kommune == "Syd":\n    raise ValueError("kan ikke")\n```\n'
    paragraph_of(project).write_text(text, encoding="utf-8")
    result = run_plan(plan_all(project), HERE)
    assert not result.ok
    failed = [outcome for outcome in result.outcomes if outcome.failure is not None]
    assert [outcome.report.kommune for outcome in failed] == ["Syd"]
    assert "reports/lille/_afsnit.qmd:3" in str(failed[0].failure)
    assert result.count(Status.MADE) == len(VERSIONS) - 1
    assert not (project.out_dir / "lille" / "syd.html").exists()


def test_a_trial_that_cannot_be_analysed_fails_alone(project: Project) -> None:
    add_trial(project.root, "anden")
    (project.data_dir / "anden" / "w.csv").write_text("person;week_1\nP0;x\n", encoding="utf-8")
    by_name = statuses(run_plan(plan_all(project), HERE))
    assert {name for name, status in by_name.items() if status is Status.FAILED} == {
        f"anden {version}" for version in ("Alle", *SITES)
    }

"""The library page: every report that is there, plain links, names that cannot break out, and a search."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from batch_project import SITES, add_trial, plan_all

from reportlib.batch.batch_run import Options, run_plan
from reportlib.batch.cache import Cache, MadeFile, ReportRecord
from reportlib.batch.library_page import Entry, Link, Section, render_page, write_library_page
from reportlib.batch.plan import BatchRequest, make_plan
from reportlib.files.reading import file_hash
from reportlib.trial.project import Project


def section(*names: str, title: str = "Forsøg") -> Section:
    entries = tuple(Entry(name, False, "12", "abc", (Link("PDF", "f/x.pdf", "1,2 MB"),)) for name in names)
    return Section("f", title, "Evaluering", "maj 2017", "Kommune", True, entries)


def test_the_page_leads_to_every_file_of_every_report(project: Project) -> None:
    run_plan(plan_all(project, formats=("pdf", "html")), Options(workers=0))
    path = write_library_page(project, project.out_dir)
    assert path is not None
    targets = re.findall(r'href="([^#"]+)"', path.read_text(encoding="utf-8"))
    assert sorted(targets) == sorted(f"lille/{slug}.{kind}" for slug in ("alle", "nord", "syd", "oest")
                                     for kind in ("pdf", "html"))  # fmt: skip
    assert all((project.out_dir / target).is_file() for target in targets)


def test_a_report_made_later_joins_those_made_before(project: Project) -> None:
    add_trial(project.root, "anden")
    for trial, kommune in (("lille", "Nord"), ("anden", "Syd")):
        request = BatchRequest(trials=(trial,), municipalities=(kommune,), formats=("html",))
        run_plan(make_plan(project, request), Options(workers=0))
        write_library_page(project, project.out_dir)
    text = (project.out_dir / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'href="([^#"]+)"', text) == ["anden/syd.html", "lille/nord.html"]


def test_places_stand_as_in_a_danish_register(project: Project) -> None:
    names = ("Aarhus", "Østby", "Sted 10", "Ærø", "Sted 9", "Bov")
    add_trial(project.root, "anden", sites=names)
    request = BatchRequest(trials=("anden",), municipalities=("Alle", "alle-kommuner"), formats=("html",))
    plan = make_plan(project, request)
    cache = Cache(plan.out_dir)
    for report in plan.reports:
        path = plan.targets(report)["html"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("<p>", encoding="utf-8")
        made = MadeFile(path.name, 3, file_hash(path))
        cache.keep_report(ReportRecord(report.key, "anden", report.kommune, report.slug, report.ledger_key, 3, (made,)))
    page = write_library_page(project, plan.out_dir)
    assert page is not None
    shown = re.findall(r'<th scope="row">(.+?)</th>', page.read_text(encoding="utf-8"))
    assert shown == ["Samlet rapport", "Bov", "Sted 9", "Sted 10", "Ærø", "Østby", "Aarhus"]


def test_the_date_stands_in_a_sentence(made: Project) -> None:
    path = write_library_page(made, made.out_dir)
    assert path is not None
    assert "Eksempel, januar 2021" in path.read_text(encoding="utf-8")


def test_a_workbook_is_linked_where_it_is_there(made: Project) -> None:
    (made.out_dir / "lille" / "alle.xlsx").write_bytes(b"x" * 2000)
    path = write_library_page(made, made.out_dir)
    assert path is not None
    assert re.findall(r'href="([^"]+xlsx)"', path.read_text(encoding="utf-8")) == ["lille/alle.xlsx"]


def test_an_empty_folder_has_no_page(project: Project, tmp_path: Path) -> None:
    assert write_library_page(project, tmp_path / "tom") is None


def test_an_unchanged_page_is_left(made: Project) -> None:
    path = write_library_page(made, made.out_dir)
    assert path is not None
    before = path.stat().st_mtime_ns
    write_library_page(made, made.out_dir)
    assert path.stat().st_mtime_ns == before


def test_a_name_cannot_become_markup() -> None:
    page = render_page([section('<script>alert(1)</script>"onload="x')], {})
    assert "<script>alert" not in page
    assert '"onload=' not in page


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_the_search_finds_as_one_types_and_fits_the_screen(browser: Any, tmp_path: Path, width: int) -> None:
    page_file = tmp_path / "index.html"
    page_file.write_text(render_page([section(*SITES, "Aarhus"), section("Nord", title="Andet")], {}), encoding="utf-8")
    with browser.new_page(viewport={"width": width, "height": 800}) as page:
        page.goto(page_file.as_uri())
        assert page.locator("tbody tr:visible").count() == 5
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.fill("#soeg", "oest")
        assert page.locator("tbody tr:visible th").all_inner_texts() == ["Øst"]
        page.fill("#soeg", "andet nord")
        assert page.locator("tbody tr:visible th").all_inner_texts() == ["Nord"]
        page.fill("#soeg", "findes ikke")
        assert page.inner_text("#fundet") == "Ingen rapporter passer til søgningen."


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("køb", ["København"]),
        ("kobenh", ["København"]),
        ("ÅRHUS", ["Aarhus"]),
        ("rød", ["Rødovre"]),
        ("od", ["Odense"]),
        ("  sor ", ["Sorø"]),
        ("hele", ["Samlet rapport"]),
    ],
)
def test_danish_letters_are_found_however_they_are_typed(
    browser: Any, tmp_path: Path, typed: str, found: list[str]
) -> None:
    page_file = tmp_path / "index.html"
    whole = Entry("Samlet rapport", True, "30", "abc", (Link("PDF", "f/alle.pdf", "1,2 MB"),))
    places = section("København", "Odense", "Rødovre", "Sorø", "Aarhus")
    page_file.write_text(render_page([replace(places, entries=(whole, *places.entries))], {}), encoding="utf-8")
    with browser.new_page() as page:
        page.goto(page_file.as_uri())
        page.keyboard.press("Tab")  # the field is the first stop
        page.keyboard.type(typed)
        assert page.locator("tbody tr:visible th").all_inner_texts() == found
        assert page.inner_text("#fundet") == "1 rapport passer til søgningen."


@pytest.mark.slow
def test_without_javascript_everything_is_listed_and_the_search_is_not_shown(browser: Any, tmp_path: Path) -> None:
    page_file = tmp_path / "index.html"
    page_file.write_text(render_page([section(*SITES)], {}), encoding="utf-8")
    with browser.new_context(java_script_enabled=False) as context, context.new_page() as page:
        page.goto(page_file.as_uri())
        assert page.locator("tbody tr:visible").count() == len(SITES)
        assert not page.locator("#soeg").is_visible()

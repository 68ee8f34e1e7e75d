"""The list of what a commissioner asks of an accessible report: made of the finished files, read once, honest."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from batch_project import plan_all

from reportlib.batch import accessibility_page
from reportlib.batch.accessibility_page import NAME, Row, contrast, demands_of, write_accessibility_page
from reportlib.batch.batch_run import Options, run_plan
from reportlib.batch.cache import Cache
from reportlib.batch.plan import BatchRequest, make_plan
from reportlib.cli.checking import reports_in
from reportlib.numbers.accessibility import Accessibility
from reportlib.trial.project import Project

GOOD = Accessibility(
    title="Prøve", author="Kontoret", language="da-DK", pages=9, headings=5, levels_skipped=0, figures=2,
    figures_described=2, tables=3, tables_with_column_heads=3, tables_summarised=3, bare_rows=0, pages_otherwise=0,
    claims=("PDF/UA-1", "PDF/A-3a"),
)  # fmt: skip
COLOURS = {"paper": "#FFFFFF", "ink": "#000000", "deltager": "#00677F"}


def unmet(counted: Accessibility, colours: dict[str, str] = COLOURS, failures: int = 0) -> list[str]:
    rows = (Row("T", "Samlet rapport", "t/alle.pdf", counted, {"PDF/UA-1": failures}),)
    return [demand.asked for demand in demands_of(rows, colours) if not demand.met]


def test_each_demand_is_met_by_what_was_counted_alone() -> None:
    assert unmet(GOOD) == []
    assert unmet(replace(GOOD, levels_skipped=1)) == ["Struktur og overskrifter"]
    assert unmet(replace(GOOD, tables_with_column_heads=2)) == ["Tabellers kolonneoverskrifter"]
    assert unmet(replace(GOOD, bare_rows=1)) == ["Tabellers rækkeoverskrifter"]
    assert unmet(replace(GOOD, tables_summarised=2)) == ["Tabellers beskrivende resume"]
    assert unmet(replace(GOOD, pages_otherwise=1)) == ["Læserækkefølge"]
    assert unmet(replace(GOOD, figures_described=1)) == ["Alternative tekster til figurer"]
    assert unmet(replace(GOOD, language="", title=" ", author="")) == ["Sprog", "Titel", "Forfatter"]
    assert unmet(GOOD, {**COLOURS, "ink": "#888888"}) == ["Kontrast i tekst"]
    assert unmet(GOOD, {**COLOURS, "deltager": "#DDDDDD"}) == ["Kontrast i figurer"]
    assert unmet(replace(GOOD, claims=("PDF/UA-1",))) == ["PDF/UA-1 og PDF/A-3a, ved fremstillingen"]
    assert unmet(GOOD, failures=1) == ["PDF/UA-1 og PDF/A-3a, prøvet af et andet program"]


def test_contrasts_are_those_of_the_guideline() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.005)  # the lightest grey that passes


def test_the_page_tells_of_each_pdf_and_reads_only_what_no_worker_has(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = BatchRequest(municipalities=("Alle", "Nord"), formats=("pdf",))
    run_plan(make_plan(project, request), Options(workers=0))
    read: list[Path] = []
    count = accessibility_page.accessibility
    monkeypatch.setattr(accessibility_page, "accessibility", lambda pdf: (read.append(pdf), count(pdf))[1])
    path = write_accessibility_page(project, project.out_dir)
    assert path == project.out_dir / NAME
    assert read == []
    page = path.read_text(encoding="utf-8")
    assert re.findall(r'<a href="([^"]+)"', page) == ["lille/alle.pdf", "lille/nord.pdf"]
    assert "PDF/A-3a: 0 brud; PDF/UA-1: 0 brud" in page and "Nej; samme skabelon" in page
    assert path not in reports_in(project.out_dir)

    before = path.read_bytes()
    (Cache(project.out_dir).folder / "access" / "lille" / "nord.json").unlink()
    path.unlink()
    write_accessibility_page(project, project.out_dir)
    assert path.read_bytes() == before
    assert len(read) == 1


def test_without_a_pdf_there_is_no_page(project: Project, tmp_path: Path) -> None:
    run_plan(plan_all(project, formats=("html",)), Options(workers=0))
    assert write_accessibility_page(project, project.out_dir) is None
    assert not (project.out_dir / NAME).exists()


def test_a_pdf_without_tags_has_no_page_that_can_be_read_in_order(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:  # as Quarto made them before 1.9
        pdf.add_blank_page()
        pdf.save(tmp_path / "a.pdf")
    found = accessibility_page.accessibility(tmp_path / "a.pdf")
    assert (found.pages, found.pages_otherwise, found.headings, found.claims) == (1, 1, 0, ())

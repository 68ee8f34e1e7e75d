"""Finished PDFs: headers as in the page, cell by cell, summaries, reading order, account, full pages; a checker."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from finished_reports import Finished
from page_fill import fills
from table_headers import Cells, page_headers, painted_otherwise, pdf_headers, summaries

from reportlib.numbers.accessibility import accessibility, with_standards
from reportlib.numbers.breaks import FileCheck, Kind
from reportlib.numbers.finished import check_file

STANDARDS = ("PDF/UA-1", "PDF/A-3a")


@pytest.fixture
def report(trial: str, finished: Callable[[str], dict[str, Finished]]) -> Finished:
    return finished(trial)["Alle"]


def unbroken(cells: Cells) -> Cells:
    """The texts without what a line's end may add or take."""
    return [(_close(text), tuple(_close(head) for head in heads)) for text, heads in cells]


def _close(text: str) -> str:
    return "".join(sign for sign in text if not sign.isspace() and sign not in "-\u2010")


def test_each_cell_has_the_headers_it_has_in_the_page(report: Finished) -> None:
    in_pdf = [unbroken(cells) for cells in pdf_headers(report.path(".pdf"))]
    in_page = [unbroken(cells) for cells in page_headers(report.path(".html").read_text(encoding="utf-8"))]
    assert in_pdf == in_page
    assert sum(map(len, in_pdf)) > 50


def test_each_table_says_what_it_holds(report: Finished) -> None:
    told = summaries(report.path(".pdf"))
    assert len(told) == len(pdf_headers(report.path(".pdf")))
    assert all(text.startswith("Tabel med ") and "Kolonnerne er »" in text for text in told)


def test_what_is_read_is_painted_in_the_same_order(report: Finished) -> None:
    assert painted_otherwise(report.path(".pdf")) == []


def test_no_page_but_the_last_is_half_empty(report: Finished) -> None:
    assert [fill for fill in fills(report.path(".pdf")) if fill.share < 0.5 and not fill.last] == []


def test_an_outside_checker_finds_the_pdf_to_be_what_it_claims(report: Finished) -> None:
    result = with_standards(FileCheck("alle.pdf"), report.path(".pdf"))
    assert (result.standards, result.breaks) == (STANDARDS, ())


def test_a_pdf_sent_alone_is_checked_by_the_account_that_it_carries(
    reports: dict[str, Finished], tmp_path: Path
) -> None:
    alone = shutil.copy(reports["Aarhus"].path(".pdf"), tmp_path / "sendt.pdf")
    beside = check_file(reports["Aarhus"].path(".pdf"))
    assert check_file(alone) == replace(beside, file="sendt.pdf")
    shutil.copy(reports["Alle"].path(".tal.json"), tmp_path / "sendt.tal.json")
    assert "the account attached to the file is not the one beside it" in {
        found.message for found in check_file(alone).breaks
    }


def test_a_pdf_that_is_not_what_it_claims_is_told(reports: dict[str, Finished], tmp_path: Path) -> None:
    wrong, silent = tmp_path / "forkert.pdf", tmp_path / "tavs.pdf"
    with pikepdf.open(reports["Aarhus"].path(".pdf")) as pdf:
        del pdf.Root.ViewerPreferences
        pdf.save(wrong)
        del pdf.Root.Metadata
        pdf.save(silent)
    (found,) = with_standards(FileCheck("forkert.pdf"), wrong).breaks
    assert found.kind is Kind.STANDARD
    assert found.message.startswith("PDF/UA-1: ")
    (found,) = with_standards(FileCheck("tavs.pdf"), silent).breaks
    assert found.message == "the PDF says of no standard that it follows it"


def test_what_the_list_of_accessibility_counts_is_what_the_page_holds(report: Finished) -> None:
    counted, page = accessibility(report.path(".pdf")), report.path(".html").read_text(encoding="utf-8")
    assert counted.headings == len(re.findall(r"<h[1-6]\b", page)) + 1  # the contents have a heading of their own
    assert counted.figures == counted.figures_described == page.count('role="img"')
    assert counted.tables == counted.tables_with_column_heads == counted.tables_summarised
    assert counted.tables == len(pdf_headers(report.path(".pdf")))
    assert (counted.levels_skipped, counted.bare_rows, counted.pages_otherwise) == (0, 0, 0)
    assert (counted.language, counted.claims) == ("da-DK", tuple(STANDARDS))

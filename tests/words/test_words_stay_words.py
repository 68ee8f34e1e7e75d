"""Every text of trial.yml and every site's name, full of markup: a report prints it as it is written, nothing reads it.

Each report is made twice: with tails of signs on all texts, and with tails of plain words. The signs must be there in
full, in the page and in the PDF, and both must have the same structure: one emphasis, list, table or link more would
be a sign that was read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from every_text import PLAIN, ROOT, SIGNS, Tails, leaves, project_with_tails
from whole_ledgers import ledger_of

from reportlib.batch.plan import BatchRequest, make_plan
from reportlib.batch.verify import job_of
from reportlib.engine.render import render
from reportlib.engine.settings import FORMATS, STANDARD
from reportlib.files.reading import unzipped
from reportlib.ledger import Ledger
from reportlib.ledger.file import load_ledger
from reportlib.numbers.account import load_account
from reportlib.numbers.blocks import Reading, Role
from reportlib.numbers.breaks import Break
from reportlib.numbers.finished import account_beside, check_file, read_report
from reportlib.show.stacked import numbering
from reportlib.text.inert import plain
from reportlib.trial import load_trial
from reportlib.trial.analyses import Scales
from reportlib.trial.project import find_project

REPORTS = [("jobfirst", "Alle"), ("social-stoette", "Brøndby")]
MEASUREMENTS = {
    f"measures[{number}].computed.answers[{answer}]"
    for trial in (load_trial(ROOT / "data" / name / "trial.yml") for name, _ in REPORTS)
    for spec in trial.analyses
    if isinstance(spec, Scales)
    for number, measure in enumerate(trial.measures)
    if measure.id == spec.counts
    for answer in numbering(trial, spec)
}
_SHAPES = ("}p", "}tbl", "}tc", "}drawing", "}hyperlink", "}footnoteReference", "}pStyle")
_MARK = re.compile(r"[wW](\d+)w")


@dataclass(frozen=True)
class Made:
    """A report made of texts with tails."""

    tails: Tails
    page: str
    pdf: Reading
    account: str
    word: str | None
    breaks: tuple[Break, ...]


class Page(HTMLParser):
    """A page's elements outside pictures, in order, and all of its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.words: list[str] = []
        self._within: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("svg", "style"):
            self._within.append(tag)
        if "svg" not in self._within:
            self.elements.append(f"<{tag} {' '.join(name for name, _ in attrs)}>")

    def handle_endtag(self, tag: str) -> None:
        if self._within and self._within[-1] == tag:
            self._within.pop()
        elif "svg" not in self._within:
            self.elements.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if "style" not in self._within:
            self.words.append(data)


@pytest.fixture(scope="module", params=REPORTS, ids=lambda report: "-".join(report))
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Made, Made]:
    """The report with tails of signs, and with tails of words."""
    trial, kommune = request.param
    ledger = ledger_of(trial)
    folder = tmp_path_factory.mktemp("ord")
    return (
        make(folder / "tegn", trial, kommune, ledger, Tails(SIGNS)),
        make(folder / "ord", trial, kommune, ledger, Tails(PLAIN)),
    )


def make(folder: Path, trial: str, kommune: str, ledger: Ledger, tails: Tails) -> Made:
    project, path = project_with_tails(folder, trial, ledger, tails)
    name = next((site for site in project.trial(trial).sites.names if site.startswith(f"{kommune} ")), kommune)
    formats = FORMATS if kommune != "Alle" else STANDARD
    request = BatchRequest(trials=(trial,), municipalities=(name,), formats=formats, out_dir=folder, ledger=path)
    files = render(job_of(make_plan(project, request).reports[0], project, folder, load_ledger(path))).paths
    account = load_account(account_beside(files["html"]))
    return Made(
        tails,
        files["html"].read_text(encoding="utf-8"),
        read_report(files["pdf"]),
        account_beside(files["html"]).read_text(encoding="utf-8"),
        unzipped(files["docx"].read_bytes())["word/document.xml"].decode("utf-8") if "docx" in files else None,
        tuple(one for name in ("html", "docx") if name in files for one in check_file(files[name], account).breaks),
    )


def cut_short(words: str, tails: Tails) -> list[str]:
    """The marks in a text whose tails are not as they were written; line breaks and hyphens at them do not count."""
    tight = re.sub(r"[\s\u00ad\u2010-]", "", words)
    found = []
    for mark in _MARK.finditer(tight):
        place, tail = tails.given[mark[0].lower()], tails.after(int(mark[1]))
        if place in MEASUREMENTS:  # heads leave out what stands in parentheses: `1. måling (opstartssamtalen)`
            tail = tail.partition(" (")[0]
        if not tight.startswith(re.sub(r"[\s-]", "", tail), mark.end()):
            found.append(f"{place}: {tight[mark.start() : mark.end() + 90]}")
    return found


def test_the_page_prints_every_sign_as_it_is_written(made: tuple[Made, Made]) -> None:
    words = "".join(Page(made[0].page).words)
    assert len(set(_MARK.findall(words))) > 100
    assert cut_short(words, made[0].tails) == []


def test_the_pdf_prints_every_sign_as_it_is_written(made: tuple[Made, Made]) -> None:
    blocks = [block for block in made[0].pdf.blocks if block.role is not Role.DRAWN]
    assert len({mark for block in blocks for mark in _MARK.findall(block.text)}) > 90
    assert [found for block in blocks for found in cut_short(block.text, made[0].tails)] == []


def test_nothing_in_the_page_became_markup(made: tuple[Made, Made]) -> None:
    with_signs, with_words = (Page(report.page).elements for report in made)
    assert with_signs == with_words


def test_nothing_in_the_pdf_became_markup(made: tuple[Made, Made]) -> None:
    with_signs, with_words = (
        [(block.role, block.level) for block in report.pdf.blocks if block.role is not Role.DRAWN] for report in made
    )
    assert with_signs == with_words


def test_the_word_file_prints_every_sign_as_it_is_written_and_nothing_became_markup(made: tuple[Made, Made]) -> None:
    if made[0].word is None:
        return  # one report of the two is made as a Word file too
    with_signs, with_words = (ElementTree.fromstring(report.word or "") for report in made)
    words = "".join(with_signs.itertext())
    assert len(set(_MARK.findall(words))) > 100
    assert cut_short(words, made[0].tails) == []
    shapes = ([one.tag for one in whole.iter() if one.tag.endswith(_SHAPES)] for whole in (with_signs, with_words))
    assert next(shapes) == next(shapes)


def test_no_number_is_taken_for_another_because_of_the_words_about_it(made: tuple[Made, Made]) -> None:
    assert made[0].breaks == made[1].breaks == ()


def test_no_stand_in_is_left_in_a_finished_file(made: tuple[Made, Made]) -> None:
    for text in (made[0].page, made[0].account, made[0].word or "", *(block.text for block in made[0].pdf.blocks)):
        assert plain(text) == text
    assert "\\udb80" not in made[0].account
    assert "\\U000f00" not in made[0].account


def test_the_walk_through_the_model_finds_the_texts_that_the_issue_names() -> None:
    places = list(leaves(find_project(ROOT).trial("jobfirst")))
    assert {"title", "groups.treated.label", "groups.treated.many", "sites.noun.one", "elements[0].title"} <= {*places}
    assert {"measures[0].label", "measures[0].clause", "populations[0].label"} <= {*places}
    assert len(places) > 250

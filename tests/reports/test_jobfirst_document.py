"""JobFirst's document: no number typed in its prose, every reference leads somewhere, its versions read well."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from pypdf import PdfReader
from whole_ledgers import ledger_of

from reportlib.engine.render import RenderJob, render
from reportlib.ledger import Ledger
from reportlib.trial.project import Project

ROOT = Path(__file__).parents[2]
REPORTS = ROOT / "reports"
FILES = [REPORTS / "jobfirst.qmd", *sorted((REPORTS / "jobfirst").glob("*.qmd"))]
SMALL = "Vallensbæk"

_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_HEADER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_NOT_PROSE = re.compile(r"`\{python\}[^`]*`|\{#[^}]*\}|@(?:fig|tbl|sec)-[\w-]+|\{\{<.*?>\}\}")
_LIST_NUMBER = re.compile(r"^\d+\. ", re.MULTILINE)


def prose(source: str) -> str:
    """The words an evaluator has typed, on their lines: without header, cells, inline code, ids and references."""

    def blank(found: re.Match[str]) -> str:
        return "\n" * found.group().count("\n")

    for pattern in (_HEADER, _FENCE, _NOT_PROSE, _LIST_NUMBER):
        source = pattern.sub(blank, source)
    return source


# The source


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_number_is_typed_in_prose(file: Path) -> None:
    lines = prose(file.read_text(encoding="utf-8")).splitlines()
    assert [f"{number}: {line}" for number, line in enumerate(lines, 1) if re.search(r"\d", line)] == []


def test_the_check_itself_finds_a_typed_number() -> None:
    typed = "---\ntitle: 1\n---\n\n```{python}\nuge = 35\n```\n\n1. Efter `{python} uge` og @fig-a1 gik der 26 uger.\n"
    assert re.findall(r"\d+", prose(typed)) == ["26"]


def test_every_reference_has_its_target() -> None:
    source = "\n".join(file.read_text(encoding="utf-8") for file in FILES)
    wanted = set(re.findall(r'@((?:fig|tbl|sec)-[\w-]+)|table="(tbl-[\w-]+)"', source))
    made = set(re.findall(r"\{#((?:fig|tbl|sec)-[\w-]+)", source)) | set(
        re.findall(r'id="((?:fig|tbl)-[\w-]+)"', source)
    )
    assert {name for pair in wanted for name in pair if name} <= made


def test_every_part_is_included_once() -> None:
    source = FILES[0].read_text(encoding="utf-8")
    included = re.findall(r"\{\{< include jobfirst/(\S+) >\}\}", source)
    assert sorted(included) == [file.name for file in FILES[1:]]


# The finished report


@dataclass(frozen=True)
class Version:
    """A rendered version: the PDF's pages and the page's paragraphs and list items as plain text."""

    pages: list[str]
    lines: list[str]


def read(pdf: Path, page: Path) -> Version:
    source = page.read_text(encoding="utf-8")
    # what stands behind a number (span.om) is the account's, not the evaluator's
    no_words = re.compile(r'<(script|style|svg).*?</\1>|<span class="om".*?</span>|<[^>]+>', re.DOTALL)
    found = re.findall(r"<(p|li)\b[^>]*>(.*?)</\1>", source, re.DOTALL)
    texts = [html.unescape(no_words.sub("", text)) for _, text in found]
    return Version(
        pages=[" ".join(sheet.extract_text().split()) for sheet in PdfReader(pdf).pages],
        lines=[" ".join(text.split()) for text in texts if text.strip()],
    )


@pytest.fixture(scope="module")
def project() -> Project:
    return Project(root=ROOT, data_dir=ROOT / "data")


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return ledger_of("jobfirst")


@pytest.fixture(scope="module")
def versions(project: Project, ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Version]:
    out = tmp_path_factory.mktemp("jobfirst")
    ledger.save(out / "ledger.json")
    made = {}
    for kommune, slug in (("Alle", "alle"), (SMALL, "lille")):
        result = render(
            RenderJob(
                trial="jobfirst",
                kommune=kommune,
                document=project.document("jobfirst"),
                project=project.root,
                ledger=out / "ledger.json",
                ledger_hash=ledger.hash,
                out_dir=out,
                slug=slug,
                parameters={"kommune": kommune},
            )
        )
        made[kommune] = read(result.paths["pdf"], result.paths["html"])
    return made


EACH = pytest.mark.parametrize("kommune", ["Alle", SMALL])


@pytest.mark.slow
@EACH
def test_the_report_has_the_length_that_was_asked_for(versions: dict[str, Version], kommune: str) -> None:
    pages = versions[kommune].pages
    account = next((number for number, text in enumerate(pages) if "Talregnskab Hvert tal" in text), len(pages))
    assert 20 <= account <= 30
    assert "1 Resume" in pages[2], "the contents fill more than a page"
    assert any("2 Indledning" in page for page in pages[3:5]), "the summary fills more than two pages"


@pytest.mark.slow
@EACH
def test_no_flaw_of_machine_made_text(versions: dict[str, Version], kommune: str) -> None:
    flaws = ("..", " ,", ",,", "( ", " )", "()", "None", "nan ", "{", "}", "?@", "ikke opgjort)", "−0 ", "\ufdd0")
    found = [(flaw, line) for line in versions[kommune].lines for flaw in flaws if flaw in line]
    assert found == []


@pytest.mark.slow
@EACH
def test_no_sentence_begins_with_a_digit(versions: dict[str, Version], kommune: str, ledger: Ledger) -> None:
    labels = tuple(measure.label for measure in ledger.measures.values())
    begins = re.compile(r"(?:^|(?<!pct)(?<!Boks \d)(?<!nr)[.!?] )\d[\d.,]* (?:pct\.|af|personer|uger|timer)")
    cards = re.compile(r"^\d[\d.,]* (?:pct\.|timer) (?:af|er) ")  # the large numbers of the summary
    lines = [line for line in versions[kommune].lines if not cards.match(line) and not line.startswith(labels)]
    assert [line for line in lines if begins.search(line)] == []


@pytest.mark.slow
def test_a_municipality_keeps_the_trials_effects(versions: dict[str, Version]) -> None:
    whole, own = (versions[kommune].lines for kommune in ("Alle", SMALL))
    effects = [line for line in whole if " sikker" in line and "kommuner" not in line and "Anm." not in line]
    assert len(effects) > 5
    named = [line.replace(" i hele forsøget", "") for line in own]  # a card says whose it is
    assert [line for line in effects if line not in named] == []


@pytest.mark.slow
def test_a_municipality_reads_of_no_other_by_name(versions: dict[str, Version], project: Project) -> None:
    others = [name for name in project.trial("jobfirst").sites.names if name != SMALL]
    text = [line for line in versions[SMALL].lines if "Anm." not in line]
    assert [(name, line) for line in text for name in others if name in line and len(line) > len(name)] == []


@pytest.mark.slow
def test_what_is_hidden_of_a_municipality_is_said_plainly(versions: dict[str, Version], ledger: Ledger) -> None:
    hidden = [row for row in ledger.select(site=SMALL) if row.hidden and row.statistic == "share" and not row.time]
    assert hidden, "the smallest municipality should have something to hide"
    assert any(f"for {SMALL} vises ikke" in line for line in versions[SMALL].lines)
    front = versions[SMALL].pages[2]  # which numbers, and why, is said once
    assert f"Tallene for {SMALL} er udeladt af hensyn til anonymiteten." in " ".join(front.split())
    labels = {ledger.measure(row.measure).label for row in hidden}
    assert all(label in front.partition("Det kan rapporten ikke vise:")[2] for label in labels)
    for line in versions[SMALL].lines:
        for label in labels:
            assert not re.match(rf"{re.escape(label)}[^:]*: \d", line), line

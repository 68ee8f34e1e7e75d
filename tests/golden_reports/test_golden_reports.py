"""Two small trials' reports, and the five trials' pages, figures and ledgers, are as the kept texts say.

After a change that is meant: `make golden`, read `git diff tests/golden_reports`, commit both together.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import unified_diff
from pathlib import Path

import pytest
from sentence_counts import counts, forms

from golden_reports import FIVE, FOLDER, LEDGERS, TRIALS, WITH_WORD, golden_ledgers, golden_pages, golden_texts
from reportlib.files.reading import unzipped, zipped
from reportlib.numbers.account import load_account
from reportlib.numbers.blocks import read_html
from reportlib.numbers.finished import account_beside, check_file

KINDS = ("page", "pdf", "tables", "figures", "files")
ANSWERS = ["answers.txt", "answers.files.txt"]
NAMES = [f"{trial}.{kind}.txt" for trial in TRIALS for kind in KINDS] + [f"{WITH_WORD}.word.txt", *ANSWERS]
NAMES_OF_LEDGERS = [f"{path.parent.name}.ledger.txt" for path in LEDGERS]
PAGES = [f"{trial}.{kind}.txt" for trial in FIVE for kind in ("page", "figures", "site", "files")]
MOST_OF_A_FORM = 8
MOST_OF_A_FORMULA = {
    "statistisk signifikan*": 8,
    "95 pct.-konfidensinterval": 2,
    "Forskellen er (ikke) statistisk signifikant": 2,
    "p-værdi i tekst": 2,
}
SHOWN = 25
"""So many lines of a difference are told: the whole is seen by renewing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("golden") / "projekt"


@pytest.fixture(scope="module")
def texts(folder: Path) -> dict[str, str]:
    return golden_texts(folder)


def test_every_text_is_kept_and_no_other(texts: dict[str, str]) -> None:
    assert sorted(texts) == sorted(NAMES)
    assert sorted([*NAMES, *NAMES_OF_LEDGERS, *PAGES]) == sorted(path.name for path in FOLDER.glob("*.txt"))


@pytest.mark.parametrize("name", NAMES)
def test_a_report_is_as_it_was(name: str, texts: dict[str, str]) -> None:
    _same(name, texts[name])


@pytest.mark.parametrize("name", NAMES_OF_LEDGERS)
def test_a_ledger_is_as_it_was(name: str) -> None:
    _same(name, golden_ledgers()[name])


@pytest.fixture(scope="module", params=FIVE)
def pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The folder of a trial's pages (the whole trial and one site), and their kept texts as they are now."""
    folder = tmp_path_factory.mktemp("pages")
    return folder, golden_pages(request.param, folder)


def test_a_trials_pages_are_as_they_were(pages: tuple[Path, dict[str, str]]) -> None:
    for name, text in pages[1].items():
        _same(name, text)


def test_no_page_says_a_formula_over_and_over(pages: tuple[Path, dict[str, str]]) -> None:
    """A fifth of what the five reports may have together; lead-ins (`Det virkede.`) are no sentences."""
    found = [read_html(path.read_text(encoding="utf-8")) for path in sorted(pages[0].rglob("*.html"))]
    found = [page for page in found if len(page.blocks) > 100]  # not the list of reports
    assert len(found) == 2
    for page in found:
        told = {form: count for form, count in forms(page).items() if len(form.split()) >= 5}
        assert max(told.values()) <= MOST_OF_A_FORM, Counter(told).most_common(3)
        formulas = counts(page)
        assert all(formulas[name] <= most for name, most in MOST_OF_A_FORMULA.items()), formulas


def _same(name: str, now: str) -> None:
    kept = (FOLDER / name).read_text(encoding="utf-8")
    if now != kept:
        lines = list(unified_diff(kept.splitlines(), now.splitlines(), "kept", "now", n=1, lineterm=""))
        more = [f"... and {len(lines) - SHOWN} lines more"] if len(lines) > SHOWN else []
        pytest.fail("\n".join([*lines[:SHOWN], *more, "If this is meant: make golden"]), pytrace=False)


def test_the_tables_behind_figures_are_held_against_the_account(
    folder: Path, texts: dict[str, str], tmp_path: Path
) -> None:
    (file,) = folder.glob(f"_output/{WITH_WORD}/alle.html")
    page, account = file.read_text(encoding="utf-8"), load_account(account_beside(file))
    tables = page.split('<details class="figurdata">')[1:]
    assert len(tables) == len(account.data) > 1
    assert not any(account.rows[key].hidden for keys in account.data.values() for key in keys)
    number = re.search(r'<td class="right">(\d+)</td>', tables[0])
    assert number is not None
    wrong = tmp_path / "alle.html"
    wrong.write_text(page.replace(tables[0], tables[0].replace(number[0], number[0].replace(number[1], "77"), 1), 1))
    found = check_file(wrong, account)
    assert [(one.kind, "the table" in one.message) for one in found.breaks] == [("appendix", True)]


def test_the_word_file_is_held_against_the_account(folder: Path, texts: dict[str, str], tmp_path: Path) -> None:
    (file,) = folder.glob("_output/*/alle.docx")
    result = check_file(file)
    assert (result.breaks, result.share) == ((), 100.0) and result.numbers > 100
    parts = unzipped(file.read_bytes())
    document = parts["word/document.xml"].decode("utf-8")
    first = re.search(r"(?<=>)[^<>]*?\b(\d\d)(?=\u00a0pct\.)", document)
    assert first is not None
    changed = f"{document[: first.start(1)]}{100 - int(first[1])}{document[first.end(1) :]}"
    wrong = tmp_path / "alle.docx"
    wrong.write_bytes(zipped({**parts, "word/document.xml": changed.encode("utf-8")}))
    found = check_file(wrong, load_account(account_beside(file)))
    assert [one.kind for one in found.breaks] == ["changed"]

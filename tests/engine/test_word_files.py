"""A report as a Word file: its paragraphs and fields, what it says of itself, the same bytes, its reference."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import word_reference
from engine_document import HEADER

from reportlib.engine.render import InvalidJobError, RenderJob, render
from reportlib.engine.word import WordReferenceError, word_file
from reportlib.files.reading import unzipped, zipped
from reportlib.numbers.blocks import Block, Role
from reportlib.numbers.provenance import read_stamp
from reportlib.numbers.read_word import read_word

MakeJob = Callable[..., RenderJob]
REPOSITORY = Path(__file__).parents[2]
THEME = REPOSITORY / "reports" / "_theme"

BODY = """\
# Resume {#sec-resume}

Se @fig-timer, @tbl-andel og @sec-metode.^[En note om 7 uger.] Det hedder [a *survey*]{lang=en}.

```{python}
#| output: asis
Path("figs").mkdir(exist_ok=True)
_ = Path("figs/timer.svg").write_text(
    '<svg xmlns="http://www.w3.org/2000/svg" width="60pt" height="30pt" viewBox="0 0 60 30">'
    '<text x="5" y="20" font-family="Source Sans Pro">Timer</text></svg>', encoding="utf-8")
```

::: {.boks title="Sådan læses & forstås den"}
Teksten.

- Et punkt
- Sidste punkt
:::

::: {.figurblok}
![Timer pr. uge](figs/timer.svg){#fig-timer fig-alt="Kurven stiger fra en til to timer"}

::: {.kilde}
Kilde: Testdata
:::
:::

::: {.tabelblok}
| Kommune | Andel | Lys |
|:--|--:|:--|
| **Hele landet** | | |
| Alle | 12 pct. | [Grøn]{.lys .groen} |

: Andel med timer {#tbl-andel}
:::

# Forord {.unnumbered}

## Metode {#sec-metode}

Formlen $x^2 = 4$.
"""


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RenderJob]:
    """A document that uses what Word has elements for, rendered to Word once."""
    folder = tmp_path_factory.mktemp("word")
    shutil.copy(REPOSITORY / "_quarto.yml", folder)
    shutil.copytree(THEME, folder / "reports" / "_theme")
    (folder / "ledger.json").write_text(json.dumps({"trial": "test", "hash": "0123456789abcdef" * 4}))
    document = folder / "reports" / "test.qmd"
    document.write_text(HEADER + BODY, encoding="utf-8")
    made = RenderJob(
        trial="test", kommune="Sorø", document=document, project=folder, ledger=folder / "ledger.json",
        ledger_hash="0123456789abcdef" * 4, out_dir=folder / "ud", slug="soroe", formats=("docx",),
    )  # fmt: skip
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        render(made)
        yield made
    finally:
        tempfile.tempdir = before


@pytest.fixture(scope="module")
def parts(job: RenderJob) -> dict[str, str]:
    package = unzipped(job.targets["docx"].read_bytes())
    return {name: content.decode("utf-8") for name, content in package.items() if name.endswith((".xml", ".rels"))}


@pytest.fixture(scope="module")
def blocks(job: RenderJob) -> list[Block]:
    return list(read_word(job.targets["docx"]).reading.blocks)


def test_a_second_render_gives_the_same_bytes(job: RenderJob, tmp_path: Path) -> None:
    again = replace(job, out_dir=tmp_path)
    render(again)
    assert again.targets["docx"].read_bytes() == job.targets["docx"].read_bytes()


def test_captions_are_counted_by_word_and_references_point_at_what_it_counts(parts: dict[str, str]) -> None:
    document = parts["word/document.xml"]
    assert re.findall(r"<w:instrText[^>]*> (?:SEQ|REF) ([^<]+?) </w:instrText>", document) == [
        "fig_timer \\h", "tbl_andel \\h", "Figur \\* ARABIC", "Tabel \\* ARABIC",
    ]  # fmt: skip
    assert {"fig_timer", "tbl_andel"} <= set(re.findall(r'<w:bookmarkStart[^>]*w:name="([^"]+)"', document))
    assert document.count('fldCharType="begin"') == document.count('fldCharType="end"')


def test_a_reader_meets_headings_box_figure_table_and_note_in_order(blocks: list[Block]) -> None:
    told = [(block.role, block.text.replace("\u00a0", " ")) for block in blocks]
    assert [text for role, text in told if role is Role.HEADING] == ["1 Resume", "Forord", "1.1 Metode"]
    assert (Role.TEXT, "Se Figur 1, Tabel 1 og Afsnit 1.1. Det hedder a survey.") in told
    assert (Role.TEXT, "Boks 1: Sådan læses & forstås den") in told
    assert (Role.CAPTION, "Figur 1: Timer pr. uge") in told and (Role.CAPTION, "Tabel 1: Andel med timer") in told
    assert (Role.ALT, "Kurven stiger fra en til to timer") in told
    cells = [text for role, text in told if role in (Role.HEADER, Role.CELL)]
    assert cells == ["Kommune", "Andel", "Lys", "Hele landet", "Alle", "12 pct.", "● Grøn"]
    assert (Role.NOTE, "En note om 7 uger.") in told
    assert (Role.TEXT, "Formlen x2=4.") in told


def test_the_contents_can_be_read_before_word_has_made_them(job: RenderJob) -> None:
    assert read_word(job.targets["docx"]).reading.contents == ["1 Resume", "Forord", "1.1 Metode"]


def test_a_table_says_which_row_and_which_column_head_it(parts: dict[str, str]) -> None:
    document = parts["word/document.xml"]
    assert document.count("<w:tblHeader") == 1
    assert document.count("<w:cantSplit") == document.count("<w:tr>") > 1  # no row is parted by a page's end
    assert 'w:firstRow="1"' in document and 'w:firstColumn="1"' in document
    assert '<w:tblCaption w:val="Andel med timer"' in document.replace(" />", "/>")
    assert '<w:gridSpan w:val="3"' in document  # the row that heads others


def test_every_style_that_is_used_is_the_references_own(parts: dict[str, str]) -> None:
    styles = word_reference.styles(json.loads(word_reference.COLOURS.read_text(encoding="utf-8")))
    known = set(re.findall(r'w:styleId="([^"]+)"', styles))
    used = set(re.findall(r'<w:[pr]Style w:val="([^"]+)"', parts["word/document.xml"]))
    assert {"Heading1", "Boks", "Bokstitel", "Bokspunktslut", "TableCaption", "Kilde", "TOC1"} <= used
    assert used <= known


def test_the_file_says_who_wrote_what_in_which_language_and_for_whom(job: RenderJob, parts: dict[str, str]) -> None:
    core = parts["docProps/core.xml"]
    for said in ("<dc:title>Testrapport<", "<dc:language>da<", "Syntetiske data", "2017-05-31T00:00:00Z"):
        assert said in core
    assert read_stamp(job.targets["docx"]).same_as(job.stamp)
    assert re.search(r'<w:lang [^>]*w:val="da', parts["word/styles.xml"])
    assert re.search(r'<w:lang w:val="en" ?/>', parts["word/document.xml"])


def test_every_page_says_that_the_data_are_made_up(parts: dict[str, str]) -> None:
    assert "Testrapport – Sorø" in parts["word/footer1.xml"]
    assert "Syntetiske data" in parts["word/footer1.xml"]
    assert "konstruerede data" in parts["word/document.xml"]


def test_a_reference_without_room_for_the_notice_is_refused(tmp_path: Path) -> None:
    reference = unzipped((THEME / "word-reference.docx").read_bytes())
    reference["word/footer1.xml"] = reference["word/footer1.xml"].replace(b"{syntetisk}", b"")
    (tmp_path / "word-reference.docx").write_bytes(zipped(reference))
    tree = json.dumps({"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": []})
    with pytest.raises(WordReferenceError, match="syntetisk"):
        word_file(tree, {"title": "A", "synthetic": "true"}, folder=tmp_path, theme=tmp_path, number_sections=True)
    assert word_file(tree, {"title": "A"}, folder=tmp_path, theme=tmp_path, number_sections=True)
    with pytest.raises(WordReferenceError, match="no word-reference"):
        word_file(tree, {"title": "A"}, folder=tmp_path, theme=tmp_path / "ingen", number_sections=True)


def test_the_reference_document_is_what_its_tool_makes() -> None:
    """If this fails: `python tools/word_reference.py reports/_theme/word-reference.docx`."""
    made = unzipped(word_reference.reference(json.loads(word_reference.COLOURS.read_text(encoding="utf-8"))))
    assert unzipped((THEME / "word-reference.docx").read_bytes()) == made


def test_quarto_is_not_asked_for_word(job: RenderJob) -> None:
    with pytest.raises(InvalidJobError, match="makes no docx") as caught:
        render(replace(job, engine="quarto"))
    assert "--engine" in str(caught.value.hint)

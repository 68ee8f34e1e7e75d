"""What a reviewer changed in a Word file: with and without a track, numbers first; files that are none are refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import run as run_command

from reportlib.files.reading import zipped
from reportlib.numbers.diff import Weight, compare_word
from reportlib.numbers.read_word import WordFileError, read_word

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STYLES = (("Overskrift1", "heading 1"), ("Billedtekst", "caption"))  # as a Danish Word calls them when it saves
ANNA = 'w:id="1" w:author="Anna" w:date="2017-06-01T10:00:00Z"'


def paragraph(content: str, style: str = "") -> str:
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{look}{content if content.startswith('<') else run(content)}</w:p>"


def run(text: str, tag: str = "t") -> str:
    return f'<w:r><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'


def inserted(text: str) -> str:
    return f"<w:ins {ANNA}>{run(text)}</w:ins>"


def deleted(text: str) -> str:
    return f"<w:del {ANNA}>{run(text, 'delText')}</w:del>"


def write(path: Path, *blocks: str, comments: str = "") -> Path:
    styles = "".join(f'<w:style w:styleId="{key}"><w:name w:val="{name}"/></w:style>' for key, name in STYLES)
    parts = {
        "document": f'<w:document xmlns:w="{W}"><w:body>{"".join(blocks)}</w:body></w:document>',
        "styles": f'<w:styles xmlns:w="{W}">{styles}</w:styles>',
        "comments": f'<w:comments xmlns:w="{W}">{comments}</w:comments>',
    }
    path.write_bytes(zipped({f"word/{name}.xml": content.encode() for name, content in parts.items()}))
    return path


HEADING = paragraph("2 Effekter", "Overskrift1")
FIRST, SECOND = "I uge 35 har 12 pct. af deltagerne ordinære timer.", "Det er flere end før."


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return write(tmp_path / "alle.docx", HEADING, paragraph(FIRST), paragraph(SECOND))


def test_a_file_that_is_the_same_has_no_changes(old: Path) -> None:
    assert compare_word(old, old) == []


def test_numbers_come_before_words_and_comments_last(old: Path, tmp_path: Path) -> None:
    comment = f'<w:comment w:id="0" w:author="Bo"><w:p>{run("Er det rigtigt?")}</w:p></w:comment>'
    marked = run("Ny indledning.") + '<w:r><w:commentReference w:id="0"/></w:r>'
    number = FIRST.replace("12 pct.", "13 pct.")
    texts = [paragraph(text) for text in (marked, number, SECOND)]
    new = write(tmp_path / "ny.docx", HEADING, *texts, comments=comment)
    changes = compare_word(old, new)
    assert [change.weight for change in changes] == [Weight.NUMBER, Weight.WORDING, Weight.REMARK]
    assert (changes[0].before, changes[0].after) == (
        "I uge 35 har 12 pct. af deltagerne ordinære …", "I uge 35 har 13 pct. af deltagerne ordinære …",
    )  # fmt: skip
    assert changes[0].label == "Effekter, ikke sporet"
    assert changes[1].after == "Ny indledning." and changes[1].before == ""
    assert (changes[2].label, changes[2].before, changes[2].after) == (
        "Effekter, kommentar af Bo", "Ny indledning.", "Er det rigtigt?",
    )  # fmt: skip


def test_a_long_paragraph_is_cut_on_both_sides_of_what_changed(old: Path, tmp_path: Path) -> None:
    words = [f"ord{at}" for at in range(40)]
    before, after = (" ".join([*words[:20], one, *words[20:]]) for one in ("gammelt", "nyt"))
    one, two = (write(tmp_path / f"{name}.docx", HEADING, paragraph(run(text))) for name, text in
                (("foer", before), ("efter", after)))  # fmt: skip
    (change,) = compare_word(one, two)
    around = change.after.split(" ")
    place = around.index("nyt")
    assert (around[0], around[-1]) == ("…", "…")
    assert around[1:place] == words[20 - (place - 1) : 20]
    assert around[place + 1 : -1] == words[20 : 20 + len(around) - place - 2]
    assert change.before == change.after.replace("nyt", "gammelt")


def test_a_tracked_change_is_told_with_its_author_and_once(old: Path, tmp_path: Path) -> None:
    tracked = run("I uge 35 har ") + deleted("12") + inserted("14") + run(" pct. af deltagerne ordinære timer.")
    new = write(tmp_path / "ny.docx", HEADING, paragraph(tracked), paragraph(SECOND))
    (change,) = compare_word(old, new)
    assert change.weight is Weight.NUMBER
    assert change.label == "Effekter, sporet ændring af Anna"
    assert "har 12 pct." in change.before and "har 14 pct." in change.after


def test_a_change_beside_a_tracked_one_is_told_apart_from_it(old: Path, tmp_path: Path) -> None:
    tracked = run("I uge 36 har ") + deleted("12") + inserted("14") + run(" pct. af deltagerne ordinære timer.")
    new = write(tmp_path / "ny.docx", HEADING, paragraph(tracked), paragraph(SECOND))
    silent, told = compare_word(old, new)
    assert "ikke sporet" in silent.label and "36 har 12 pct." in silent.after
    assert "Anna" in told.label and "36 har 14 pct." in told.after


def test_a_removed_paragraph_is_told_by_what_it_said(old: Path, tmp_path: Path) -> None:
    new = write(tmp_path / "ny.docx", HEADING, paragraph(SECOND))
    (change,) = compare_word(old, new)
    assert (change.weight, change.before, change.after) == (Weight.NUMBER, FIRST, "")


def test_styles_are_known_by_name_and_pages_in_the_contents_are_no_words(tmp_path: Path) -> None:
    document = write(tmp_path / "a.docx", HEADING, paragraph("Figur 1: Timer", "Billedtekst"))
    reading = read_word(document).reading
    assert [str(block.role) for block in reading.blocks] == ["heading", "caption"]
    assert reading.chapter_titles() == ["Effekter"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"Word", "damaged, has a password, or is no such file"),
        (zipped({"andet.xml": b"<a/>"}), "holds no document"),
        (zipped({"word/document.xml": b"<w:document"}), "cannot be read"),
        (zipped({"word/document.xml": b"<!DOCTYPE a><a/>"}), "declares a document type"),
    ],
)
def test_a_file_that_is_no_word_file_is_told_by_name(content: bytes, why: str, tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(content)
    with pytest.raises(WordFileError, match=rf"(?s)a\.docx.*{why}"):
        read_word(path)


def test_the_command_compares_two_word_files_and_nothing_else_with_one(old: Path, tmp_path: Path) -> None:
    new = write(tmp_path / "ny.docx", HEADING, paragraph(FIRST.replace("12", "21")), paragraph(SECOND))
    done = run_command(["diff", old, new, "--json"])
    assert (done.status, [change["weight"] for change in json.loads(done.out)]) == (0, ["number"])
    (tmp_path / "ledger.json").write_text("{}")
    done = run_command(["diff", old, tmp_path / "ledger.json"])
    assert done.status == 1 and "not of one kind" in done.error

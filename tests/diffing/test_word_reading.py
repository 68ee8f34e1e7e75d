"""What a Word file says, element by element of its standard: files made here, each read by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportlib.files.reading import zipped
from reportlib.numbers.read_word import WordReading, read_word

SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
}
NAMED = " ".join(f'xmlns:{name}="{space}"' for name, space in SPACES.items())
STYLES = (
    "heading 1", "heading 2", "Title", "Subtitle", "Forside", "Syntetisk", "caption", "Table Caption", "Image Caption",
    "TOC Heading", "Source Code", "toc 1", "toc 2", "Body Text",
)  # fmt: skip


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*content: str, style: str = "") -> str:
    look = f'<w:pPr><w:pStyle w:val="S{STYLES.index(style)}"/></w:pPr>' if style else ""
    return f"<w:p>{look}{''.join(each if each.startswith('<') else run(each) for each in content)}</w:p>"


def field(does: str, shows: str) -> str:
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    return f"{begin}<w:r><w:instrText>{does}</w:instrText></w:r>{separate}{run(shows)}{end}"


def reading(folder: Path, *blocks: str, accepted: bool = True, **others: str) -> WordReading:
    styles = "".join(f'<w:style w:styleId="S{at}"><w:name w:val="{name}"/></w:style>' for at, name in enumerate(STYLES))
    parts = {"document": f"<w:body>{''.join(blocks)}</w:body>", "styles": styles + "<w:style/>", **others}
    files = {
        f"word/{name}.xml": f"<w:{name.rstrip('12')} {NAMED}>{inside}</w:{name.rstrip('12')}>"
        for name, inside in parts.items()
    }
    (folder / "a.docx").write_bytes(zipped({name: text.encode() for name, text in files.items()}))
    return read_word(folder / "a.docx", accepted=accepted)


def text(folder: Path, *content: str, accepted: bool = True) -> str:
    (block,) = reading(folder, paragraph(*content), accepted=accepted).reading.blocks
    return block.text


@pytest.mark.parametrize(
    ("between", "said"),
    [
        ("<w:r><w:br/></w:r>", "12 14"),
        ("<w:r><w:cr/></w:r>", "12 14"),
        ("<w:r><w:tab/></w:r>", "12 14"),
        ("<w:r><w:noBreakHyphen/></w:r>", "12-14"),
        ("", "1214"),
        ("<w:r><w:drawing><w:t>7</w:t></w:drawing></w:r>", "1214"),
        ("<w:r><w:pict><w:t>7</w:t></w:pict></w:r>", "1214"),
        ("<w:hyperlink><w:r><w:t>7</w:t></w:r></w:hyperlink>", "12714"),
        ("<m:oMath><m:r><m:t>7</m:t></m:r></m:oMath>", "12714"),
        ('<m:oMath><m:r><m:rPr><m:scr m:val="double-struck"/></m:rPr><m:t>1</m:t></m:r></m:oMath>', "12𝟙14"),
        ("<mc:AlternateContent><mc:Choice><w:r><w:t>7</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>8</w:t></w:r></mc:Fallback>"
         "</mc:AlternateContent>", "12714"),
        (field(" REF tabel ", "7"), "12714"),
        (field(" PAGE ", "7"), "1214"),
        (field(" NUMPAGES ", "7"), "1214"),
        (field(" PAGEREF a ", "7"), "12714"),
        ('<w:fldSimple w:instr=" PAGE "><w:r><w:t>7</w:t></w:r></w:fldSimple>', "1214"),
        ('<w:fldSimple w:instr=" SEQ Tabel "><w:r><w:t>7</w:t></w:r></w:fldSimple>', "12714"),
        ('<w:r><w:fldChar w:fldCharType="end"/></w:r>', "1214"),
    ],
)  # fmt: skip
def test_what_stands_between_two_runs(tmp_path: Path, between: str, said: str) -> None:
    assert text(tmp_path, "12", between, "14") == said if between else text(tmp_path, "12", "14") == said


@pytest.mark.parametrize(
    ("tag", "taken"), [("ins", True), ("moveTo", True), ("del", False), ("moveFrom", False)]
)  # fmt: skip
def test_tracked_changes_are_taken_or_not(tmp_path: Path, tag: str, taken: bool) -> None:
    words = "delText" if tag == "del" else "t"
    change = f'<w:{tag} w:author="Anna"><w:r><w:{words}>7</w:{words}></w:r></w:{tag}>'
    for accepted in (True, False):
        assert text(tmp_path, "1", change, "2", accepted=accepted) == ("172" if taken is accepted else "12")
    assert reading(tmp_path, paragraph("0"), paragraph("1", change)).authors == {1: ("Anna",)}


@pytest.mark.parametrize(
    ("style", "roles"),
    [
        ("heading 1", ["heading"]), ("heading 2", ["heading"]), ("Title", ["cover"]), ("Subtitle", ["cover"]),
        ("Forside", ["cover"]), ("Syntetisk", ["cover"]), ("caption", ["caption"]), ("Table Caption", ["caption"]),
        ("Image Caption", ["caption"]), ("TOC Heading", []), ("Source Code", []), ("toc 1", []), ("toc 2", []),
        ("Body Text", ["text"]), ("", ["text"]),
    ],
)  # fmt: skip
def test_a_style_says_what_a_paragraph_is(tmp_path: Path, style: str, roles: list[str]) -> None:
    found = reading(tmp_path, paragraph("Ord", style=style))
    assert [str(block.role) for block in found.reading.blocks] == roles
    assert found.reading.contents == (["Ord"] if style.startswith("toc") else [])


def test_chapters_are_counted_by_headings_with_words(tmp_path: Path) -> None:
    blocks = [
        paragraph("Før"), paragraph("Et", style="heading 1"), paragraph("Under", style="heading 2"), paragraph("a"),
        paragraph(style="heading 1"), paragraph("To", style="heading 1"), paragraph("b"),
    ]  # fmt: skip
    found = reading(tmp_path, *blocks).reading.blocks
    assert [(block.text, block.chapter, block.level) for block in found] == [
        ("Før", 0, 0), ("Et", 1, 1), ("Under", 1, 2), ("a", 1, 0), ("To", 2, 1), ("b", 2, 0),
    ]  # fmt: skip


def test_the_number_of_a_page_is_no_part_of_a_line_of_the_contents(tmp_path: Path) -> None:
    line = paragraph("1 Resume", "<w:r><w:tab/></w:r>", "12", style="toc 1")
    assert reading(tmp_path, line, paragraph("Uge 12", style="toc 2")).reading.contents == ["1 Resume", "Uge 12"]


def test_a_table_has_headings_above_and_to_the_left_and_rows_that_were_taken_out_are_not_there(tmp_path: Path) -> None:
    def row(*cells: str, look: str = "") -> str:
        return f"<w:tr>{look}{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in cells)}</w:tr>"

    head = row("A", "B", look="<w:trPr><w:tblHeader/></w:trPr>")
    gone = row("D", "2", look="<w:trPr><w:del/></w:trPr>")
    new = row("E", "3", look="<w:trPr><w:ins/></w:trPr>")
    table = f"<w:tbl><w:tblPr/>{head}{row('C', '1')}{gone}<w:sdt><w:sdtContent>{new}</w:sdtContent></w:sdt></w:tbl>"
    told = [(str(block.role), block.text) for block in reading(tmp_path, table).reading.blocks]
    rows = [("header", "A"), ("header", "B"), ("header", "C"), ("cell", "1")]
    assert told == [*rows, ("header", "E"), ("cell", "3")]
    told = [(str(block.role), block.text) for block in reading(tmp_path, table, accepted=False).reading.blocks]
    assert told == [*rows, ("header", "D"), ("cell", "2")]


def test_notes_stand_in_the_order_of_the_text_and_in_its_chapter(tmp_path: Path) -> None:
    first, second = (paragraph("Ord", f'<w:r><w:footnoteReference w:id="{number}"/></w:r>') for number in (2, 1))
    notes = "".join(f'<w:footnote w:id="{number}">{paragraph(f"Note {number}")}</w:footnote>' for number in (1, 2, 3))
    blocks = reading(tmp_path, first, paragraph("To", style="heading 1"), second, footnotes=notes).reading.blocks
    notes_told = [(block.text, block.chapter) for block in blocks if str(block.role) == "note"]
    assert notes_told == [("Note 2", 0), ("Note 1", 1)]


def test_the_foot_of_a_page_says_what_the_cover_says(tmp_path: Path) -> None:
    edges = {"footer1": paragraph("Rapport 7"), "header2": paragraph("Øverst")}
    blocks = reading(tmp_path, paragraph("Et", style="heading 1"), **edges).reading.blocks
    assert [(str(block.role), block.text, block.chapter) for block in blocks[1:]] == [
        ("cover", "Rapport 7", 0), ("cover", "Øverst", 0),
    ]  # fmt: skip


def test_pictures_are_told_by_their_alternative_texts(tmp_path: Path) -> None:
    drawn = "".join(
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" {alt}/></wp:inline></w:drawing></w:r>'
        for alt in ('descr="Kurven"', "", 'descr="Søjler"')
    )
    blocks = reading(tmp_path, paragraph(drawn)).reading.blocks
    assert [(str(block.role), block.text, block.float) for block in blocks] == [
        ("alt", "Kurven", 1),
        ("alt", "Søjler", 2),
    ]


def test_comments_stand_in_the_order_of_the_text_with_who_wrote_them(tmp_path: Path) -> None:
    at = [paragraph(f"Ord {number}", f'<w:r><w:commentReference w:id="{number}"/></w:r>') for number in (2, 1, 9)]
    made = "".join(
        f'<w:comment w:id="{number}" w:author="{who}">{paragraph("Godt")}{paragraph("men")}</w:comment>'
        for number, who in ((1, "Anna"), (2, "Bo"), (3, "Carl"))
    )
    remarks = reading(tmp_path, paragraph("Et", style="heading 1"), *at, comments=made).remarks
    assert [(one.author, one.text, one.at, one.chapter) for one in remarks] == [
        ("Bo", "Godt men", "Ord 2", 1), ("Anna", "Godt men", "Ord 1", 1),
    ]  # fmt: skip

"""Which block each tag of a PDF becomes, in which chapter and on which page: of a tree made here, by the standard's own
kinds of elements."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from reportlib.numbers.blocks import Reading, Role
from reportlib.numbers.read_pdf import NotTaggedError, elements, listed, read_pdf

Node = Any
"""(tag, {attribute: value}, child, ...): a child is a node or a text, which is on the page that its element names."""


class Made:
    """A PDF of a tree of tags: each text is a piece of marked content of its own."""

    def __init__(self, *roots: Node, pages: int = 1, one_root: bool = False) -> None:
        self.pdf = pikepdf.new()
        self.content = [b""] * pages
        self.count = [0] * pages
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        for _ in range(pages):
            made = self.pdf.add_blank_page(page_size=(600, 800))
            made.obj.Resources = Dictionary(Font=Dictionary(F=font))
        children = [self.element((tag, {"page": 0, **given}, *inner), 0) for tag, given, *inner in roots]
        tree = Dictionary(Type=Name.StructTreeRoot, K=children[0] if one_root else Array(children))
        self.pdf.Root.StructTreeRoot = self.pdf.make_indirect(tree)
        for page, content in zip(self.pdf.pages, self.content, strict=True):
            page.obj.Contents = self.pdf.make_stream(content)

    def element(self, node: Node, page: int) -> Any:
        tag, attributes, *children = node
        made = Dictionary(Type=Name.StructElem, S=Name(f"/{tag}"))
        page = attributes.get("page", page)
        if "page" in attributes:
            made.Pg = self.pdf.pages[page].obj
        if "alt" in attributes:
            made.Alt = attributes["alt"]
        if "scope" in attributes:
            made.A = Dictionary(O=Name.Table, Scope=Name(f"/{attributes['scope']}"))
        content = [
            self.text(child, page) if isinstance(child, str) else self.element(child, page) for child in children
        ]
        if attributes.get("apart"):  # content as a dictionary that names its page
            content = [
                Dictionary(Type=Name.MCR, Pg=self.pdf.pages[page].obj, MCID=one) if isinstance(one, int) else one
                for one in content
            ]
            del made["/Pg"]
        if content:
            made.K = content[0] if len(content) == 1 else Array(content)
        return self.pdf.make_indirect(made)

    def text(self, text: str, page: int) -> int:
        number = self.count[page]
        self.count[page] += 1
        lines = "".join(
            f"1 0 0 1 50 {700 - 20 * number - 5 * down} Tm ({line}) Tj " for down, line in enumerate(text.split("\n"))
        )
        self.content[page] += f"/P <</MCID {number}>> BDC BT /F 10 Tf {lines}ET EMC\n".encode()
        return number

    def read(self, folder: Path) -> Reading:
        path = folder / "side.pdf"
        self.pdf.save(path)
        return read_pdf(path)


def said(reading: Reading) -> list[tuple[Role, str]]:
    return [(block.role, block.text) for block in reading.blocks]


CHAPTER = ("H1", {}, "1 Virkning")


@pytest.mark.parametrize(
    ("tag", "role"),
    [
        ("P", Role.TEXT),
        ("LBody", Role.TEXT),
        ("Caption", Role.CAPTION),
        ("TD", Role.CELL),
        ("TH", Role.HEADER),
        ("Note", Role.NOTE),
        ("FENote", Role.NOTE),
        ("Title", Role.COVER),
        *((f"H{level}", Role.HEADING) for level in range(2, 7)),
    ],
)
def test_each_tag_of_a_text_is_a_block_of_its_role(tag: str, role: Role, tmp_path: Path) -> None:
    reading = Made(CHAPTER, ("Div", {}, (tag, {}, "Ordene"), ("P", {}, "Mere"))).read(tmp_path)
    assert said(reading) == [(Role.HEADING, "1 Virkning"), (role, "Ordene"), (Role.TEXT, "Mere")]
    assert [block.chapter for block in reading.blocks] == [1, 1, 1]
    assert [block.level for block in reading.blocks] == [1, int(tag[1]) if role is Role.HEADING else 0, 0]


@pytest.mark.parametrize("tag", ["P", "LBody", "Caption", "TD", "TH", "Note", "FENote", "Title"])
def test_before_the_first_chapter_everything_is_of_the_cover(tag: str, tmp_path: Path) -> None:
    assert said(Made((tag, {}, "Ordene"), CHAPTER).read(tmp_path))[0] == (Role.COVER, "Ordene")


def test_what_is_no_text_is_not_read(tmp_path: Path) -> None:
    left_out = [(tag, {}, "borte") for tag in ("Artifact", "TOCI", "Lbl")]
    body = ("L", {}, ("LI", {}, ("Lbl", {}, "1."), ("LBody", {}, "punktet")))
    assert said(Made(CHAPTER, *left_out, body).read(tmp_path))[1:] == [(Role.TEXT, "punktet")]


@pytest.mark.parametrize("tag", ["Span", "Strong", "Em", "Link", "Reference", "Quote", "Code", "Sub", "Formula"])
def test_words_within_a_text_belong_to_it_and_alone_they_are_one(tag: str, tmp_path: Path) -> None:
    within = ("P", {}, "for", (tag, {}, "midt"), ("Artifact", {}, "borte"), "efter")
    reading = Made(CHAPTER, within, ("Div", {}, (tag, {}, "alene")), (tag, {}, ("Span", {}, "inde"))).read(tmp_path)
    assert said(reading)[1:] == [(Role.TEXT, "formidtefter"), (Role.TEXT, "alene"), (Role.TEXT, "inde")]


@pytest.mark.parametrize("inner", ["P", "Caption", "TD", "L", "Table", "Div"])
def test_a_part_that_holds_blocks_is_no_block_itself(inner: str, tmp_path: Path) -> None:
    two = [("P", {}, "indre"), ("P", {}, "mere")]
    children = [(inner, {}, *two)] if inner in ("L", "Table", "Div") else [(inner, {}, "indre"), (inner, {}, "mere")]
    reading = Made(CHAPTER, ("LBody", {}, *children)).read(tmp_path)
    assert [text for _, text in said(reading)[1:]] == ["indre", "mere"]


def test_a_block_of_code_whose_lines_are_paragraphs_is_left_out(tmp_path: Path) -> None:
    reading = Made(CHAPTER, ("Code", {}, ("P", {}, "linje")), ("P", {}, "efter")).read(tmp_path)
    assert said(reading)[1:] == [(Role.TEXT, "efter")]


@pytest.mark.parametrize("tag", ["Note", "FENote"])
@pytest.mark.parametrize(
    ("around", "role"),
    [("P", Role.TEXT), ("LBody", Role.TEXT), ("TD", Role.CELL), ("TH", Role.HEADER), ("Caption", Role.CAPTION)],
)
def test_a_note_stands_after_the_text_it_is_in(around: str, role: Role, tag: str, tmp_path: Path) -> None:
    text = (around, {}, "for", ("Span", {}, ("Reference", {}, (tag, {}, ("Lbl", {}, "1"), "noten"))), "efter")
    assert said(Made(CHAPTER, text).read(tmp_path))[1:] == [(role, "forefter"), (Role.NOTE, "noten")]


def test_the_head_of_a_row_is_a_cell_and_that_of_a_column_a_header(tmp_path: Path) -> None:
    row = ("TR", {}, ("TH", {"scope": "Row"}, "Aalborg"), ("TH", {"scope": "Column"}, "Andel"), ("TH", {}, "Antal"))
    assert [role for role, _ in said(Made(CHAPTER, ("Table", {}, row)).read(tmp_path))[1:]] == [
        Role.CELL, Role.HEADER, Role.HEADER,
    ]  # fmt: skip


def test_the_heading_over_the_contents_is_no_chapter_and_its_lines_end_with_their_pages(tmp_path: Path) -> None:
    here = {"page": 0}
    lines = [("TOCI", here, ("Lbl", here, "1"), ("Reference", here, "Virkning"), "3")]
    below = ("TOC", {}, ("TOCI", here, ("Reference", here, "Job"), "4"))
    reading = Made(("H1", {}, "Indhold"), ("TOC", {}, *lines, below), CHAPTER, ("P", {}, "Ord")).read(tmp_path)
    assert reading.contents == ["1 Virkning 3", "Job 4"]
    assert said(reading) == [(Role.HEADING, "1 Virkning"), (Role.TEXT, "Ord")]
    assert {block.chapter for block in reading.blocks} == {1} and reading.kind == "pdf"


def test_what_else_stands_among_the_contents_is_no_line_of_them(tmp_path: Path) -> None:
    here = {"page": 0}
    contents = ("TOC", {}, ("Caption", here, "Indhold"), ("TOCI", here, "Job 4"))
    assert Made(contents, CHAPTER).read(tmp_path).contents == ["Job 4"]


@pytest.mark.parametrize("before", [("H2", {}, "Om tallene"), ("P", {}, "Ord")])
def test_contents_without_a_heading_of_their_own_take_no_other_away(before: Node, tmp_path: Path) -> None:
    reading = Made(CHAPTER, before, ("TOC", {}, ("TOCI", {}, "x")), ("H1", {}, "2 Job")).read(tmp_path)
    assert [block.text for block in reading.blocks] == ["1 Virkning", before[2], "2 Job"]
    assert [block.chapter for block in reading.blocks] == [1, 1, 2]


def test_the_number_of_a_heading_stands_apart_from_its_words_and_a_text_s_pieces_do_not(tmp_path: Path) -> None:
    reading = Made(("H1", {}, ("Lbl", {}, "borte"), "2.1", "Ordene"), ("P", {}, "a", "b")).read(tmp_path)
    assert said(reading) == [(Role.HEADING, "2.1 Ordene"), (Role.TEXT, "ab")]


def test_what_is_empty_is_no_block(tmp_path: Path) -> None:
    assert said(Made(CHAPTER, ("P", {}), ("P", {}, " "), ("Div", {})).read(tmp_path)) == [(Role.HEADING, "1 Virkning")]


def test_a_word_broken_at_a_line_s_end_is_whole_again(tmp_path: Path) -> None:
    """The rest of it is content of its own, on a new line or a new page."""
    made = Made(CHAPTER, ("P", {}, "beskaef-", "tigelse"), ("P", {}, "1-", "2"), ("P", {}, "ab", "cd"))
    assert [text for _, text in said(made.read(tmp_path))[1:]] == ["beskaeftigelse", "1-2", "abcd"]


def test_a_block_is_on_the_page_of_its_first_words(tmp_path: Path) -> None:
    made = Made(
        CHAPTER,
        ("P", {"page": 1}, "to"),
        ("Div", {"page": 2}, ("P", {}, "tre"), ("P", {"page": 0}, "en"), ("Div", {}, ("P", {}, "tre"))),
        ("P", {"page": 1, "apart": True}, "to"),
        ("P", {"page": 1}, ("Span", {"page": 2}, "tre"), ("Span", {}, "to")),
        pages=3,
    )
    blocks = made.read(tmp_path).blocks
    number = {"1 Virkning": 1, "en": 1, "to": 2, "tre": 3, "treto": 3}
    assert [block.text for block in blocks[1:]] == ["to", "tre", "en", "tre", "to", "treto"]
    assert [block.page for block in blocks[1:]] == [number[block.text] for block in blocks[1:]]


def test_a_figure_is_its_words_for_the_blind_and_what_is_drawn_in_it(tmp_path: Path) -> None:
    picture = (
        "Figure",
        {"alt": "Kurven stiger.", "page": 1},
        "40\n20",
        ("Span", {}, "uger"),
        ("Artifact", {}, "borte"),
    )
    other = ("Figure", {}, " ")
    blocks = Made(CHAPTER, picture, ("P", {}, "Ord"), other, pages=2).read(tmp_path).blocks
    assert [(block.role, block.text, block.float) for block in blocks[1:]] == [
        (Role.ALT, "Kurven stiger.", 1),
        (Role.DRAWN, "40", 1),
        (Role.DRAWN, "20", 1),
        (Role.DRAWN, "uger", 1),
        (Role.TEXT, "Ord", 0),
        (Role.ALT, "", 2),
    ]  # fmt: skip
    assert [block.page for block in blocks] == [1, 2, 2, 2, 2, 1, 1]
    assert {block.chapter for block in blocks} == {1}


def test_a_figure_within_a_text_tells_its_labels_apart(tmp_path: Path) -> None:
    reading = Made(CHAPTER, ("P", {}, "a", ("Figure", {}, "b"), "c")).read(tmp_path)
    assert said(reading)[1:] == [(Role.TEXT, "abc")]


def test_one_root_is_read_as_a_list_of_one(tmp_path: Path) -> None:
    made = Made(("Document", {}, CHAPTER, ("P", {}, "Ord")), one_root=True)
    assert said(made.read(tmp_path)) == [(Role.HEADING, "1 Virkning"), (Role.TEXT, "Ord")]


def test_a_file_without_tags_is_refused_by_its_name(tmp_path: Path) -> None:
    made = Made(CHAPTER)
    del made.pdf.Root["/StructTreeRoot"]
    with pytest.raises(NotTaggedError, match=r"side\.pdf is not tagged"):
        made.read(tmp_path)


def test_what_an_element_has_under_a_key() -> None:
    child, other = Dictionary(S=Name.P), Dictionary(Type=Name.MCR, MCID=3)
    assert listed(Dictionary(), "/K") == []
    assert listed(Dictionary(K=4), "/K") == [4]
    assert listed(Dictionary(K=Array([4, 5])), "/K") == [4, 5]
    assert elements(Dictionary(K=Array([4, child, other]))) == [child]

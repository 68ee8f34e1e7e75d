"""Which block each element of a page becomes, in which chapter, and what stands beside them: of pages made here."""

from __future__ import annotations

import pytest

from reportlib.numbers.blocks import Reading, Role, bare_heading, read_html, tidy

CHAPTER = "<h2>1 Virkning</h2>"


def said(page: str) -> list[tuple[Role, str]]:
    return [(block.role, block.text) for block in read_html(page).blocks]


@pytest.mark.parametrize(
    ("tag", "role"),
    [
        ("p", Role.TEXT),
        ("li", Role.TEXT),
        ("dt", Role.TEXT),
        ("dd", Role.TEXT),
        ("figcaption", Role.CAPTION),
        ("td", Role.CELL),
        ("th", Role.HEADER),
        ("blockquote", Role.TEXT),
        *((f"h{level}", Role.HEADING) for level in range(2, 7)),
    ],
)
def test_each_element_of_a_text_is_a_block_of_its_role(tag: str, role: Role) -> None:
    blocks = read_html(f"{CHAPTER}<div><{tag}>Or<b>de</b>ne</{tag}></div><p>Mere</p>").blocks
    assert [(block.role, block.text) for block in blocks[1:]] == [(role, "Ordene"), (Role.TEXT, "Mere")]
    level = int(tag[1]) - 1 if role is Role.HEADING else 0
    assert (blocks[1].level, blocks[1].chapter) == (level, 2 if level == 1 else 1)


def test_the_title_is_of_the_cover_and_begins_no_chapter() -> None:
    blocks = read_html(f"<h1>Rapporten</h1><p>Ord</p>{CHAPTER}<h3>1.1 Job</h3><h2>2 Mere</h2><p>Ord</p>").blocks
    assert [block.role for block in blocks] == [Role.COVER, Role.TEXT, *[Role.HEADING] * 3, Role.TEXT]
    assert [block.chapter for block in blocks] == [0, 0, 1, 1, 2, 2]
    assert [block.level for block in blocks] == [0, 0, 1, 2, 1, 0]


@pytest.mark.parametrize(
    ("page", "roles"),
    [
        ('<header class="forside stor"><p>a</p><h2>b</h2></header><p>c</p>', "cover heading text"),
        ('<header><p>a</p></header>', "text"),
        ('<header class="andet"><p>a</p></header>', "text"),
        ('<div class="forside"><p>a</p></div>', "text"),
        ('<footer class="bund"><p>a</p></footer><p>c</p>', "cover text"),
        ('<footer><p>a</p></footer>', "text"),
        ('<div class="bund"><p>a</p></div>', "text"),
        ('<p>c</p><section class="footnotes"><ol><li>a</li></ol></section>', "text note"),
        ('<section class="kapitel"><p>a</p></section>', "text"),
        ('<div class="footnotes"><p>a</p></div>', "text"),
        ('<table><tr><th scope="row">a</th><th scope="rowgroup">b</th><th scope="col">c</th></tr></table>',
         "cell cell header"),
    ],
)  # fmt: skip
def test_where_an_element_stands_says_what_it_is(page: str, roles: str) -> None:
    assert " ".join(role for role, _ in said(page)) == roles


@pytest.mark.parametrize("tag", ["script", "style", "head", "nav", "details", "pre"])
def test_what_is_no_text_of_the_page_is_not_read(tag: str) -> None:
    assert said(f"<{tag}><p>borte</p></{tag}><p>Ord</p>") == [(Role.TEXT, "Ord")]


@pytest.mark.parametrize("name", ["om", "talspor", "spring", "kun-oplaest", "footnote-ref"])
def test_what_is_beside_the_text_is_not_read(name: str) -> None:
    page = f'<p>for<span class="x {name}"><b>borte</b></span>efter</p><p class="{name}">borte</p><p class="ny">Ord</p>'
    assert said(page) == [(Role.TEXT, "forefter"), (Role.TEXT, "Ord")]


@pytest.mark.parametrize("tag", ["br", "img", "input", "hr", "meta", "link", "wbr", "col", "area", "source", "base"])
@pytest.mark.parametrize("end", ["", " /"])
def test_an_element_that_holds_nothing_ends_nothing(tag: str, end: str) -> None:
    between = " " if tag == "br" else ""
    assert said(f"<p>for<{tag}{end}>efter</p><p>Ord</p>") == [(Role.TEXT, f"for{between}efter"), (Role.TEXT, "Ord")]


@pytest.mark.parametrize("tag", ["embed", "track"])
def test_so_does_what_is_embedded(tag: str) -> None:
    assert said(f"<p>for<{tag}>efter</p><p>Ord</p>") == [(Role.TEXT, "forefter"), (Role.TEXT, "Ord")]


def test_a_picture_is_its_words_for_the_blind_and_what_is_drawn_in_it() -> None:
    drawn = '<svg aria-label="Kurven stiger."><g><text>40</text><title>borte</title></g><text>uger</text></svg>'
    plain = '<p><img alt="Et kort." src="x"></p>'
    hidden = '<svg aria-hidden="true" aria-label="borte"><text>x</text></svg><img alt="">'
    blocks = read_html(f"{CHAPTER}{drawn}<p>Ord</p>{plain}{hidden}<p>Efter</p><h2>2 Job</h2>").blocks
    assert [(block.role, block.text, block.float, block.chapter) for block in blocks[1:]] == [
        (Role.ALT, "Kurven stiger.", 1, 1),
        (Role.DRAWN, "40", 1, 1),
        (Role.DRAWN, "uger", 1, 1),
        (Role.TEXT, "Ord", 0, 1),
        (Role.ALT, "Et kort.", 2, 1),
        (Role.TEXT, "Efter", 0, 1),
        (Role.HEADING, "2 Job", 0, 2),
    ]


def test_a_picture_in_what_is_not_read_is_not_read() -> None:
    page = '<details><svg aria-label="borte"><text>40</text></svg></details><p>Ord</p>'
    assert said(page) == [(Role.TEXT, "Ord")]


def test_a_block_within_a_block_is_one_of_its_own() -> None:
    assert said("<ul><li>a<p>b</p>c</li></ul>") == [(Role.TEXT, "b"), (Role.TEXT, "ac")]
    assert said("<p> </p><p>\u00a0</p><p></p>") == [(Role.TEXT, "\u00a0")] or said("<p> </p>") == []


def test_the_contents_the_words_behind_numbers_and_the_tables_behind_figures_stand_beside() -> None:
    page = (
        '<nav class="indhold"><a href="#a">1 <b>Virkning</b></a><p>ej</p><a href="#b">2 Job</a></nav>'
        '<nav class="top"><a href="#c">Forside</a></nav>'
        '<p><button class="tal" id="tal-7">40</button><span class="om">Andel <b>i job</b></span>'
        '<span class="tal" id="andet-8">50</span> og <a href="#x">mere</a></p>'
        '<details class="figurdata"><table><tr><td>Uge 1</td><td>40</td></tr></table></details>'
        '<details class="andet"><p>borte</p></details>'
    )
    reading = read_html(page)
    assert list(reading.contents) == ["1 Virkning", "2 Job"]
    assert reading.cards == {7: "Andel i job"}
    assert list(reading.data) == ["Uge 1 40"]
    assert reading.kind == "html"
    assert [block.text for block in reading.blocks] == ["4050 og mere"]


def test_words_behind_no_number_are_kept_nowhere() -> None:
    assert read_html('<p>a<span class="om">b</span></p>').cards == {}


def test_an_element_that_is_never_closed_ends_with_what_holds_it() -> None:
    assert said("<div><p>a<b>b</div><p>c</p>") == [(Role.TEXT, "ab"), (Role.TEXT, "c")]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("be-\nskæftigelse", "beskæftigelse"), ("be\u00ad\nskæftigelse", "beskæftigelse"),
        ("be\u2010\nskæftigelse", "beskæftigelse"), ("1-\n2", "1- 2"), ("a -\nb", "a - b"),
        (" a \t\r\n b\u2002c\u200ad\u202fe ", "a b c d e"), ("a\u00a0b", "a\u00a0b"),
        ("be\u00adskæftigelse", "be-skæftigelse"),
    ],
)  # fmt: skip
def test_a_text_is_on_one_line_with_its_broken_words_whole(text: str, printed: str) -> None:
    assert tidy(text) == printed


def test_chapters_are_told_without_their_numbers() -> None:
    page = "<h1>Rapport</h1><h2>1 Virkning</h2><h3>1.1 Job</h3><h2>Bilag</h2><p>2 ord</p>"
    assert read_html(page).chapter_titles() == ["Virkning", "Bilag"]
    assert [bare_heading(text) for text in ("3.1 Hvor længe", "12 Job", "3.1.2  To", "2013-tal", "Job 3")] == [
        "Hvor længe", "Job", "To", "2013-tal", "Job 3",
    ]  # fmt: skip
    assert Reading("pdf", []).chapter_titles() == []

"""What a page's content says and where, by the PDF standard's own rules and arithmetic by hand, of pages made here.

The font has `a` 500, `b` 600 and `c` 400 thousandths of its size wide, every other sign 1,000 (or what `/DW` says).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from reportlib.numbers.read_pdf import joined, page_runs

SIGNS = "abcdefg"
TO_UNICODE = (
    b"1 beginbfchar <0001> <0061> endbfchar "
    b"2 beginbfrange <0002> <0003> <0062> <0004> <0007> [<0064> <0065> <0066> <0067>] endbfrange"
)


def code(text: str) -> str:
    """`abc` as a string of two-byte codes."""
    return "<" + "".join(f"{SIGNS.index(sign) + 1:04x}" for sign in text) + ">"


@contextmanager
def page(content: str, *, usual: int | None = None, form: str = "") -> Iterator[pikepdf.Page]:
    pdf = pikepdf.new()
    inner = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType2, W=Array([1, Array([500, 600]), 3, 3, 400]))
    if usual is not None:
        inner.DW = usual
    font = Dictionary(Type=Name.Font, Subtype=Name.Type0, DescendantFonts=Array([inner]))
    font.ToUnicode = pdf.make_stream(TO_UNICODE)
    resources = Dictionary(Font=Dictionary(F=font))
    if form:
        drawn = pdf.make_stream(form.encode(), Subtype=Name.Form)
        resources.XObject = Dictionary(X=drawn)
    made = pdf.add_blank_page(page_size=(600, 800))
    made.obj.Resources = resources
    made.obj.Contents = pdf.make_stream(content.encode())
    yield made
    pdf.close()


def page_text(made: pikepdf.Page, *, apart: frozenset[int]) -> dict[int, str]:
    return {number: joined(runs, apart=number in apart) for number, runs in page_runs(made).items()}


def page_heights(made: pikepdf.Page) -> list[float]:
    return [run.height for runs in page_runs(made).values() for run in runs]


def of_values(read: Callable[..., Any], made: pikepdf.Page, **options: Any) -> Any:
    """What is read; an error without its frames, whose objects of the file must not be looked at once it is gone."""
    try:
        return read(made, **options)
    except Exception as error:
        raise AssertionError(repr(error)) from None


def text_of(content: str, *, apart: bool = False, usual: int | None = None, form: str = "") -> dict[int, str]:
    with page(content, usual=usual, form=form) as made:
        return of_values(page_text, made, apart=frozenset({0}) if apart else frozenset())


def marked(*runs: str, number: int = 0) -> str:
    return f"/P <</MCID {number}>> BDC BT /F 10 Tf {' '.join(runs)} ET EMC"


def at(x: float, y: float, text: str) -> str:
    return f"1 0 0 1 {x} {y} Tm {code(text)} Tj"


@pytest.mark.parametrize(
    ("first", "ends", "usual"),
    [("a", 5.0, None), ("ab", 11.0, None), ("c", 4.0, None), ("ag", 15.0, None), ("ag", 7.0, 200), ("d", 10.0, None)],
)
@pytest.mark.parametrize(("gap", "between"), [(0.0, ""), (1.1, ""), (1.3, " ")])
def test_a_gap_wider_than_an_eighth_of_the_size_is_a_space(
    first: str, ends: float, usual: int | None, gap: float, between: str
) -> None:
    found = text_of(marked(at(100, 50, first), at(100 + ends + gap, 50, "c")), usual=usual)
    assert found == {0: f"{first}{between}c"}


@pytest.mark.parametrize(
    ("gap", "high", "apart", "between"),
    [
        (5.9, 0.0, True, " "),
        (6.1, 0.0, True, "\n"),
        (6.1, 0.0, False, " "),
        (-1.1, 0.0, True, ""),
        (-1.3, 0.0, True, "\n"),
        (-1.3, 0.0, False, ""),
        (0.0, 0.9, False, ""),
        (0.0, 1.1, False, "\n"),
        (0.0, -1.1, False, "\n"),
    ],
)
def test_what_stands_apart_on_a_line_or_higher_is_a_line_of_its_own(
    gap: float, high: float, apart: bool, between: str
) -> None:
    assert text_of(marked(at(100, 50, "a"), at(105 + gap, 50 + high, "b")), apart=apart) == {0: f"a{between}b"}


def test_kerning_within_a_run_moves_what_follows_and_parts_nothing() -> None:
    run = f"1 0 0 1 100 50 Tm [{code('a')} -300 {code('b')} 100 {code('c')}] TJ"  # 5 + 3 + 6 - 1 + 4 = 17 wide
    assert text_of(marked(run, at(118.1, 50, "d"))) == {0: "abcd"}
    assert text_of(marked(run, at(118.3, 50, "d"))) == {0: "abc d"}


def test_a_larger_matrix_makes_larger_signs_and_larger_gaps() -> None:
    twice = f"2 0 0 2 100 50 Tm {code('a')} Tj"  # ten wide
    assert text_of(marked(twice, at(111.3, 50, "b")))[0] == "ab"  # 1.3 of 20
    assert text_of(marked(twice, at(112.5, 50, "b")))[0] == "a b"


@pytest.mark.parametrize("move", ["Td", "TD"])
def test_a_move_goes_on_from_the_line_before_and_a_new_text_begins_anew(move: str) -> None:
    words = f"1 0 0 1 100 50 Tm {code('a')} Tj 5 0 {move} {code('b')} Tj 0 -14 {move} {code('c')} Tj"
    assert text_of(marked(words)) == {0: "ab\nc"}
    assert text_of(marked(f"1 0 0 1 100 50 Tm {code('a')} Tj 9 0 {move} {code('b')} Tj")) == {0: "a b"}
    with page(marked(words, "ET BT", f"7 3 {move} {code('d')} Tj")) as made:
        assert of_values(page_heights, made) == [50.0, 50.0, 36.0, 3.0]


def test_a_moved_page_is_moved_until_it_is_given_back() -> None:
    inner = f"q 1 0 0 1 0 30 cm {marked(at(10, 5, 'a'))} Q Q {marked(at(10, 5, 'b'), number=1)}"
    with page(f"q 2 0 0 2 0 100 cm {inner}") as made:
        assert of_values(page_heights, made) == [100 + 2 * (30 + 5), 5.0]  # the second Q gives back the page as it was


def test_the_font_and_its_size_are_given_back_too() -> None:
    small = f"q /F 2 Tf {marked(at(10, 5, 'a')).replace('/F 10 Tf', '')} Q"
    large = marked(at(100, 5, "a"), at(106.1, 5, "b"), number=1).replace("/F 10 Tf", "")
    assert text_of(f"/F 10 Tf {small} {large}") == {0: "a", 1: "ab"}


def test_what_is_no_part_of_the_text_is_left_out_and_what_is_within_a_part_belongs_to_it() -> None:
    inside = f"/Span <</Lang (da)>> BDC BT /F 10 Tf {at(15, 50, 'b')} ET EMC"
    plain = f"/Span BMC BT /F 10 Tf {at(21, 50, 'c')} ET EMC"
    number = "/Artifact BMC BT /F 10 Tf 1 0 0 1 10 9 Tm <0001> Tj ET EMC"
    foot = "/Artifact <</Type /Pagination>> BDC BT /F 10 Tf 1 0 0 1 10 9 Tm <0001> Tj ET EMC"
    outside = "BT /F 10 Tf 1 0 0 1 10 700 Tm <0001> Tj ET"
    more = [f"BT /F 10 Tf {at(x, 50, sign)} ET" for x, sign in ((25, "e"), (35, "f"), (45, "g"))]
    within = f"{inside} {plain} {more[0]} {number} {more[1]} {foot} {more[2]}"
    first = f"/P <</MCID 0>> BDC BT /F 10 Tf {at(10, 50, 'a')} ET {within} EMC"
    assert text_of(f"{first} {outside} {marked(at(10, 20, 'd'), number=7)} EMC {outside}") == {0: "abcefg", 7: "d"}


def test_content_that_names_nothing_and_lies_in_nothing_is_no_text() -> None:
    """What begins with properties but no identifier, and an end too many, at the head of a page."""
    nameless = f"/Span <</Lang (da)>> BDC BT /F 10 Tf {at(10, 700, 'a')} ET EMC EMC"
    assert text_of(f"{nameless} {marked(at(10, 50, 'b'))} /Span BMC BT /F 10 Tf {at(10, 9, 'c')} ET EMC") == {0: "b"}


def test_a_form_is_read_where_it_is_drawn_and_leaves_the_page_s_own_text_as_it_was() -> None:
    content = f"/P <</MCID 0>> BDC q 1 0 0 1 0 40 cm /X Do Q BT /F 10 Tf {at(10, 8, 'b')} ET EMC"
    form = f"BT /F 20 Tf {at(10, 2, 'a')} ET"
    assert text_of(content, form=form) == {0: "a\nb"}
    with page(content, form=form) as made:
        assert of_values(page_heights, made) == [42.0, 8.0]

"""Figures, tables and sections are numbered alike in both formats, and what does not fit is an error with its place."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from reportlib.engine.pandoc import Converted, MarkdownProblemError
from reportlib.engine.qmd import UnsupportedFeatureError

Convert = Callable[[str], Converted]

FIGURE = '![Timer pr. uge](figs/{0}.svg){{#fig-{0} fig-alt="Kurven stiger"}}\n\n'
TABLE = "| A | B |\n|:--|--:|\n| x | 1 |\n\n: Andel {{#tbl-{0}}}\n\n"


def problem(converted: Convert, markdown: str) -> str:
    with pytest.raises(MarkdownProblemError) as caught:
        converted(markdown)
    return caught.value.message


def text_of(html: str) -> str:
    body = html.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body).replace("\u00a0", " "))


def test_figures_and_tables_are_counted_apart_in_document_order(converted: Convert) -> None:
    text = FIGURE.format("a") + TABLE.format("a") + FIGURE.format("b") + "@fig-b, @fig-a, @tbl-a"
    assert "Figur 2, Figur 1, Tabel 1" in text_of(converted(text).texts["html"])


def test_a_caption_carries_its_number_in_html(converted: Convert) -> None:
    html = text_of(converted(FIGURE.format("a") + TABLE.format("a")).texts["html"])
    assert "Figur 1: Timer pr. uge" in html and "Tabel 1: Andel" in html


def test_a_reference_in_html_links_to_what_it_names(converted: Convert) -> None:
    html = converted(FIGURE.format("a") + "Jf. @fig-a").texts["html"]
    assert re.search(r'Jf\. <a href="#fig-a" class="quarto-xref">Figur\xa01</a>', html)
    assert 'id="fig-a"' in html


def test_a_reference_in_typst_is_typst_s_own(converted: Convert) -> None:
    typst = converted(FIGURE.format("a") + "Jf. @fig-a").texts["typst"]
    assert "Jf. #ref(<fig-a>, supplement: [Figur])" in typst
    assert "<fig-a>" in typst.partition("#ref")[0]


def test_a_figure_inside_a_box_is_counted(converted: Convert) -> None:
    text = f'::: {{.boks title="T"}}\n{FIGURE.format("a")}:::\n\n{FIGURE.format("b")}@fig-b'
    assert text_of(converted(text).texts["html"]).endswith("Figur 2 ")


def test_a_forward_reference_resolves(converted: Convert) -> None:
    assert "Se Figur 1" in text_of(converted("Se @fig-a\n\n" + FIGURE.format("a")).texts["html"])


def test_section_references_give_the_heading_s_number_and_pass_over_unnumbered_ones(converted: Convert) -> None:
    text = "# En\n\n# Forord {.unnumbered}\n\n# To\n\n## Under\n\n## Her {#sec-her}\n\nSe @sec-her."
    result = converted(text)
    assert "Se Afsnit 2.2." in text_of(result.texts["html"])
    assert '<span class="nr">2.2</span>' in result.texts["html"]
    assert "#ref(<sec-her>, supplement: [Afsnit])" in result.texts["typst"]


def test_several_references_in_brackets_are_listed(converted: Convert) -> None:
    text = FIGURE.format("a") + FIGURE.format("b") + "Se [@fig-a; @fig-b]"
    assert "Se Figur 1, Figur 2" in text_of(converted(text).texts["html"])


def test_a_reference_with_a_minus_gives_the_number_alone(converted: Convert) -> None:
    result = converted(FIGURE.format("a") + "Figurerne [-@fig-a] og frem")
    assert "Figurerne 1 og frem" in text_of(result.texts["html"])
    assert "#ref(<fig-a>, supplement: [])" in result.texts["typst"]


def test_own_words_before_a_reference_replace_the_usual_one(converted: Convert) -> None:
    result = converted(FIGURE.format("a") + "Se [diagram @fig-a].")
    assert "Se diagram 1." in text_of(result.texts["html"])
    assert "supplement: [diagram]" in result.texts["typst"]


def test_an_e_mail_address_is_not_a_reference(converted: Convert) -> None:
    assert "post@kommune.dk" in text_of(converted("Skriv til post@kommune.dk.").texts["html"])


def test_a_reference_to_nothing_is_an_error_with_its_line(converted: Convert) -> None:
    assert problem(converted, "En\n\nSe @fig-nej.") == "a.qmd:3: the reference @fig-nej points to nothing"


def test_a_reference_to_a_heading_without_a_number_is_an_error(converted: Convert) -> None:
    message = problem(converted, "# Forord {#sec-forord .unnumbered}\n\nSe @sec-forord.")
    assert message == "a.qmd:3: the reference @sec-forord points to something without a number"


def test_every_problem_is_reported_at_once(converted: Convert) -> None:
    assert len(problem(converted, "@fig-a\n\n@fig-b").split("\n")) == 2


def test_a_citation_is_an_error_that_names_the_other_engine(converted: Convert) -> None:
    message = problem(converted, "Se @Hansen2010.")
    assert message.startswith("a.qmd:1: ") and "--engine quarto" in message


def test_one_identifier_for_two_figures_is_an_error_with_both_lines(converted: Convert) -> None:
    message = problem(converted, FIGURE.format("a") + FIGURE.format("a"))
    assert message == "a.qmd:1, a.qmd:3: the identifier #fig-a is used twice"


def test_one_identifier_for_two_headings_is_an_error_with_its_line(converted: Convert) -> None:
    message = problem(converted, "# En {#sec-a}\n\n# To {#sec-a}")
    assert "a.qmd:3: Duplicate identifier 'sec-a'" in message


def test_a_link_to_nothing_is_an_error_with_its_line(converted: Convert) -> None:
    assert problem(converted, "\n[her](#intet)") == "a.qmd:2: the link #intet points to nothing"


def test_a_picture_without_alternative_text_is_an_error_with_its_line(converted: Convert) -> None:
    for picture in ("![](figs/a.svg)", '![Timer](figs/a.svg){#fig-a fig-alt=""}'):
        message = problem(converted, f"A\n\n{picture}")
        assert message.startswith("a.qmd:3: the picture figs/a.svg has no alternative text")


def test_a_figure_without_a_caption_is_an_error(converted: Convert) -> None:
    message = problem(converted, '![](figs/a.svg){#fig-a fig-alt="Stiger"}')
    assert message == "a.qmd:1: the figure #fig-a has no caption"


def test_a_table_without_a_caption_has_no_number_and_one_with_an_identifier_is_an_error(converted: Convert) -> None:
    rows = "| A | B |\n|:--|--:|\n| x | 1 |\n"
    written = converted(f"{rows}\n{rows}\n: To {{#tbl-a}}\n")
    assert "Tabel\u00a01:" in written.texts["html"] and written.texts["html"].count("<figcaption>") == 1
    message = problem(converted, "::: {#tbl-a .list-table}\n- - A\n  - B\n- - x\n  - 1\n:::\n")
    assert message == "a.qmd:1: the table #tbl-a has no caption"


def test_a_box_can_be_referred_to(converted: Convert) -> None:
    box = '::: {{#boks-{} .boks title="Vilkår"}}\nTekst\n:::\n\n'
    written = converted(box.format("a") + box.format("b") + "Se @boks-b.\n")
    assert '<a href="#boks-b" class="quarto-xref">Boks\u00a02</a>' in written.texts["html"]
    assert (
        '<div id="boks-b" class="boks"' in written.texts["html"] and "#link(<boks-b>)[Boks~2]" in written.texts["typst"]
    )
    assert "the identifier #boks-a is used twice" in problem(converted, box.format("a") * 2)


def test_a_div_that_is_never_closed_is_an_error_with_its_line(converted: Convert) -> None:
    message = problem(converted, 'En\n\n::: {.boks title="T"}\n\nTo\n')
    assert "a.qmd:3" in message and "unclosed" in message


def test_a_figure_in_quarto_s_div_form_is_a_figure(converted: Convert) -> None:
    text = '::: {#fig-a}\n![](figs/a.svg){fig-alt="Stiger"}\n\nTimer\n:::\n\nSe @fig-a.\n'
    assert "Figur 1: Timer" in text_of(converted(text).texts["html"])


def test_a_div_that_is_no_figure_is_an_error(converted: Convert) -> None:
    with pytest.raises(UnsupportedFeatureError, match="a.qmd:1: the Div #fig-a"):
        converted("::: {#fig-a}\n- Timer\n:::\n")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("::: {.noegletal}\nIngen liste\n:::", "a.qmd:2: a .noegletal Div holds one bullet list"),
        ("::: {.columns}\n::: {.column}\nEt\n:::\n\nMellemting\n:::", "a.qmd:6: a .columns Div holds .column Divs"),
    ],
)
def test_a_form_of_the_theme_that_holds_something_else_is_told_where(
    converted: Convert, text: str, wanted: str
) -> None:
    with pytest.raises(MarkdownProblemError, match=wanted):
        converted(text)


def test_metadata_lifted_by_the_filters_comes_back_as_text(converted: Convert) -> None:
    result = converted('::: {.forside title="A *b*" dato-iso="2017-05-31" stamp="s;\'x\'"}\n:::\n')
    assert (result.metadata["dato-iso"], result.metadata["stamp"]) == ("2017-05-31", "s;'x'")

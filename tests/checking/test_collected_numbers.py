"""Every number of a document's Markdown, wherever it stands: a digit at each place of each kind of line."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reportlib.numbers.collect import Collected, collect
from reportlib.text.origin import Kind

SPAN = '[{}]{{.tal key="job.{}"}}'
ONE, TWO = SPAN.format(41, "a"), SPAN.format("4,2 pct.", "b")


def read(*lines: str) -> Collected:
    return collect((line, f"a.qmd:{at}") for at, line in enumerate(lines, 1))


def found(*lines: str) -> list[tuple[str, str, str]]:
    """Each number, where it stands, and `row`, `typed` or `reference`."""
    kinds = {Kind.TEXT: "typed", Kind.REFERENCE: "reference"}
    return [(one.text, one.place, kinds.get(one.origin.kind, "row")) for one in read(*lines).numbers]


def typed(place: str, *texts: str) -> list[tuple[str, str, str]]:
    return [(text, place, "typed") for text in texts]


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("{}", "text"),
        ("- {}", "text"),
        ("> {}", "text"),
        ("*{}*", "text"),
        ("## {}", "heading"),
        ("[^a]: {}", "note"),
        ("| {} |", "table"),
        (": {} {{#tbl-a}}", "caption"),
        ("![{}](a.svg){{#fig-a}}", "caption"),
        ('::: {{.boks title="{}"}}', "title"),
        ('![](a.svg){{#fig-a fig-alt="{}"}}', "alt"),
        ("En note^[{}] her", "note"),
    ],
)
@pytest.mark.parametrize("words", ["7 borgere", "de 7 borgere", "borgere: 7", "7", "7 af 89 borgere"])
def test_a_typed_number_is_found_wherever_it_stands_in_a_line(line: str, place: str, words: str) -> None:
    digits = [word for word in words.split() if word.isdigit()]
    assert found(line.format(words)) == typed(place, *digits)


@pytest.mark.parametrize(
    ("line", "place"),
    [("{}", "text"), ("- {}", "text"), ("[^a]: {}", "note"), ("| {} |", "table"), (": {} {{#tbl-a}}", "caption")],
)
def test_numbers_of_rows_keep_their_order_among_typed_ones(line: str, place: str) -> None:
    numbers = found(line.format(f"7 og {ONE} uger, 8 {TWO} 9"))
    typed_and_row = [("7", "typed"), ("41", "row"), ("8", "typed"), ("4,2 pct.", "row"), ("9", "typed")]
    assert numbers == [(text, place, kind) for text, kind in typed_and_row]


def test_a_number_knows_the_word_after_it_its_line_and_what_it_stands_under() -> None:
    numbers = read("# Et", f"{ONE} borgere", "# To", "## Afsnit", f"og {ONE}, {TWO} *uger*").numbers
    told = [(one.text, one.after, one.chapter, one.section, one.line, one.nr) for one in numbers]
    assert told == [
        ("41", "borgere", 1, "", "a.qmd:2", 1),
        ("41", "", 2, "Afsnit", "a.qmd:5", 2),
        ("4,2 pct.", "", 2, "Afsnit", "a.qmd:5", 3),
    ]
    assert read("# Et", f"## {ONE} borgere", "# To *her*").chapters == ["Et", "To her"]


def test_a_heading_s_number_is_not_counted_for_its_words_are_repeated() -> None:
    numbers = read(f"## {ONE} borgere", f"{TWO}").numbers
    assert [(one.text, one.nr) for one in numbers] == [("41", None), ("4,2 pct.", 1)]


LABELLED = ["# Et {#sec-et}", "## Under {#sec-under}", "# Uden nummer {.unnumbered}", "# To {#sec-to}"]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("sec-et", "1"), ("sec-under", "1.1"), ("sec-to", "2"), ("fig-a", "1"), ("fig-b", "2"), ("tbl-a", "1"),
        ("boks-a", "1"), ("boks-b", "2"), ("eq-a", "1"),
    ],
)  # fmt: skip
def test_a_reference_prints_the_number_of_what_it_names(name: str, number: str) -> None:
    lines = [
        *LABELLED, "![En](a.svg){#fig-a}", "![To](b.svg){#fig-b}", "| a |", ": Ord {#tbl-a}",
        "::: {.boks #boks-a}", "### Titel", "Ord", ":::", "::: {.boks #boks-b}", "Ord", ":::", "$$x$$ {#eq-a}",
    ]  # fmt: skip
    own = found(*lines)
    assert found(*lines, f"Se @{name}, side 9.")[len(own) :] == [(number, "text", "reference"), ("9", "text", "typed")]
    assert found(*lines, "Se @fig-nej og a@fig-a.dk")[len(own) :] == []


def test_what_figures_and_tables_are_called_and_which_file_a_figure_is() -> None:
    made = read("# Et", "![En](figs/a.svg){#fig-a}", "| a |", ": Ord {#tbl-a}")
    assert made.floats == {"fig-a": "Figur 1", "tbl-a": "Tabel 1"}
    assert made.pictures == {"fig-a": (1, "figs/a.svg")}


@pytest.mark.parametrize(("between", "inside"), [([], "tbl-a"), ([""], "tbl-a"), (["Ord"], "")])
def test_rows_belong_to_the_caption_below_them_which_is_read_before_them(between: Sequence[str], inside: str) -> None:
    numbers = read("Før 1", "| a | 2 |", "| b | 3 |", *between, ": Tabel fra 2017 {#tbl-a}").numbers
    told = [(one.text, one.float) for one in numbers]
    rows = [("2", inside), ("3", inside)]
    caption = [("2017", "tbl-a")]
    assert told == [("1", ""), *(caption + rows if inside else rows + caption)]


@pytest.mark.parametrize("fence", ["```", "~~~", "  ```python", "````"])
def test_code_holds_no_numbers_and_goes_on_to_its_own_end(fence: str) -> None:
    assert found(fence, "x = 7", "```" if fence == "````" else "``", "8", fence.replace("python", ""), "9") == typed(
        "text", "9"
    )


def test_a_block_of_html_is_a_table_but_for_its_style() -> None:
    lines = ["```{=html}", "<style>", "p { margin: 7px; }", "</style>", "<td>8</td><td>&lt;9</td>", "```", "3"]
    assert found(*lines) == [*typed("table", "8", "9"), *typed("text", "3")]


def test_notes_and_formulas_go_on_over_lines() -> None:
    assert found("Ord^[En note med 7", "og 8] og 9") == [
        ("7", "note", "typed"),
        ("9", "text", "typed"),
        ("8", "note", "typed"),
    ]
    assert [text for text, *_ in found("$$", "x = 7", "$$", "8")] == ["7", "8"]
    assert found("Ord^[En note", "", "8") == typed("text", "8")


def test_markup_is_no_number() -> None:
    lines = ["1. Først", "2) Så", "[her](https://a.dk/2017)", "Ord[^1] her", "[Ord]{.a1}", "::: {.kol-2}", ":::"]
    assert found(*lines) == []


def test_a_picture_over_several_lines_is_one() -> None:
    made = read("![En tekst fra 2017", "og mere](a.svg){#fig-a", 'fig-alt="I alt 7"}', "", "Ord 8")
    assert [(one.text, one.place, one.float) for one in made.numbers] == [
        ("2017", "caption", "fig-a"), ("7", "alt", "fig-a"), ("8", "text", ""),
    ]  # fmt: skip


def test_numbers_in_titles_and_alternative_texts_have_the_origins_written_beside_them() -> None:
    made = read('::: {.boks title="41 uger og 7" tal="41 @0 job.a"}')
    assert [(one.text, one.place, str(one.origin.kind)) for one in made.numbers][1] == ("7", "title", str(Kind.TEXT))
    assert made.numbers[0].origin.kind is not Kind.TEXT
    assert "job.a" not in made.lines[0]
